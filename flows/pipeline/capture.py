"""One capture in memory: what a file or an answer is recognised as, and what its bytes say."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl

from config.feeds import Feed
from flows.pipeline.deadline import TooSlowError, deadline
from flows.pipeline.files import FoundFile, shown_path
from flows.pipeline.inputs import Stated
from flows.pipeline.path_template import PathFacts
from flows.report import PathTemplateError
from flows.workspace import Workspace
from transforms.parse.entry import Context, Parsed
from transforms.parse.readers.tables import Declared
from transforms.parse.recognise import (
    FORMATS,
    Format,
    Recognised,
    UnknownFormatError,
    recognise,
)
from transforms.text import hash_parts
from warehouse.landing_records import CAPTURE

_ENTRY_BYTES = 300
"""Bytes of a file that take as much memory as an entry that says nothing."""
FULL = 1.25
"""Times `batch_bytes`, the weight that ends a batch: one of so many bytes of usual files is not
parted."""
NO_MEMORY = "no_memory: there was not enough memory to read it; the next run tries it again"
_DAMAGED = "damaged: the landing does not have the bytes any more that blob_id names"


@dataclass(frozen=True)
class Capture:
    """A capture's facts (the columns of the landing), and its body as parsed."""

    facts: dict[str, Any]
    format: Format
    parsed: Parsed
    path: str
    error: str | None = None
    """Why nothing of it could be read: a rule, a colon and the reason; None where it was."""
    weight: int = 0
    """What it takes of memory, as bytes of a usual file: a packed one of a kilobyte may hold a
    hundred thousand entries."""

    @property
    def capture_id(self) -> str:
        """The capture's identity."""
        return str(self.facts["capture_id"])


@dataclass(frozen=True)
class Located:
    """A capture read from a file, and the origin that its path names; empty where it names none."""

    capture: Capture
    origin: str


def examine(file: FoundFile, stated: Stated, workspace: Workspace) -> Located | str:
    """Return the capture that a file is, or the reason why it is none."""
    if file.body is None:
        return file.reason or "cannot be read"
    try:
        with deadline(workspace.settings.capture_seconds):
            return _examine(file, file.body, stated, workspace)
    except (UnknownFormatError, PathTemplateError, TooSlowError) as error:
        return str(error)
    except MemoryError:
        return NO_MEMORY


def _examine(file: FoundFile, body: bytes, stated: Stated, workspace: Workspace) -> Located | str:
    known = _read_path(file.path, stated)
    stated_feed = known.feed_id or stated.feed_id
    recognised = read_format(body, workspace.tables, stated_feed)
    feed_date = known.feed_date or stated.feed_date
    default = recognised.format.dated_feed_id if feed_date else None
    feed_id = stated_feed or recognised.feed_id or default or recognised.format.feed_id
    feed = workspace.feeds.get(feed_id)
    if feed is None:
        return f"no feed {feed_id!r} is declared"
    captured_at, source = _first(
        (known.captured_at, "layout"), (stated.captured_at, "flag"), (None, None)
    )
    context = reading_context(feed, feed_date, captured_at)
    parsed, error_text = parse(recognised.format, recognised.document, context)
    if captured_at is None and parsed.captured_at:
        captured_at, source = parsed.captured_at, "content"
    facts = _facts(file, feed, stated.kind or feed.kind, recognised.format, parsed, known)
    facts |= {"captured_at": captured_at, "captured_at_source": source}
    facts["captured_after"] = None if captured_at else parsed.captured_after
    facts["feed_date"] = feed_date or parsed.feed_date
    capture = Capture(
        identify(facts, feed),
        recognised.format,
        parsed,
        shown_path(file.path),
        error_text,
        weigh(recognised, parsed),
    )
    return Located(capture, known.origin or "")


def reading_context(
    feed: Feed | None, feed_date: date | None, captured_at: datetime | None
) -> Context:
    """Return what a parser may know of a capture: its stated facts, and what its feed declares."""
    hosts = (host.removeprefix("www.") for host in (feed.link_hosts if feed else ()))
    return Context(feed_date, captured_at, frozenset(hosts))


