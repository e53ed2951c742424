"""The warehouse anew from its landing: in place, beside it, or as of an instant in the past."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from flows.pipeline.derive import derive
from flows.pipeline.ingest import find_pending, load_landed
from flows.pipeline.publish import finish, is_configuration_new
from flows.report import Report
from flows.run import Run, direct, start_run
from flows.workspace import Workspace
from warehouse import publish
from warehouse.connection import open_published
from warehouse.digest import digest_tables

_CAPTURES = "select capture_id from raw.capture"


@dataclass(frozen=True)
class Verification:
    """The published warehouse held against a rebuild."""

    equal: bool
    stale: list[str]
    """Captures that today's parser or rules read differently."""
    not_loaded: list[str]
    """Captures that landed and that the warehouse does not hold: the next run loads them."""
    is_configuration_new: bool
    """Feeds, topics or corrections changed since: the next run brings that in."""
    tables: dict[str, dict[str, Any]]
    differing: list[str]


def rebuild(workspace: Workspace) -> Report:
    """Empty the warehouse, replay the landing, check and publish.

    Raises:
        LockedError: another writer is at work.
    """
    with start_run(workspace, "rebuild", direct, {}, is_anew=True) as run:
        load_landed(run, workspace.landing.captures())
        finish(run)
        return run.report


def build_file(
    workspace: Workspace,
    target: Path,
    as_of: datetime | None = None,
    choose: Callable[[pl.DataFrame], pl.DataFrame] = lambda captures: captures,
) -> Report:
    """Derive a warehouse file of its own from the landing.

    With ``as_of`` from the looks with a stated ``captured_at`` up to then: exact, identity
    included. The file has no ``ops`` rows; nothing of the home folder is changed.
    """
    run = Run(workspace, "rebuild", direct, {}, base=None, work_file=_building(target))
    run.as_of = as_of
    captures = workspace.landing.captures()
    if as_of is not None:
        captures = captures.filter(pl.col("captured_at") <= as_of)
    try:
        load_landed(run, choose(captures))
        derive(run, run.step)
        run.work.execute("update mart.about set is_as_of = ?", [as_of])
        run.work.execute("commit")
        publish.finish_work(run.work)
        run.close()
        publish.publish(run.work_file, target)
    finally:
        run.close()
        publish.remove_work(run.work_file)
    run.report.seconds = run.watch.total()
    return run.report


def _building(target: Path) -> Path:
    return target.with_name(f".{target.name}.{os.getpid()}.building")


@contextmanager
def past_warehouse(workspace: Workspace, as_of: datetime) -> Iterator[Path]:
    """Yield a temporary warehouse file as of an instant."""
    with _temporary_file(workspace) as path:
        build_file(workspace, path, as_of)
        yield path


def verify(workspace: Workspace) -> Verification:
    """Hold the published warehouse against a rebuild from the landing.

    Raises:
        NotPublishedError: there is nothing to verify.
    """
    published = workspace.settings.home.published
    with open_published(published) as connection:
        tables = digest_tables(connection)
        known = {row[0] for row in connection.execute(_CAPTURES).fetchall()}
    run = Run(workspace, "verify", direct, {}, base=published)
    pending = find_pending(run, workspace.landing.captures())["capture_id"].sort().to_list()
    stale = [capture_id for capture_id in pending if capture_id in known]
    not_loaded = [capture_id for capture_id in pending if capture_id not in known]
    is_new = is_configuration_new(run)
    with _temporary_file(workspace) as path:
        build_file(
            workspace,
            path,
            choose=lambda captures: captures.filter(_is_in("capture_id", list(known))),
        )
        if stale or is_new:
            differing = _differing_facts(published, path, stale)
        else:
            with open_published(path) as connection:
                rebuilt = digest_tables(connection)
            differing = sorted(
                name for name in {*tables, *rebuilt} if tables.get(name) != rebuilt.get(name)
            )
    equal = not differing and not not_loaded
    return Verification(equal, stale, not_loaded, is_new, tables, differing)


def _differing_facts(published: Path, rebuilt: Path, stale: list[str]) -> list[str]:
    """Compare the facts of the captures that are not stale: all else may rightly differ."""
    digests = []
    for path in (published, rebuilt):
        with open_published(path) as connection:
            digests.append(digest_tables(connection, without_captures=stale))
    return sorted(name for name in digests[0] if digests[0][name] != digests[1].get(name))


def _is_in(column: str, values: list[str]) -> pl.Expr:
    return pl.col(column).is_in(values)


@contextmanager
def _temporary_file(workspace: Workspace) -> Iterator[Path]:
    import tempfile

    folder = workspace.settings.home.folder
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".rebuilt-") as temporary:
        yield Path(temporary) / "warehouse.duckdb"
