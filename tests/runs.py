"""Runs of the product on written captures, in this process, and what is read back of them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from flows.pipeline.ingest import ingest
from flows.pipeline.inputs import Inputs, Stated
from flows.pipeline.path_template import PathTemplate
from flows.report import Report
from flows.workspace import Workspace
from tests.captures import Look, Names
from tests.oracle import Expected
from warehouse.connection import open_published
from warehouse.digest import digest_tables
from warehouse.engine import Engine

LAYOUT = "{feed}/{origin}/{feed_date}/{captured_at}.{_}"
"""Of written captures of which everything is known."""

Digests = dict[str, dict[str, int | str]]

ROWS = {
    "captures": """
        select capture_id, feed_id, kind, feed_date, captured_at, captured_after,
            split_part(reason, ':', 1), entries_seen, entries_accepted, entries_rejected,
            entries_held, state = 'loaded' and is_truncated
        from raw.capture
    """,
    "aliases": "select alias_id, paper_id from core.paper_alias",
    "edges": "select left_id, right_id, rule, decision from core.match_edge",
    "papers": """
        select paper_id, title, content_id, first_seen, last_seen, first_feed_date, captures,
            votes, comments, author_comment, status, status_since, status_capture_id,
            withdrawn_at::date, published_date
        from core.paper
        left join core.paper_status using (paper_id)
    """,
    "versions": """
        select paper_id, family, version, valid_from, valid_to, is_current, content_id
        from core.paper_version
    """,
    "days": """
        select feed_id, feed_date, state, captures, last_captured_at, papers, is_complete,
            is_expected
        from core.feed_day
    """,
    "coverage": """
        select feed_id, grain, period_start, days, expected_days, usable_days, complete_days, papers
        from mart.feed_coverage
        where grain <> 'four-weeks'
    """,
}
_KEYS = {"captures": 1, "aliases": 1, "papers": 1, "versions": 3, "days": 2, "coverage": 3}


def deliver(paths: Iterable[Path]) -> list[Inputs]:
    """Return written captures by the layout that their paths have, in their order."""
    alike: dict[str, list[Path]] = {}
    for path in paths:
        alike.setdefault(_template(path), []).append(path)
    return [Inputs(tuple(of), Stated(layout=PathTemplate(name))) for name, of in alike.items()]


def _template(path: Path) -> str:
    if path.is_dir():
        return LAYOUT
    day = "undated" if path.parent.name == "undated" else "{feed_date}"
    stamp = "unknown" if path.stem == "unknown" else "{captured_at}"
    return f"{{feed}}/{{origin}}/{day}/{stamp}.{{_}}"


def ingest_files(home: Path, paths: Sequence[Path], threads: int = 2) -> Report:
    """Run one ingest of files in the given order: no check may fail, all counts must add up."""
    workspace = Workspace.open(home)
    workspace.settings = workspace.settings.model_copy(update={"duckdb_threads": threads})
    report = ingest(workspace, deliver(paths))
    assert report.failed_checks == []
    counts = report.counts()
    for parts in (counts["captures"], counts["entries"]):
        seen, *others = parts.values()
        assert seen == sum(others), counts
    return report


@cache
def _engine() -> Engine:
    """Return a DuckDB for all that tests ask: to start one for each question takes 40 ms."""
    return Engine(duckdb.connect(config={"threads": 1}))


@contextmanager
def opened(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a published file, or the one in a home folder, to read it; one at a time."""
    file = path / "warehouse.duckdb" if path.is_dir() else path
    with open_published(file, engine=_engine()) as connection:
        yield connection


def digests_of(path: Path) -> Digests:
    """Return the digests of a published file, or of the one in a home folder."""
    with opened(path) as connection:
        return digest_tables(connection)


def query(path: Path, sql: str) -> list[tuple[Any, ...]]:
    """Return the rows of a query on a published file, or on the one in a home folder."""
    with opened(path) as connection:
        return connection.execute(sql).fetchall()


def read_tables(path: Path) -> Expected:
    """Return what a warehouse holds, in the form in which the oracle says what it should."""
    with opened(path) as connection:
        tables = {name: _by_key(connection, name) for name in _KEYS}
        edges = connection.execute(ROWS["edges"]).fetchall()
    assert len(edges) == len(set(edges))
    return Expected(edges=set(edges), **tables)


def _by_key(connection: duckdb.DuckDBPyConnection, name: str) -> dict[Any, Any]:
    rows, width = connection.execute(ROWS[name]).fetchall(), _KEYS[name]
    table = {
        (row[0] if width == 1 else row[:width]): (row[1] if name == "aliases" else row[width:])
        for row in rows
    }
    assert len(table) == len(rows), f"{name}: a key stands twice"
    return table


def read_names(home: Path, looks: Iterable[Look]) -> Names:
    """Return the product's hashes by what they are hashes of, each one for one."""
    landed = Workspace.open(home).landing.captures()
    facts = landed.select("feed_id", "feed_date", "captured_at", "blob_id", "capture_id")
    names = Names({tuple(key): name for *key, name in facts.iter_rows()}, {}, {})
    entries = {
        (capture_id, position): hashes
        for capture_id, position, *hashes in query(
            home, "select capture_id, position, content_id, own_id from raw.entry"
        )
    }
    for look in looks:
        for row in look.rows:
            content_id, own_id = entries.pop((names.captures[look.key], row.position))
            assert names.texts.setdefault(row.text, content_id) == content_id
            if row.identity.source_id is None:
                assert re.fullmatch("title:[0-9a-f]{20}", own_id)
                names.titles.setdefault(row.identity, own_id)
            assert names.own_id(row.identity) == own_id
    assert not entries, "entries that the oracle does not know"
    for hashes in (names.captures, names.texts, names.titles):
        assert len(set(hashes.values())) == len(hashes), "two things bear one name"
    return names
