"""The state of one run: what it was asked, what it did so far, and the file it works on."""

import json
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import duckdb

from flows.clock import Stopwatch, new_run_id
from flows.other_process import Asked, OtherProcess
from flows.report import Outcome, Papers, Report
from flows.run.steps import Step, direct
from flows.stopped import raise_if_stopped, reason_of
from flows.workspace import Workspace
from warehouse import kept, load, publish
from warehouse.checks.result import CheckResult
from warehouse.connection import open_work
from warehouse.damage import Damage
from warehouse.engine import Engine
from warehouse.files import remove
from warehouse.migrate import migrate
from warehouse.publication import Publication
from warehouse.run_log import RunLog

T = TypeVar("T")

QualityChecks = Callable[[duckdb.DuckDBPyConnection, "Run"], list[CheckResult]]
"""Checks beyond the integrity of a candidate: they return their results."""


@dataclass(frozen=True)
class Request:
    """What a run was asked for, as its record says it."""

    verb: str
    parameters: dict[str, Any]
    is_orchestrated: bool = False


class Run:
    """The state of one run: what it was asked, what it did so far, and the file it works on.

    It works on what ``base`` holds, in a file of its own, or on an empty file where that is None;
    nothing is copied before :meth:`open_work`.
    """

    def __init__(
        self,
        workspace: Workspace,
        request: Request,
        publication: Publication | None = None,
        base: Path | None = None,
        work_file: Path | None = None,
        step: Step = direct,
        as_of: datetime | None = None,
        log: RunLog | None = None,
        damage: Damage = Damage(),  # noqa: B008 - frozen
        engine: Engine | None = None,
    ) -> None:
        """Begin a run; ``publication`` is what ``base`` holds, ``as_of`` is naive UTC.

        ``damage`` is what was found damaged in the home; ``engine`` opens the work file, and
        outlives the run: without one each file is opened by itself. Without ``log`` no lines about
        its stages are written.
        """
        self.workspace = workspace
        self.request = request
        self.publication = publication or Publication()
        self.as_of = as_of
        self.work_file = work_file or workspace.settings.home.work
        self.run_id = new_run_id()
        self.started_at = workspace.now()
        self.watch = Stopwatch()
        self.outcome = Outcome()
        self.papers = Papers()
        self.is_published = False
        self.damage = damage
        self.engine = engine
        self._base = base
        self._log = log
        self._step = step
        self.other = OtherProcess(self.work_file.parent)
        self.asked: list[Asked[Any]] = []
        """What the other process works out beside the run, and was not yet taken."""
        self._open = ExitStack()
        self._open.callback(self.other.close)
        self._work: duckdb.DuckDBPyConnection | None = None

    def step(self, name: str, work: Callable[[], T]) -> T:
        """Run a stage, add up its time, and log how it ended."""
        before = self.watch.seconds(name)
        try:
            with self.watch.measure(name):
                result = self._step(name, work)
                raise_if_stopped()
        except BaseException as error:
            self.write_log("failed", stage=name, reason=reason_of(error))
            raise
        self.write_log("stage", stage=name, seconds=round(self.watch.seconds(name) - before, 3))
        return result

    def write_log(self, event: str, **facts: Any) -> None:
        """Add a line to the log of runs."""
        if self._log:
            self._log.write(event, run_id=self.run_id, verb=self.request.verb, **facts)

    def note(self, outcome: Outcome) -> None:
        """Add up what a stage did."""
        self.outcome = self.outcome + outcome

    def open_work(self) -> duckdb.DuckDBPyConnection:
        """Return the connection to the work file; the first call makes it of what is published: out
        of the file published before, or as a copy.
        """
        if self._work is None:
            with self.watch.measure("copy"):
                self._work = self._open_kept() or self._open_copy()
        return self._work

    def _open_kept(self) -> duckdb.DuckDBPyConnection | None:
        """Return a connection to the kept file, to which nothing is lacking; None without one."""
        home = self.workspace.settings.home
        if not self.has_base or not self.engine:
            return None
        if not self.publication.is_up_to_date:
            remove(home.kept)
        if not kept.take(home.kept, self.work_file):
            return None
        with ExitStack() as opened:
            try:
                work = opened.enter_context(self._open_file())
            except duckdb.Error:
                # it is damaged
                return None
            load.begin_load(work, self.run_id, self.started_at)
            if not kept.catch_up(work, home.published):
                return None
            self._open.push(opened.pop_all())
        return work

    def _open_copy(self) -> duckdb.DuckDBPyConnection:
        publish.prepare_work(self._base, self.work_file)
        work = self._open.enter_context(self._open_file())
        migrate(work, is_new=not self.has_base)
        load.begin_load(work, self.run_id, self.started_at)
        return work

    def _open_file(self) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
        return open_work(self.work_file, self.workspace.limits, self.engine)

    @property
    def has_base(self) -> bool:
        """Whether it builds upon a published file."""
        return self._base is not None and self._base.exists()

    @property
    def has_work(self) -> bool:
        """Whether the work file was opened: there is something to derive and publish."""
        return self._work is not None

    def forget(self, capture_ids: Collection[str]) -> None:
        """Take captures as not loaded, so that they are loaded anew."""
        loaded = self.publication.loaded
        kept = {one: read_as for one, read_as in loaded.items() if one not in set(capture_ids)}
        self.publication = replace(self.publication, loaded=kept)

    def at_end(self, clean_up: Callable[[], None]) -> None:
        """Call something when the run closes, however it ends."""
        self._open.callback(clean_up)

    def close(self) -> None:
        """Close the work file; what is not published is lost with it, as it should be."""
        self._open.close()
        self._work = None

    def report(self) -> Report:
        """Return what the run did so far, as a value."""
        report = Report(
            run_id=self.run_id,
            papers=self.papers,
            seconds=self.watch.total(),
            is_published=self.is_published,
        )
        return report + self.outcome

    def describe(self, state: str, reason: str | None) -> dict[str, Any]:
        """Return the record of the run for the journal, as it stands."""
        report = self.report()
        return {
            "run_id": self.run_id,
            "verb": self.request.verb,
            "orchestrated": self.request.is_orchestrated,
            "started_at": self.started_at,
            "finished_at": self.workspace.now(),
            "state": state,
            "reason": reason,
            "parameters": json.dumps(self.request.parameters),
            "counts": json.dumps(report.counts()),
            "seconds": json.dumps(report.seconds),
        }
