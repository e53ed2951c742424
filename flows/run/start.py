"""Begins a run under the writer's lock, and records how it ended."""

import gc
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from typing import Any

from polars.exceptions import PolarsError

from flows.report import Outcome
from flows.run.run import Request, Run
from flows.run.steps import Step, direct
from flows.stopped import is_stop, reason_of, undisturbed
from flows.workspace import Workspace
from warehouse import landing, publish
from warehouse.compaction import compact_landing
from warehouse.connection import (
    SCHEMA_ERRORS,
    damaged,
    find_corruption,
    lacking,
    open_published,
    open_run,
)
from warehouse.counted import say_count
from warehouse.damage import add_unlanded, refuse_loss, set_aside_damage
from warehouse.engine import Engine
from warehouse.errors import DamagedError, PathError, SchemaError
from warehouse.files import remove, remove_halves
from warehouse.home_marker import say_gone
from warehouse.lock import writer_lock
from warehouse.publication import Publication, read_publication
from warehouse.run_log import RunLog


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
    request = Request(verb, parameters, step is not direct)
    with (
        writer_lock(home.lock, holder, workspace.settings.lock_wait_seconds),
        _no_collection(),
        closing(RunLog(home.run_log)) as log,
        open_run(home.work, workspace.limits) as engine,
    ):
        _clear(workspace)
        run = _begin(workspace, request, step, log, engine, is_anew, is_loss_accepted)
        with _on_record(run):
            yield run


def _clear(workspace: Workspace) -> None:
    """Mark the home, and remove what a killed run left.

    Raises:
        PathError: the folder of work files is a link.
    """
    home = workspace.settings.home
    folder = home.work.parent
    if folder.is_symlink():
        raise PathError(f"{folder} is a link, to files that a run would replace: move it away")
    workspace.begin_home()
    publish.remove_work(home.work)
    publish.remove_rebuilt(home.folder)
    landing.remove_leftovers(home.landing)
    remove_halves(home.journal)


def _begin(
    workspace: Workspace,
    request: Request,
    step: Step,
    log: RunLog,
    engine: Engine | None,
    is_anew: bool,
    is_loss_accepted: bool,
) -> Run:
    """Return a run upon what is published, or upon nothing."""
    damage = set_aside_damage(workspace.landing, workspace.journal, is_accepted=is_loss_accepted)
    published = _read_base(workspace, engine, is_anew=is_anew)
    damage = add_unlanded(damage, workspace.landing, published)
    is_anew = is_anew or _is_older_than_an_erasure(published, workspace)
    refuse_loss(damage, is_anew=is_anew)
    if is_anew:
        # it may hold what the new warehouse is to hold no more, such as an erased name
        remove(workspace.settings.home.kept)
    not_compacted = _compact_landing(workspace)
    run = Run(
        workspace,
        request,
        Publication(papers=published.papers) if is_anew else published,
        None if is_anew else workspace.settings.home.published,
        step=step,
        log=log,
        damage=damage,
        engine=engine,
    )
    run.note(Outcome(warnings=damage.warnings + not_compacted))
    return run


@contextmanager
def _on_record(run: Run) -> Iterator[None]:
    """Close a run, and record how it ended."""
    try:
        yield
    except BaseException as error:
        told = _find_damage(run, error) or error
        with undisturbed():
            _close(run)
            _end(run, "failed", reason_of(told))
            error.add_note(_say_kept(run))
        if told is not error:
            raise told from error
        raise
    with undisturbed():
        _close(run)
        failed = [check.check_id for check in run.outcome.failed_checks]
        _end(run, _state(run), None if run.is_published else ", ".join(failed) or None)


def _find_damage(run: Run, error: BaseException) -> Exception | None:
    """Return the damage of the home that an error comes from, with what mends it."""
    if is_stop(error):
        return None
    if gone := say_gone(run.workspace.settings.home.folder):
        return DamagedError(f"{gone}: nothing was published")
    if not run.has_base:
        return None
    published = run.workspace.settings.home.published
    if isinstance(error, SCHEMA_ERRORS):
        return lacking(published, error)
    # the work file is a copy, of which a block is read only now
    corruption = find_corruption(error)
    return None if corruption is None else damaged(published, corruption)


def _compact_landing(workspace: Workspace) -> list[str]:
    """Compact small packs where there are many; return a warning where that failed.

    The packs are in force as before then.
    """
    try:
        compact_landing(workspace.landing, workspace.now())
    except (OSError, DamagedError, PolarsError) as error:
        return [f"small packs of the landing were not made one: {error}"]
    return []


def _read_base(workspace: Workspace, engine: Engine | None, *, is_anew: bool) -> Publication:
    """Read the published file; where it is not built upon, it need not be readable."""
    try:
        return read_published(workspace, engine, recover=True)
    except (DamagedError, SchemaError):
        if is_anew:
            return Publication()
        raise


def read_published(
    workspace: Workspace, engine: Engine | None = None, *, recover: bool = False
) -> Publication:
    """Read what the published warehouse holds, by the engine of a run where there is one; with
    ``recover`` under the lock, also put on record publications that a killed run made and could
    not record.
    """
    published = workspace.settings.home.published
    if not published.exists():
        return Publication()
    with open_published(published, engine=engine) as connection:
        if recover:
            workspace.journal.recover(connection)
        return read_publication(connection, workspace.declared_drops(), workspace.too_slow)


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
    landed = f"what landed stays (read: {say_count(read, 'capture')}); " if read > 0 else ""
    if run.is_published:
        return f"{landed}the run had published"
    if not run.workspace.settings.home.published.exists():
        return f"{landed}nothing is published yet"
    return f"{landed}the warehouse is as it was published before this run"


def _state(run: Run) -> str:
    if run.is_published:
        return "published"
    return "blocked" if run.outcome.is_blocked else "unchanged"


def _end(run: Run, state: str, reason: str | None) -> None:
    """Say in the log and on record how a run ended; a publication has put itself on record."""
    if say_gone(run.workspace.settings.home.folder):
        return
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