def read_format(
    body: bytes, tables: Mapping[str, Declared] | None = None, feed_id: str | None = None
) -> Recognised:
    """Return the format of a body, as :func:`recognise` does; whatever fails, it is of none.

    Raises:
        UnknownFormatError: with the reason.
        TooSlowError: a deadline has passed.
        MemoryError: another time, or another machine, may have enough.
    """
    try:
        return recognise(body, tables, feed_id)
    except (UnknownFormatError, TooSlowError, MemoryError):
        raise
    except Exception as error:
        reason = f"its reader failed: {type(error).__name__}: {error}"[:300]
        raise UnknownFormatError(f"no known format: {reason}") from error


def parse(format_: Format, document: Any, context: Context) -> tuple[Parsed, str | None]:
    """Parse a document; a parser that fails holds its capture, it never stops the batch.

    Raises:
        TooSlowError: a deadline has passed.
        MemoryError: another time, or another machine, may have enough.
    """
    try:
        return format_.parse(document, context), None
    except (TooSlowError, MemoryError):
        raise
    except Exception as error:
        return Parsed(), f"parser_error: {type(error).__name__}: {error}"


def weigh(recognised: Recognised, parsed: Parsed) -> int:
    """Return what a capture takes of memory, as bytes of a usual file."""
    return recognised.size + _ENTRY_BYTES * len(parsed.entries)


def reread(captures: pl.DataFrame, workspace: Workspace) -> Iterator[list[Capture]]:
    """Yield captures out of the landing, parsed anew, as many at once as memory should hold."""
    batch: list[Capture] = []
    weight = 0
    for row in workspace.landing.read_bodies(captures).iter_rows(named=True):
        batch.append(read_again(row, workspace, f"landing:{row['capture_id'][:12]}"))
        weight += batch[-1].weight
        if weight >= FULL * workspace.settings.batch_bytes:
            yield batch
            batch, weight = [], 0
    if batch:
        yield batch


def read_again(row: dict[str, Any], workspace: Workspace, path: str) -> Capture:
    """Return a landed row, body included, as today's parser reads it.

    What cannot be read any more, by damage or by another configuration, has an error that says so.
    """
    format_ = FORMATS[row["format"]]
    facts = {name: row[name] for name in CAPTURE.names()}
    if not workspace.landing.is_as_landed(row):
        return Capture(facts, format_, Parsed(), path, _DAMAGED)
    if row["feed_id"] not in workspace.feeds:
        reason = f"undeclared_feed: no feed {row['feed_id']!r} is declared any more"
        return Capture(facts, format_, Parsed(), path, reason)
    try:
        with deadline(workspace.settings.capture_seconds):
            return _read_again(facts, format_, workspace, path)
    except UnknownFormatError as error:
        return Capture(facts, format_, Parsed(), path, f"unknown_format: {error}")
    except TooSlowError:
        return Capture(facts, format_, Parsed(), path, workspace.too_slow)
    except MemoryError:
        return Capture(facts, format_, Parsed(), path, NO_MEMORY)


def _read_again(facts: dict[str, Any], format_: Format, workspace: Workspace, path: str) -> Capture:
    recognised = read_format(facts["body"], workspace.tables, facts["feed_id"])
    if recognised.format.name != format_.name:
        reason = f"unknown_format: it landed as {format_.name}, and is {recognised.format.name}"
        return Capture(facts, format_, Parsed(), path, reason)
    feed_date, captured_at = facts["feed_date"], facts["captured_at"]
    context = reading_context(workspace.feeds[facts["feed_id"]], feed_date, captured_at)
    parsed, error = parse(format_, recognised.document, context)
    return Capture(facts, format_, parsed, path, error, weigh(recognised, parsed))


def identify(facts: dict[str, Any], feed: Feed) -> dict[str, Any]:
    """Add the capture_id: what makes two captures the same one.

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
