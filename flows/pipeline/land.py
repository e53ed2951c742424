"""Files to landed captures: what is new is stored, what cannot be read is refused."""

from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from flows.pipeline.capture import FULL, NO_MEMORY, Capture, examine, read_again
from flows.pipeline.deadline import too_slow
from flows.pipeline.erased import LOST, Erased
from flows.pipeline.files import FoundFile, shown_path
from flows.pipeline.inbox_memory import InboxMemory
from flows.pipeline.inputs import Stated
from flows.report import Outcome, Refused
from flows.workspace import Workspace
from warehouse.landing_records import CAPTURE, ORIGIN, REFUSED

_PACKS_WAITING = 6


@dataclass
class LandingState:
    """What the landing holds, kept up to date while a run adds to it, and its one writer."""

    captures: set[str]
    origins: set[tuple[str, str, str]]
    refused: set[tuple[str, str]]
    erased: Erased
    first_seen: dict[str, datetime]
    """When each capture was first given, naive UTC."""
    seen_in_run: set[str] = field(default_factory=set)
    _writer: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1))
    _writing: list[Future[Path | None]] = field(default_factory=list)

    def write(
        self, workspace: Workspace, kind: str, rows: Sequence[Any], schema: pl.Schema
    ) -> None:
        """Store records beside the work of the run; durable after :meth:`flush`."""
        self._submit(workspace, kind, pl.DataFrame(rows, schema=schema, orient="row"))

    def _submit(self, workspace: Workspace, kind: str, records: pl.DataFrame) -> None:
        if len(self._writing) >= _PACKS_WAITING:
            # bodies that wait to be written are held in memory
            self._writing.pop(0).result()
        self._writing.append(self._writer.submit(workspace.landing.write, kind, records))

    def write_captures(self, workspace: Workspace, facts: Sequence[dict[str, Any]]) -> None:
        """Store captures that are new."""
        # by columns: row by row every body would be copied once more
        columns = {name: [capture.get(name) for capture in facts] for name in CAPTURE}
        self._submit(workspace, "looks", pl.DataFrame(columns, schema=CAPTURE))
        self.captures |= {str(capture["capture_id"]) for capture in facts}

    def write_origins(self, workspace: Workspace, places: Sequence[tuple[Any, ...]]) -> None:
        """Store where captures were found: (capture_id, origin, path, seen_at).

        None is seen before it was first given, whatever a clock says that went back: a capture of a
        day after that would be held for it.
        """
        rows = [
            (name, *place, max(seen_at, self.first_seen.get(name, seen_at)))
            for name, *place, seen_at in places
        ]
        self.write(workspace, "origins", rows, ORIGIN)

    def refuse(self, key: tuple[str, str]) -> bool:
        """Note a refusal (path, reason|blob_id); tell whether it is new."""
        is_new = key not in self.refused and not self.erased.is_refused(key)
        self.refused.add(key)
        return is_new

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
        first_seen = workspace.landing.first_seen()
        return cls(
            set(workspace.landing.captures()["capture_id"]),
            {tuple(row) for row in origins.iter_rows()},
            {(path, f"{reason}|{blob_id}") for path, reason, blob_id in refused.iter_rows()},
            Erased(workspace.landing),
            first_seen,
        )


def land(
    files: Iterator[FoundFile],
    stated: Stated,
    workspace: Workspace,
    state: LandingState,
    memory: InboxMemory,
    *,
    is_inbox: bool,
) -> tuple[list[Capture], Outcome] | None:
    """Store what is new of the next files, as many as memory should hold parsed; return all their
    distinct captures. None where there is no file left.

    Files of an inbox (``is_inbox``) that landed or are refused are remembered, and any that takes
    too long.
    """
    batch = _Batch(workspace, state)
    limit = too_slow(workspace.settings.capture_seconds)
    file = None
    for file in files:
        known = limit if memory.is_slow(file.blob_id, limit) else None
        located = known or _lost(file, state) or examine(file, stated, workspace)
        if isinstance(located, str):
            batch.refuse(file, located)
            if is_inbox and located not in (LOST, NO_MEMORY):
                memory.note_refused(file, stated, located)
            if located == limit and file.blob_id:
                memory.note_slow(file.blob_id, limit)
        else:
            capture = without_erased(located.capture, state, workspace)
            batch.add(file, capture, located.origin)
            if is_inbox and file.times is not None and file.size is not None:
                memory.note(file.path, file.size, file.times, stated, capture.capture_id)
        if batch.weight >= FULL * workspace.settings.batch_bytes:
            break
    return batch.store() if file else None


def _lost(file: FoundFile, state: LandingState) -> str | None:
    return LOST if file.blob_id and state.erased.is_lost(file.blob_id) else None


def without_erased(capture: Capture, state: LandingState, workspace: Workspace) -> Capture:
    """Return a capture with the body that its bytes have in the landing since an erasure."""
    facts = state.erased.facts_of(capture.facts)
    return read_again(facts, workspace, capture.path) if facts else capture


class _Batch:
    """What one batch of files gave: captures, where they were found, and refusals."""

    def __init__(self, workspace: Workspace, state: LandingState) -> None:
        self.workspace = workspace
        self.state = state
        self.captures: dict[str, Capture] = {}
        self.origins: list[tuple[Any, ...]] = []
        self.refused: list[tuple[Any, ...]] = []
        self.shown: list[Refused] = []
        self.counts: Counter[str] = Counter()
        self.weight = 0

    def add(self, file: FoundFile, capture: Capture, origin: str) -> None:
        """Add a capture, once, and the place where it was found."""
        name = capture.capture_id
        self.counts["seen"] += 1
        if name in self.state.seen_in_run or name in self.captures:
            self.counts["unchanged"] += 1
        else:
            self.captures[name] = capture
            self.weight += capture.weight
        place = (name, origin, shown_path(file.path.absolute()))
        if place not in self.state.origins and not self.state.erased.is_origin(place):
            self.state.origins.add(place)
            self.origins.append((*place, self.workspace.now()))

    def refuse(self, file: FoundFile, reason: str) -> None:
        """Refuse a file, with the reason."""
        self.counts += Counter(seen=1, refused=1)
        self.shown.append(Refused(shown_path(file.path), reason))
        path = shown_path(file.path.absolute())
        if self.state.refuse((path, f"{reason}|{file.blob_id}")):
            now = self.workspace.now()
            self.refused.append((path, file.size, file.blob_id, reason, now))

    def store(self) -> tuple[list[Capture], Outcome]:
        """Hand everything to the landing."""
        new = [
            capture.facts
            for name, capture in self.captures.items()
            if name not in self.state.captures
        ]
        self.state.write_captures(self.workspace, new)
        self.state.write_origins(self.workspace, self.origins)
        self.state.write(self.workspace, "refused", self.refused, REFUSED)
        self.state.seen_in_run |= self.captures.keys()
        newly = Counter(refused=len(self.refused))
        return list(self.captures.values()), Outcome(
            captures=self.counts, newly=newly, refused=self.shown
        )
