"""Files to landed looks: read once, recognised, parsed for what they say of themselves, stored."""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl

from config.feeds import Feed
from flows.clock import now
from flows.pipeline.erased import Erased
from flows.pipeline.files import FoundFile, find_files, read_file, shown_path
from flows.pipeline.path_template import PathFacts, PathTemplate, PathTemplateError
from flows.report import Report
from flows.workspace import Workspace
from transforms.parse.entry import Context, Parsed
from transforms.parse.recognise import FORMATS, Format, UnknownFormatError, recognise
from transforms.text import hash_parts
from warehouse.landing import CAPTURE, ORIGIN, REFUSED

_PACKS_WAITING = 6


@dataclass(frozen=True)
class Stated:
    """What the caller says of all given captures; None where nothing is said."""

    feed_id: str | None = None
    kind: str | None = None
    feed_date: date | None = None
    captured_at: datetime | None = None
    layout: PathTemplate | None = None


@dataclass(frozen=True)
class Inputs:
    """Paths to take captures from, and what the caller says of all of them."""

    paths: tuple[Path, ...]
    stated: Stated = Stated()


@dataclass
class Capture:
    """One look in memory: its facts (the columns of the landing), and its body as parsed."""

    facts: dict[str, Any]
    format: Format
    parsed: Parsed
    path: str
    error: str | None = None

    @property
    def capture_id(self) -> str:
        """The look's identity."""
        return str(self.facts["capture_id"])


@dataclass
class LandingState:
    """What the landing held before the run, and what the run has added."""

    captures: set[str]
    origins: set[tuple[str, str, str]]
    refused: set[tuple[str, str]]
    erased: Erased
    seen_in_run: set[str] = field(default_factory=set)
    _writer: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1))
    _writing: list[Future[Path | None]] = field(default_factory=list)

    def write(
        self, workspace: Workspace, kind: str, rows: Sequence[Any], schema: pl.Schema
    ) -> None:
        """Store records beside the work of the run; durable after :meth:`settle`."""
        records = pl.DataFrame(rows, schema=schema, orient="row")
        if len(self._writing) >= _PACKS_WAITING:
            # bodies that wait to be written are held in memory
            self._writing.pop(0).result()
        self._writing.append(self._writer.submit(workspace.landing.write, kind, records))

    def write_captures(self, workspace: Workspace, facts: Sequence[dict[str, Any]]) -> None:
        """Store looks that are new."""
        self.write(workspace, "looks", facts, CAPTURE)
        self.captures |= {str(capture["capture_id"]) for capture in facts}

    def write_origins(self, workspace: Workspace, places: Sequence[tuple[Any, ...]]) -> None:
        """Store where looks were found."""
        self.write(workspace, "origins", places, ORIGIN)

    def flush(self) -> None:
        """Wait until all that was written is durable: before anything is published."""
        for written in self._writing:
            written.result()
        self._writing.clear()

    def close(self) -> None:
        """Let the writing end."""
        self._writer.shutdown()

    @classmethod
    def read(cls, workspace: Workspace) -> "LandingState":
        """Read what is there."""
        origins = workspace.landing.origins().select("capture_id", "origin", "path")
        refused = workspace.landing.refused().select("path", "reason", "blob_id")
        return cls(
            set(workspace.landing.captures()["capture_id"]),
            {tuple(row) for row in origins.iter_rows()},
            {(path, f"{reason}|{blob_id}") for path, reason, blob_id in refused.iter_rows()},
            Erased(workspace.landing),
        )


def read_batches(paths: Iterable[Path], workspace: Workspace) -> Iterator[list[FoundFile]]:
    """Yield the files in batches bounded by their bytes, in a stable order, each read once."""
    batch: list[FoundFile] = []
    size = 0
    for path, reason in find_files(paths):
        if reason:
            batch.append(FoundFile(path, None, None, None, reason))
            continue
        file = read_file(path, workspace.settings.max_file_bytes)
        batch.append(file)
        size += len(file.body or b"")
        if size >= workspace.settings.batch_bytes:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def land(
    files: Iterable[FoundFile],
    stated: Stated,
    workspace: Workspace,
    state: LandingState,
    report: Report,
) -> list[Capture]:
    """Store what is new of a batch of files; return all its distinct looks."""
    captures: dict[str, Capture] = {}
    origins: list[tuple[Any, ...]] = []
    refused: list[tuple[Any, ...]] = []
    for file in files:
        report.captures["seen"] += 1
        examined = examine(file, stated, workspace)
        if isinstance(examined, str):
            _refuse(file, examined, state, report, refused)
            continue
        capture, origin = without_erased(examined[0], state, workspace), examined[1]
        if capture.capture_id in state.seen_in_run or capture.capture_id in captures:
            report.captures["unchanged"] += 1
        else:
            captures[capture.capture_id] = capture
        place = (capture.capture_id, origin, shown_path(file.path.absolute()))
        if place not in state.origins and not state.erased.is_origin(place):
            state.origins.add(place)
            origins.append((*place, now()))
    new = [capture.facts for name, capture in captures.items() if name not in state.captures]
    state.write_captures(workspace, new)
    state.write_origins(workspace, origins)
    state.write(workspace, "refused", refused, REFUSED)
    state.seen_in_run |= captures.keys()
    return list(captures.values())


