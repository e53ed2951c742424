"""The warehouse anew from its landing: in place, beside it, or as of an instant in the past."""

import errno
import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import polars as pl

from flows.pipeline.ingest import derive, finish, load_landed
from flows.pipeline.kept_out import count_newly, kept_out_before
from flows.pipeline.pending import ReadingRules
from flows.program import NAME
from flows.report import Outcome, Report
from flows.run import Request, Run, direct, start_run
from flows.workspace import Workspace
from warehouse import publish
from warehouse.damage import Damage
from warehouse.load import set_as_of


def rebuild(workspace: Workspace, *, is_loss_accepted: bool = False) -> Report:
    """Empty the warehouse, replay the landing, check and publish.

    The published file is not needed. With ``is_loss_accepted`` packs that are damaged or gone are
    given up. Newly held or rejected is what the published file lets in; where it cannot be read,
    nothing is known to be new.

    Raises:
        LockedError: another writer is at work.
        LossError: packs are damaged or gone, or fewer captures are left than were published.
    """
    parameters = {"accept_loss": True} if is_loss_accepted else {}
    with start_run(
        workspace, "rebuild", direct, parameters, is_anew=True, is_loss_accepted=is_loss_accepted
    ) as run:
        before = kept_out_before(workspace)
        load_landed(run, ReadingRules.of(workspace), workspace.landing.captures())
        if workspace.settings.home.published.exists():
            # also where nothing is left to load: what is given up is published no more
            run.open_work()
        newly = Counter[str]() if before is None else count_newly(run, before)
        finish(run)
    return replace(run.report(), newly=newly)


def build_file(
    workspace: Workspace,
    target: Path,
    as_of: datetime | None = None,
    choose: Callable[[pl.DataFrame], pl.DataFrame] = lambda captures: captures,
) -> Report:
    """Derive a warehouse file of its own from the landing.

    With ``as_of`` from the captures with a stated ``captured_at`` up to then: exact, identity
    included. The file has no ``ops`` rows; nothing of the home folder is changed.
    What is damaged or gone of the landing is a warning of the report: the file lacks it.
    """
    run = Run(workspace, Request("rebuild", {}), work_file=_building(target), as_of=as_of)
    damage = Damage(workspace.landing.find_problems(), [])
    run.note(Outcome(warnings=damage.warnings))
    captures = workspace.landing.captures()
    if as_of is not None:
        captures = captures.filter(pl.col("captured_at") <= as_of)
    try:
        load_landed(run, ReadingRules.of(workspace), choose(captures))
        derive(run)
        work = run.open_work()
        set_as_of(work, as_of)
        work.execute("commit")
        content = publish.finish_work(work)
        run.close()
        publish.publish(run.work_file, target, content)
        publish.make_durable(target)
    finally:
        run.close()
        publish.remove_work(run.work_file)
    return run.report()


def _building(target: Path) -> Path:
    return target.with_name(f".{target.name}.{os.getpid()}.building")


@contextmanager
def past_warehouse(workspace: Workspace, as_of: datetime) -> Iterator[Path]:
    """Yield a temporary warehouse file as of an instant."""
    with temporary_file(workspace) as path:
        build_file(workspace, path, as_of)
        yield path


@contextmanager
def temporary_file(workspace: Workspace) -> Iterator[Path]:
    """Yield the path of a warehouse file that is removed in the end.

    It is in the home, where the next run removes what a killed process leaves; in the folder for
    temporary files where the home cannot be written.
    """
    import tempfile

    folder, prefix = workspace.settings.home.folder, f"{publish.REBUILT}{os.getpid()}-"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        made = tempfile.TemporaryDirectory(dir=folder, prefix=prefix)
    except OSError as error:
        if error.errno not in (errno.EROFS, errno.EACCES, errno.EPERM):
            raise
        made = tempfile.TemporaryDirectory(prefix=f"{NAME}{prefix}")
    with made as temporary:
        yield Path(temporary) / "warehouse.duckdb"
