"""The published warehouse held against a rebuild from the landing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from flows.admin.rebuild import build_file, temporary_file
from flows.pipeline.pending import ReadingRules, find_pending
from flows.program import NAME
from flows.run import read_published
from flows.site.changed_files import find_changed_files
from flows.workspace import Workspace
from warehouse.connection import is_of_an_earlier_version, open_published
from warehouse.damage import find_lost_lines, find_unlanded, say_mend
from warehouse.digest import digest_tables, digested_columns, read_all
from warehouse.journal import JOURNAL_SUFFIX
from warehouse.landing import Landing
from warehouse.lock import is_held
from warehouse.report.marks import find_changed_reports
from warehouse.shape import Shape, differing_shapes, read_shape


@dataclass(frozen=True)
class Verification:
    """The published warehouse held against a rebuild."""

    equal: bool
    """Whether all that could be compared is equal, and no capture waits for a run."""
    is_whole: bool
    """Whether all tables could be compared; else only facts of captures that are not stale."""
    compared: int
    """How many tables were compared."""
    stale: list[str]
    """Captures that today's parser or rules read differently."""
    not_loaded: list[str]
    """Captures that landed and that the warehouse does not hold: the next run loads them."""
    is_configuration_new: bool
    """Feeds, topics or corrections changed since: the next run brings that in."""
    is_older: bool
    """Whether an earlier version of the project made the file."""
    tables: dict[str, dict[str, Any]]
    differing: list[str]
    damage: list[str]
    """What of the landing, the journal and the site is damaged or gone."""
    was_disturbed: bool
    """Whether another writer was at work meanwhile: what is told may be what it had yet to do."""


def find_damage(workspace: Workspace, *, is_deep: bool) -> list[str]:
    """Return what of the landing, the journal and the site is damaged or gone, a sentence each.

    With ``is_deep`` every byte is read: also of packs that were found right before.
    """
    landing = workspace.open_landing(is_deep=is_deep)
    damage = [say_mend(problem) for problem in landing.find_problems()]
    if is_deep:
        damage += map(_say_leave_out, _find_damaged_bodies(landing))
    damage += find_changed_files(workspace.settings.home.site, is_deep=is_deep)
    damage += find_changed_reports(workspace.settings.home.reports)
    lines = workspace.journal.count_damage()
    return damage + [
        f"journal/{name}: {count} damaged lines"
        for name, count in lines.items()
        if name.endswith(JOURNAL_SUFFIX)
    ]


def _find_damaged_bodies(landing: Landing) -> Iterator[str]:
    """Yield the captures whose bytes are not those that landed, in packs that are whole: what an
    erasure left, where its record is lost. What a person left out for good is no damage any more.
    """
    decisions = landing.decisions().filter(pl.col("decision").is_in(("hold", "retract")))
    captures = landing.captures().join(decisions, on="capture_id", how="anti")
    for pack in captures["pack"].unique().sort():
        bodies = landing.read_bodies(captures.filter(pl.col("pack") == pack))
        for row in bodies.iter_rows(named=True):
            if not landing.is_as_landed(row):
                yield str(row["capture_id"])


def _say_leave_out(capture_id: str) -> str:
    return (
        f"capture {capture_id} does not have the bytes that landed: restore the packs of looks and"
        " erasures from a backup, or leave it out for good with"
        f" `{NAME} captures hold {capture_id[:12]} --reason damaged`"
    )


def verify(workspace: Workspace, *, is_deep: bool = False) -> Verification:
    """Hold the published warehouse against a rebuild from the landing, and the landing against its
    manifest.

    Raises:
        NotPublishedError: there is nothing to verify.
    """
    home = workspace.settings.home
    published = home.published
    was_held, before = is_held(home.lock), _times_of(published)
    damage = find_damage(workspace, is_deep=is_deep)
    with open_published(published) as connection:
        tables = digest_tables(connection)
        if is_deep:
            read_all(connection)
        damage += find_lost_lines(workspace.landing, workspace.journal, connection)
        is_older = is_of_an_earlier_version(published, connection)
    publication = read_published(workspace)
    problems = workspace.landing.find_problems()
    damage += map(say_mend, find_unlanded(workspace.landing, publication, problems))
    known = publication.loaded.keys()
    rules = ReadingRules.of(workspace)
    waiting = find_pending(workspace.landing.captures(), publication, rules)
    pending = waiting["capture_id"].sort().to_list()
    stale = [capture_id for capture_id in pending if capture_id in known]
    not_loaded = [capture_id for capture_id in pending if capture_id not in known]
    is_new = publication.configuration != workspace.configuration
    is_whole = not (stale or is_new or is_older)
    differing, compared = _hold_against_rebuild(
        workspace, list(known), tables, stale=stale, is_whole=is_whole, is_older=is_older
    )
    return Verification(
        equal=not (differing or stale or not_loaded),
        is_whole=is_whole,
        compared=compared,
        stale=stale,
        not_loaded=not_loaded,
        is_configuration_new=is_new,
        is_older=is_older,
        tables=tables,
        differing=differing,
        damage=damage,
        was_disturbed=was_held or is_held(home.lock) or before != _times_of(published),
    )


def _hold_against_rebuild(
    workspace: Workspace,
    known: list[str],
    tables: Mapping[str, Mapping[str, int | str]],
    *,
    stale: list[str],
    is_whole: bool,
    is_older: bool,
) -> tuple[list[str], int]:
    """Compare the published file with one made anew of the captures that it knows.

    Returns the tables and views that differ, and of how many tables the content was compared.
    """
    published = workspace.settings.home.published
    with temporary_file(workspace) as path:
        build_file(
            workspace,
            path,
            choose=lambda captures: captures.filter(pl.col("capture_id").is_in(known)),
        )
        # a table without rows has the same digest whatever its columns are
        reshaped = set() if is_older else differing_shapes(_shape_of(published), _shape_of(path))
        if is_whole:
            with open_published(path) as connection:
                rebuilt = digest_tables(connection)
            names = {*tables, *rebuilt}
            differing = [name for name in names if tables.get(name) != rebuilt.get(name)]
            compared = len(rebuilt)
        else:
            differing, compared = _compare_facts(published, path, stale)
    return sorted({*differing, *reshaped}), compared


def _shape_of(path: Path) -> Shape:
    with open_published(path) as connection:
        return read_shape(connection)


def _times_of(published: Path) -> tuple[int, int] | None:
    """Return what tells one published file from the next; None where there is none."""
    try:
        facts = published.stat()
    except OSError:
        return None
    return facts.st_ino, facts.st_mtime_ns


def _compare_facts(published: Path, rebuilt: Path, stale: list[str]) -> tuple[list[str], int]:
    """Compare the facts of the captures that are not stale: all else may rightly differ.

    Returns the tables that differ, and how many were compared: those of the same columns.
    """
    digests, columns = [], []
    for path in (published, rebuilt):
        with open_published(path) as connection:
            digests.append(digest_tables(connection, without_captures=stale))
            columns.append(digested_columns(connection))
    alike = [name for name in digests[0] if columns[0][name] == columns[1].get(name)]
    return sorted(name for name in alike if digests[0][name] != digests[1].get(name)), len(alike)
