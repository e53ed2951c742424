"""Versions of a paper's text, derived in a real DuckDB from looks that are written out whole."""

import itertools
import shutil
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import duckdb
import pytest

from warehouse.derive import derive_papers
from warehouse.load import begin_load
from warehouse.migrate import migrate

PAPER = "arxiv:2501.00001"


def at(hour: int) -> datetime:
    return datetime(2025, 6, 2, hour)  # noqa: DTZ001 - naive UTC, as everywhere


class Seen(NamedTuple):
    """One entry of the paper: when, which abstract, by whom, in which feed."""

    captured_at: datetime | None
    abstract: str | None
    authors: str = "Ada"
    feed_id: str = "good"
    title: str = "a title"

    @property
    def content_key(self) -> str | None:
        return f"{self.title}/{self.abstract}" if self.abstract else None

    @property
    def content_id(self) -> str:
        return f"{self.title}/{self.abstract}/{self.authors}"


@pytest.fixture
def warehouse(feeds_alone: Path, tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(shutil.copy(feeds_alone, tmp_path / "warehouse.duckdb")) as connection:
        begin_load(connection, "run", at(0))
        yield connection


@pytest.fixture(scope="module")
def feeds_alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a file that holds three feeds, of which each test has a copy."""
    file = tmp_path_factory.mktemp("feeds") / "warehouse.duckdb"
    with duckdb.connect(file) as connection:
        migrate(connection)
        connection.execute(
            """
            insert into core.feed by name
            select *, 'run' as run_id, now()::timestamp as loaded_at
            from (values
                ('good', 'Good', 'daily_list', 'site', 20, 'UTC'),
                ('poor', 'Poor', 'search', 'site', 10, null),
                ('other', 'Other', 'daily_list', 'other', 15, 'UTC')
            ) as feed (feed_id, name, kind, family, source_rank, time_zone)
            """
        )
    return file


Versions = list[tuple[str, int, datetime, datetime | None, bool, str | None, str]]


def versions_of(warehouse: duckdb.DuckDBPyConnection, seen: Sequence[Seen]) -> Versions:
    """Return (family, version, valid_from, valid_to, is_current, content_key, content_id)."""
    for table in ("raw.capture", "raw.entry", "raw.content", "core.paper_alias"):
        warehouse.execute(f"delete from {table}")
    warehouse.execute(
        "insert into core.paper_alias values (?, ?, 'run', now()::timestamp)", [PAPER, PAPER]
    )
    for number, one in enumerate(seen):
        warehouse.execute(
            """
            insert into raw.capture by name
            select ?::varchar as capture_id, feed_id, kind, ?::timestamp as captured_at,
                'hf_api' as format, 'p/1' as parser_version, 'r' as rules_digest, 1 as bytes,
                1 as entries_seen, 1 as entries_accepted, 0 as entries_rejected,
                0 as entries_held, false as is_truncated, 'loaded' as state, 'run' as run_id,
                now()::timestamp as loaded_at
            from core.feed where feed_id = ?
            """,
            [f"capture-{number}", one.captured_at, one.feed_id],
        )
        warehouse.execute(
            """
            insert into raw.entry by name
            select ?::varchar as capture_id, 0 as position, ?::varchar as own_id,
                ?::varchar as title_key, ?::varchar as content_key, ?::varchar as content_id,
                'run' as run_id, now()::timestamp as loaded_at
            """,
            [f"capture-{number}", PAPER, one.title, one.content_key, one.content_id],
        )
    for content_id, title, abstract in {(one.content_id, one.title, one.abstract) for one in seen}:
        warehouse.execute(
            "insert into raw.content by name select ?::varchar as content_id, ?::varchar as title,"
            " ?::varchar as abstract, 'run' as run_id, now()::timestamp as loaded_at",
            [content_id, title, abstract],
        )
    warehouse.execute(f"create or replace temp table touched_paper as select '{PAPER}' as paper_id")
    derive_papers(warehouse)
    return warehouse.execute(
        "select family, version, valid_from, valid_to, is_current, content_key, content_id"
        " from core.paper_version order by family, version"
    ).fetchall()


def test_another_abstract_is_another_version(warehouse: duckdb.DuckDBPyConnection) -> None:
    seen = [Seen(at(1), "x"), Seen(at(2), "x"), Seen(at(3), "y")]
    assert versions_of(warehouse, seen) == [
        ("site", 1, at(1), at(3), False, "a title/x", "a title/x/Ada"),
        ("site", 2, at(3), None, True, "a title/y", "a title/y/Ada"),
    ]


def test_a_text_that_comes_back_is_a_third_version(warehouse: duckdb.DuckDBPyConnection) -> None:
    seen = [Seen(at(1), "x"), Seen(at(2), "y"), Seen(at(3), "x")]
    found = [(row[2], row[3], row[5]) for row in versions_of(warehouse, seen)]
    assert found == [
        (at(1), at(2), "a title/x"),
        (at(2), at(3), "a title/y"),
        (at(3), None, "a title/x"),
    ]


def test_a_late_capture_splits_the_version_that_it_falls_into(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    before = [Seen(at(1), "x"), Seen(at(5), "x")]
    assert [row[2:4] for row in versions_of(warehouse, before)] == [(at(1), None)]
    late = [*before, Seen(at(3), "y")]
    assert [(*row[2:4], row[5]) for row in versions_of(warehouse, late)] == [
        (at(1), at(3), "a title/x"),
        (at(3), at(5), "a title/y"),
        (at(5), None, "a title/x"),
    ]


def test_a_capture_from_before_the_first_moves_its_start(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    seen = [Seen(at(5), "x"), Seen(at(2), "x")]
    assert [row[2:4] for row in versions_of(warehouse, seen)] == [(at(2), None)]


def test_of_two_texts_at_one_instant_one_wins_and_the_other_makes_no_version(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    seen = [Seen(at(1), "y"), Seen(at(1), "x"), Seen(at(2), "y")]
    assert [(*row[2:4], row[5]) for row in versions_of(warehouse, seen)] == [
        (at(1), None, "a title/y")
    ]


def test_at_one_instant_the_better_source_wins(warehouse: duckdb.DuckDBPyConnection) -> None:
    seen = [Seen(at(1), "z", feed_id="poor"), Seen(at(1), "x", feed_id="good")]
    assert [row[5] for row in versions_of(warehouse, seen)] == ["a title/x"]


def test_a_change_of_authors_alone_makes_no_version_and_the_last_text_is_kept(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    seen = [Seen(at(1), "x", "Ada"), Seen(at(2), "x", "Ada and Ben")]
    assert versions_of(warehouse, seen) == [
        ("site", 1, at(1), None, True, "a title/x", "a title/x/Ada and Ben")
    ]


def test_a_version_shows_the_text_of_the_better_source(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    seen = [Seen(at(1), "x", "Ada"), Seen(at(2), "x", "no authors", feed_id="poor")]
    assert versions_of(warehouse, seen)[0][-1] == "a title/x/Ada"


def test_a_look_at_an_unknown_time_makes_no_version(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert versions_of(warehouse, [Seen(None, "x")]) == []
    assert [row[5] for row in versions_of(warehouse, [Seen(None, "x"), Seen(at(1), "y")])] == [
        "a title/y"
    ]


def test_each_family_of_sources_has_versions_of_its_own(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    seen = [Seen(at(1), "x"), Seen(at(2), "y", feed_id="other"), Seen(at(3), "x")]
    assert [(row[0], *row[2:4], row[5]) for row in versions_of(warehouse, seen)] == [
        ("other", at(2), None, "a title/y"),
        ("site", at(1), None, "a title/x"),
    ]


def test_an_entry_without_an_abstract_is_no_other_wording(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    seen = [Seen(at(1), "x"), Seen(at(2), None), Seen(at(3), "x")]
    assert [row[2:4] for row in versions_of(warehouse, seen)] == [(at(1), None)]


def test_where_no_abstract_is_ever_shown_another_title_is_another_version(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    seen = [Seen(at(1), None), Seen(at(2), None, title="b title")]
    assert [(*row[2:4], row[5]) for row in versions_of(warehouse, seen)] == [
        (at(1), at(2), None),
        (at(2), None, None),
    ]


@pytest.mark.slow
def test_the_order_in_which_looks_are_loaded_does_not_matter(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    seen = [Seen(at(1), "x"), Seen(at(2), "y", feed_id="poor"), Seen(at(2), "x"), Seen(at(4), "y")]
    expected = versions_of(warehouse, seen)
    for order in itertools.permutations(seen):
        assert versions_of(warehouse, order) == expected


WHOLE = "We look at small mirrors in large rooms with care and find that light comes back. " * 4


@pytest.mark.parametrize(
    "shown, versions",
    [
        (WHOLE[:80] + "...", 1),
        (WHOLE[:80] + " [...]", 1),
        (WHOLE[:80] + " [two]", 3),
        (WHOLE[:80] + "…", 1),
        (WHOLE[:210], 1),
        (WHOLE[:80], 3),
        ("Another wording ...", 3),
    ],
)
def test_a_cut_of_a_known_abstract_is_no_version(
    warehouse: duckdb.DuckDBPyConnection, shown: str, versions: int
) -> None:
    seen = [Seen(at(1), WHOLE), Seen(at(2), shown, feed_id="poor"), Seen(at(3), WHOLE)]
    assert len(versions_of(warehouse, seen)) == versions


def test_a_cut_abstract_is_a_version_where_nobody_shows_the_whole(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    cut = Seen(at(1), WHOLE[:80] + "...")
    assert [(row[0], row[1]) for row in versions_of(warehouse, [cut])] == [("site", 1)]
    # what another site shows is known, and an entry that is cut shows an abstract all the same
    seen = [cut, Seen(at(2), WHOLE, feed_id="other")]
    assert [(row[0], row[1]) for row in versions_of(warehouse, seen)] == [("other", 1)]
    query = "select abstract from core.paper inner join raw.content using (content_id)"
    assert warehouse.execute(query).fetchall() == [(WHOLE,)]
    seen.append(Seen(at(3), None))
    assert [(row[0], row[1]) for row in versions_of(warehouse, seen)] == [("other", 1)]


def titles_as_of(warehouse: duckdb.DuckDBPyConnection, *hours: int) -> list[str]:
    """Return the title of the paper as of each of some hours."""
    query = "select title from mart.paper_as_of(?::timestamp)"
    return [warehouse.execute(query, [at(hour)]).fetchall()[0][0] for hour in hours]


def test_a_cut_of_a_known_abstract_brings_no_title_into_the_past(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    whole = "We look at small mirrors with care, and they add up."
    seen = [
        Seen(at(1), "We look at small ...", title="early cut"),
        Seen(at(2), whole, title="whole"),
        Seen(at(3), "We look at small mirrors ...", title="late cut"),
        # a source that ranks lower, and another family, do not take part
        Seen(at(4), whole, title="poor", feed_id="poor"),
        Seen(at(5), f"{whole} Indeed.", title="other", feed_id="other"),
    ]
    versions_of(warehouse, seen)
    # a cut is one only once what it is cut from is known
    assert titles_as_of(warehouse, 1, 2, 3, 4, 5) == [
        "early cut",
        "whole",
        "whole",
        "whole",
        "whole",
    ]
    (title,) = warehouse.execute("select title from core.paper").fetchall()[0]
    assert title == "whole"
