"""One run of the writer: its lock, its work file, its stages and the record of how it ended."""

import gc
import json
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar

import duckdb

from flows.clock import Stopwatch, new_run_id, now
from flows.pipeline.corrections import find_concerned
from flows.pipeline.erased import must_begin_anew
from flows.pipeline.transform import rules_digest
from flows.report import Report
from flows.workspace import Workspace
from warehouse import landing, load, publish
from warehouse.connection import open_published, open_work
from warehouse.lock import writer_lock
from warehouse.migrate import migrate

T = TypeVar("T")


class Step(Protocol):
    """Runs a named stage: at once, or as a task of an orchestrator."""

    def __call__(self, name: str, work: Callable[[], T]) -> T:
        """Run ``work`` and return its result."""
        ...


def direct(name: str, work: Callable[[], T]) -> T:  # noqa: ARG001 - the signature of a step
    """Run a stage at once."""
    return work()


Progress = Callable[[int, int], None]
"""Is told how many more files and bytes were read."""


def quiet(files: int, size: int) -> None:
    """Show no progress."""


QualityChecks = Callable[[duckdb.DuckDBPyConnection, "Run"], list[dict[str, Any]]]
"""Checks beyond the identities: they return their results, the critical failures among them."""


class Run:
    """One run of the writer: what it was asked, what it has done so far, the file it works on."""

    def __init__(
        self,
        workspace: Workspace,
        verb: str,
        step: Step,
        parameters: dict[str, Any],
        base: Path | None = None,
        work_file: Path | None = None,
    ) -> None:
        """Begin a run on a copy of ``base``, or on an empty file; nothing is opened before it is
        needed.
        """
        self.workspace = workspace
        self.base = base
        self.work_file = work_file or workspace.settings.home.work
        self.verb = verb
        self.parameters = parameters
        self.run_id = new_run_id()
        self.started_at: datetime = now()
        self.watch = Stopwatch()
        self.report = Report(self.run_id)
        self._step = step
        self._open = ExitStack()
        self._work: duckdb.DuckDBPyConnection | None = None
        self.is_orchestrated = step is not direct
        self.as_of: datetime | None = None
        self.read_decisions()
        self.loaded = _read_loaded(base, workspace)

    def read_decisions(self) -> None:
        """Read the decision in force for each capture."""
        decisions = self.workspace.landing.decisions()
        self.decisions = {row["capture_id"]: row for row in decisions.iter_rows(named=True)}

    def step(self, name: str, work: Callable[[], T]) -> T:
        """Run a stage and add up its time."""
        with self.watch.measure(name):
            return self._step(name, work)

    @property
    def work(self) -> duckdb.DuckDBPyConnection:
        """The work file, copied and opened at the first need."""
        if self._work is None:
            with self.watch.measure("copy"):
                publish.prepare_work(self.base, self.work_file)
            self._work = self._open.enter_context(open_work(self.work_file, self.workspace.limits))
            migrate(self._work)
            load.begin_load(self._work, self.run_id, self.started_at)
        return self._work

    def at_end(self, clean_up: Callable[[], None]) -> None:
        """Call something when the run closes, however it ends."""
        self._open.callback(clean_up)

    @property
    def has_work(self) -> bool:
        """Whether anything was written."""
        return self._work is not None

    def close(self) -> None:
        """Close the work file; what is not published is lost with it, as it should be."""
        self._open.close()
        self._work = None

    def is_current(self, capture_id: str, parser_version: str, feed_id: str) -> bool:
        """Whether the published warehouse holds a look as today's parser and rules read it."""
        digest = rules_digest(self.workspace, feed_id, self.decisions.get(capture_id))
        return self.loaded.get(capture_id) == (parser_version, digest)


@contextmanager
def start_run(
    workspace: Workspace,
    verb: str,
    step: Step,
    parameters: dict[str, Any],
    *,
    is_anew: bool = False,
) -> Iterator[Run]:
    """Hold the writer's lock for the length of a run, and record how the run ended.

    It works on a copy of the published warehouse, or anew on an empty one, as it must where the
    published one is older than an erasure.

    Raises:
        LockedError: another writer is at work.
    """
    home = workspace.settings.home
    holder = {
        "verb": verb,
        "since": f"{now():%Y-%m-%d %H:%M:%S} UTC",
        "process": str(os.getpid()),
    }
    with writer_lock(home.lock, holder, workspace.settings.lock_wait_seconds), _no_collection():
        # what a killed run left
        publish.remove_work(home.work)
        landing.remove_leftovers(home.landing)
        if home.published.exists():
            with open_published(home.published) as connection:
                workspace.journal.recover(connection)
        is_anew = is_anew or must_begin_anew(workspace)
        run = Run(workspace, verb, step, parameters, None if is_anew else home.published)
        try:
            yield run
        except BaseException as error:
            _end(run)
            record_run(run, "failed", f"{type(error).__name__}: {error}")
            raise
        _end(run)
        if not run.report.is_published:
            failed = [check["check_id"] for check in run.report.failed_checks]
            state = "blocked" if run.report.is_blocked else "unchanged"
            record_run(run, state, ", ".join(failed) or None)


def _end(run: Run) -> None:
    run.close()
    publish.remove_work(run.workspace.settings.home.work)
    run.report.seconds = run.watch.total()


@contextmanager
def _no_collection() -> Iterator[None]:
    """Leave garbage uncollected: parsed documents are trees, and walking them for cycles costs a
    third of the parsing.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def record_run(run: Run, state: str, reason: str | None) -> None:
    """Write to the journal how a run ended: unchanged, blocked or failed."""
    run.workspace.journal.append("run", [describe_run(run, state, reason)])


def describe_run(run: Run, state: str, reason: str | None) -> dict[str, Any]:
    """Return the record of a run as it stands."""
    return {
        "run_id": run.run_id,
        "verb": run.verb,
        "orchestrated": run.is_orchestrated,
        "started_at": run.started_at,
        "finished_at": now(),
        "state": state,
        "reason": reason,
        "parameters": json.dumps(run.parameters),
        "counts": json.dumps(run.report.counts()),
        "seconds": json.dumps(run.report.seconds),
    }


def _read_loaded(base: Path | None, workspace: Workspace) -> dict[str, tuple[str, str]]:
    """Return parser version and rules of every loaded capture that no new correction concerns."""
    if base is None or not base.exists():
        return {}
    with open_published(base) as connection:
        rows = connection.execute(
            "select capture_id, parser_version, rules_digest from raw.capture"
        ).fetchall()
        concerned = find_concerned(workspace.corrections, connection)
    return {
        capture_id: (parser, rules)
        for capture_id, parser, rules in rows
        if capture_id not in concerned
    }