def examine(file: FoundFile, stated: Stated, workspace: Workspace) -> tuple[Capture, str] | str:
    """Return the look that a file is and its origin, or the reason why it is none."""
    if file.body is None:
        return file.reason or "cannot be read"
    try:
        known = _read_path(file.path, stated)
        stated_feed = known.feed_id or stated.feed_id
        recognised = recognise(file.body, workspace.tables, stated_feed)
    except (UnknownFormatError, PathTemplateError) as error:
        return str(error)
    feed_date = known.feed_date or stated.feed_date
    default = recognised.format.dated_feed_id if feed_date else None
    feed_id = stated_feed or recognised.feed_id or default or recognised.format.feed_id
    feed = workspace.feeds.get(feed_id)
    if feed is None:
        return f"no feed {feed_id!r} is declared"
    captured_at, source = _first(
        (known.captured_at, "layout"), (stated.captured_at, "flag"), (None, None)
    )
    feed_date = known.feed_date or stated.feed_date
    parsed, error_text = parse(recognised.format, recognised.document, feed_date, captured_at)
    if captured_at is None and parsed.captured_at:
        captured_at, source = parsed.captured_at, "content"
    facts = _facts(file, feed, stated.kind or feed.kind, recognised.format, parsed, known)
    facts |= {"captured_at": captured_at, "captured_at_source": source}
    facts["captured_after"] = None if captured_at else parsed.captured_after
    facts["feed_date"] = feed_date or parsed.feed_date
    capture = Capture(
        identify(facts, feed), recognised.format, parsed, shown_path(file.path), error_text
    )
    return capture, known.origin or ""


def parse(
    format_: Format, document: Any, feed_date: date | None, captured_at: datetime | None
) -> tuple[Parsed, str | None]:
    """Parse a document; a parser that fails holds its capture, it never stops the batch."""
    try:
        return format_.parse(document, Context(feed_date, captured_at)), None
    except Exception as error:
        return Parsed(), f"{type(error).__name__}: {error}"


def reread(captures: pl.DataFrame, workspace: Workspace) -> list[Capture]:
    """Return looks out of the landing, parsed anew."""
    rows = workspace.landing.read_bodies(captures).iter_rows(named=True)
    return [_reread(row, workspace, f"landing:{row['capture_id'][:12]}") for row in rows]


def without_erased(capture: Capture, state: LandingState, workspace: Workspace) -> Capture:
    """Return a look with the body that its bytes have in the landing since names were erased."""
    facts = state.erased.facts_of(capture.facts)
    return _reread(facts, workspace, capture.path) if facts else capture


def _reread(row: dict[str, Any], workspace: Workspace, path: str) -> Capture:
    format_ = FORMATS[row["format"]]
    document = recognise(row["body"], workspace.tables, row["feed_id"]).document
    parsed, error = parse(format_, document, row["feed_date"], row["captured_at"])
    return Capture({name: row[name] for name in CAPTURE.names()}, format_, parsed, path, error)


def _read_path(path: Path, stated: Stated) -> PathFacts:
    return stated.layout.read(path) if stated.layout else PathFacts()


def _first(*candidates: tuple[Any, str | None]) -> tuple[Any, str | None]:
    return next((pair for pair in candidates if pair[0] is not None), (None, None))


def _facts(
    file: FoundFile, feed: Feed, kind: str, format_: Format, parsed: Parsed, known: PathFacts
) -> dict[str, Any]:
    return {
        "feed_id": feed.feed_id,
        "kind": kind,
        "page": known.page,
        "query": known.query,
        "look_id": None,
        "page_limit": None,
        "has_next": parsed.has_next,
        "format": format_.name,
        "blob_id": file.blob_id,
        "bytes": file.size,
        "body": file.body,
    }


def identify(facts: dict[str, Any], feed: Feed) -> dict[str, Any]:
    """Add the capture_id: what makes two looks the same one.

    A kind that is not the feed's own makes it another feed, for this purpose.
    """
    is_usual_kind = facts["kind"] == feed.kind
    feed_date, captured_at = facts["feed_date"], facts["captured_at"]
    facts["capture_id"] = hash_parts(
        facts["feed_id"] if is_usual_kind else f"{facts['feed_id']} as {facts['kind']}",
        feed_date.isoformat() if feed_date else None,
        facts["page"] or facts["query"],
        captured_at.isoformat() if captured_at else None,
        facts["blob_id"],
    )
    return facts


def _refuse(
    file: FoundFile,
    reason: str,
    state: LandingState,
    report: Report,
    refused: list[tuple[Any, ...]],
) -> None:
    report.captures["refused"] += 1
    report.refused.append({"path": shown_path(file.path), "reason": reason})
    key = (shown_path(file.path.absolute()), f"{reason}|{file.blob_id}")
    if key not in state.refused and not state.erased.is_refused(key):
        state.refused.add(key)
        report.newly["refused"] += 1
        refused.append((key[0], file.size, file.blob_id, reason, now()))
