"""One run of the writer: its lock, its work file, its stages, and the record of how it ended."""

import gc
import json
import os
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar

import duckdb
from polars.exceptions import PolarsError

from flows.clock import Stopwatch, new_run_id
from flows.report import Outcome, Papers, Report
from flows.stopped import reason_of
from flows.workspace import Workspace
from warehouse import landing, load, publish
from warehouse.checks.result import CheckResult
from warehouse.compaction import compact_landing
from warehouse.connection import SCHEMA_ERRORS, lacking, open_published, open_work
from warehouse.damage import Damage, refuse_loss, set_aside_damage
from warehouse.errors import DamagedError, SchemaError
from warehouse.lock import writer_lock
from warehouse.migrate import migrate
from warehouse.publication import Publication, read_publication
from warehouse.run_log import RunLog

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

    It works on a copy of ``base``, or on an empty file where that is None; nothing is copied
    before :meth:`open_work`.
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
    ) -> None:
        """Begin a run; ``publication`` is what ``base`` holds, ``as_of`` is naive UTC.

        ``damage`` is what was found damaged in the home. Without ``log`` no lines about its stages
        are written.
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
        self._base = base
        self._log = log
        self._step = step
        self._open = ExitStack()
        self._work: duckdb.DuckDBPyConnection | None = None

    def step(self, name: str, work: Callable[[], T]) -> T:
        """Run a stage, add up its time, and log how it ended."""
        before = self.watch.seconds(name)
        try:
            with self.watch.measure(name):
                result = self._step(name, work)
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
        """Return the connection to the work file; the first call copies the published file."""
        if self._work is None:
            with self.watch.measure("copy"):
                publish.prepare_work(self._base, self.work_file)
                limits = self.workspace.limits
                self._work = self._open.enter_context(open_work(self.work_file, limits))
                migrate(self._work)
                load.begin_load(self._work, self.run_id, self.started_at)
        return self._work

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


@contextmanager
def start_run(
    workspace: Workspace,
    verb: str,
    step: Step,
    parameters: dict[str, Any],
    *,
    is_anew: bool = False,
    is_loss_accepted: bool = False,
) -> Iterator[Run]:
    """Hold the writer's lock for the length of a run, and record how the run ended.

    It works on a copy of the published warehouse; on an empty one with ``is_anew``, and where the
    published one is older than an erasure.

    Raises:
        ConfigError: the folder of the home is one of other files.
        LockedError: another writer is at work.
        DamagedError: the published file cannot be read, and the run builds upon it.
        LossError: packs of the landing are damaged or gone that the run cannot do without.
    """
    home = workspace.settings.home
    workspace.refuse_foreign_folder()
    holder = {
        "verb": verb,
        "since": f"{workspace.now():%Y-%m-%d %H:%M:%S} UTC",
        "process": str(os.getpid()),
    }
    with writer_lock(home.lock, holder, workspace.settings.lock_wait_seconds), _no_collection():
        workspace.begin_home()
        # what a killed run left
        publish.remove_work(home.work)
        publish.remove_rebuilt(home.folder)
        landing.remove_leftovers(home.landing)
        damage = set_aside_damage(
            workspace.landing, workspace.journal, is_accepted=is_loss_accepted
        )
        published = _read_base(workspace, is_anew=is_anew)
        is_anew = is_anew or _is_older_than_an_erasure(published, workspace)
        refuse_loss(damage, is_anew=is_anew)
        not_compacted = _compact_landing(workspace)
        publication = Publication(papers=published.papers) if is_anew else published
        log = RunLog(home.run_log)
        run = Run(
            workspace,
            Request(verb, parameters, step is not direct),
            publication,
            None if is_anew else home.published,
            step=step,
            log=log,
            damage=damage,
        )
        run.note(Outcome(warnings=damage.warnings + not_compacted))
        with closing(log):
            try:
                yield run
            except BaseException as error:
                _close(run)
                _end(run, "failed", reason_of(error))
                error.add_note(_say_kept(run))
                if run.has_base and isinstance(error, SCHEMA_ERRORS):
                    raise lacking(home.published, error) from error
                raise
            _close(run)
            failed = [check.check_id for check in run.outcome.failed_checks]
            _end(run, _state(run), None if run.is_published else ", ".join(failed) or None)


def _compact_landing(workspace: Workspace) -> list[str]:
    """Compact small packs where there are many; return a warning where that failed.

    The packs are in force as before then.
    """
    try:
        compact_landing(workspace.landing, workspace.now())
    except (OSError, DamagedError, PolarsError) as error:
        return [f"small packs of the landing were not made one: {error}"]
    return []


def _read_base(workspace: Workspace, *, is_anew: bool) -> Publication:
    """Read the published file; where it is not built upon, it need not be readable."""
    try:
        return read_published(workspace, recover=True)
    except (DamagedError, SchemaError):
        if is_anew:
            return Publication()
        raise


def read_published(workspace: Workspace, *, recover: bool = False) -> Publication:
    """Read what the published warehouse holds; with ``recover`` under the lock, also put on record
    publications that a killed run made and could not record.
    """
    published = workspace.settings.home.published
    if not published.exists():
        return Publication()
    with open_published(published) as connection:
        if recover:
            workspace.journal.recover(connection)
        return read_publication(connection, workspace.declared_drops())


def _is_older_than_an_erasure(publication: Publication, workspace: Workspace) -> bool:
    """Tell whether the published file holds what was erased since, also in free blocks.

    The run that erased was killed, or the file is from a backup: it is no base for a run.
    """
    erased_at = workspace.landing.erasures()["erased_at"].max()
    oldest = publication.oldest_load
    return isinstance(erased_at, datetime) and oldest is not None and oldest < erased_at


def _close(run: Run) -> None:
    run.close()
    publish.remove_work(run.work_file)


def _say_kept(run: Run) -> str:
    """Say what a run that breaks off leaves behind; the command line tells it after a signal."""
    captures = run.outcome.captures
    read = captures["seen"] - captures["unchanged"]
    landed = f"what landed stays ({read:,} captures were read); " if read > 0 else ""
    if run.is_published:
        return f"{landed}the run had published"
    return f"{landed}the warehouse is as it was published before this run"


def _state(run: Run) -> str:
    if run.is_published:
        return "published"
    return "blocked" if run.outcome.is_blocked else "unchanged"


def _end(run: Run, state: str, reason: str | None) -> None:
    """Say in the log and on record how a run ended; a publication has put itself on record."""
    run.write_log("end", state=state, reason=reason, **run.report().counts())
    if not run.is_published:
        run.workspace.journal.append("run", [run.describe(state, reason)])


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
