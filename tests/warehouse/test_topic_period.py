"""Shares of topics and their growth, held against those of scipy and worked out by hand."""

from collections.abc import Iterator
from datetime import date, timedelta
from math import log, sqrt
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from tests.conftest import EXAMPLES

WAREHOUSE = Path(__file__).parents[2] / "warehouse"
TABLES = """
create schema core;
create schema mart;
create table core.feed_paper as
    select
        'daily' as feed_id,
        'p' || n as paper_id,
        date '2025-01-06' + 7 * (n // 6)::integer as first_feed_date
    from range(12) as numbers(n);
create table core.topic as
    select '1' as taxonomy_version, topic_id, 'topic' as level
    from (values ('every'), ('more')) as topics(topic_id);
create table core.paper_topic as
    select paper_id, '1' as taxonomy_version, topic_id, 'dictionary' as method
    from core.feed_paper, core.topic
    where topic_id = 'every' or paper_id in ('p0', 'p6', 'p7', 'p8');
create table mart.feed_coverage as
    select
        'daily' as feed_id,
        'week' as grain,
        date '2025-01-06' + 7 * week::integer as period_start,
        6 as papers,
        1.0 as coverage_share,
        1.0 as complete_share,
        true as is_testable,
        1 as stretch
    from range(2) as weeks(week);
create table mart.topic_period (
    feed_id varchar, taxonomy_version varchar, topic_id varchar, grain varchar, period_start date,
    papers integer, observed integer, share double, share_low double, share_high double,
    share_average_4 double, growth double, growth_low double, growth_high double, growth_z double,
    share_rank integer, growth_rank integer, coverage_share double, complete_share double,
    is_testable boolean, stretch integer
);
create temp table coverage_before as from mart.feed_coverage limit 0;
create temp table touched_day (feed_id varchar, feed_date date);
"""


@pytest.fixture(scope="module")
def periods() -> list[tuple[Any, ...]]:
    made = duckdb.connect()
    made.execute(TABLES)
    made.execute((WAREHOUSE / "views" / "15_periods.sql").read_text(encoding="utf-8"))
    made.execute((WAREHOUSE / "marts" / "20_topic_period.sql").read_text(encoding="utf-8"))
    return made.execute(
        "select topic_id, papers, share_low, share_high, growth_z, growth_rank"
        " from mart.topic_period order by topic_id, period_start"
    ).fetchall()


def test_shares_have_the_wilson_interval_of_scipy(periods: list[tuple[Any, ...]]) -> None:
    for _, papers, low, high, *_ in periods:
        expected = binomtest(papers, 6).proportion_ci(method="wilson")
        assert (low, high) == pytest.approx((expected.low, expected.high), abs=1e-4)


def test_a_topic_of_every_paper_has_no_growth_and_no_rank(
    periods: list[tuple[Any, ...]],
) -> None:
    error = sqrt(1 / 3.5 - 1 / 6.5 + 1 / 1.5 - 1 / 6.5)
    assert [(topic, z, rank) for topic, *_, z, rank in periods] == [
        ("every", None, None),
        ("every", 0.0, None),
        ("more", None, None),
        ("more", pytest.approx(log(3.5 / 1.5) / error, abs=1e-8), 1),
    ]


State = tuple[list[tuple[int, int]], list[tuple[bool, int]]]
"""Papers as (week, topics by bit), and of every week whether it is testable, and its stretch."""
_WEEKS = 12
_states = st.tuples(
    st.lists(st.tuples(st.integers(0, _WEEKS - 1), st.integers(0, 7)), min_size=1, max_size=30),
    st.lists(
        st.tuples(st.sampled_from((True, True, True, False)), st.integers(1, 2)),
        min_size=_WEEKS,
        max_size=_WEEKS,
    ),
)


@pytest.fixture(scope="module")
def made() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(TABLES)
        views = (WAREHOUSE / "views" / "15_periods.sql").read_text(encoding="utf-8")
        connection.execute(views)
        connection.execute(
            "insert into core.topic select '1', 't' || n, 'topic' from range(3) as ts(n)"
        )
        yield connection


def _lay(made: duckdb.DuckDBPyConnection, state: State) -> None:
    """Let there be these papers, and these weeks; a stretch goes on to the next testable week."""
    papers, weeks = state
    first = date(2025, 1, 6)
    made.execute("create or replace temp table listed_before as from core.feed_paper")
    made.execute("create or replace temp table topics_before as from core.paper_topic")
    made.execute("create or replace temp table coverage_before as from mart.feed_coverage")
    made.execute("delete from core.feed_paper; delete from core.paper_topic")
    made.execute("delete from mart.feed_coverage")
    for number, (week, topics) in enumerate(papers):
        day = first + timedelta(days=7 * week)
        made.execute("insert into core.feed_paper values ('daily', ?, ?)", [f"p{number}", day])
        for topic in range(3):
            if topics >> topic & 1:
                values = [f"p{number}", f"t{topic}"]
                made.execute(
                    "insert into core.paper_topic values (?, '1', ?, 'dictionary')", values
                )
    made.execute(_TOUCHED)
    stretch = 0
    for week, (is_testable, begins) in enumerate(weeks):
        count = sum(of == week for of, _ in papers)
        is_tested = is_testable and count > 0
        stretch += begins - 1 if is_tested else 0
        made.execute(
            "insert into mart.feed_coverage values ('daily', 'week', ?, ?, 1.0, 1.0, ?, ?)",
            [first + timedelta(days=7 * week), count, is_tested, stretch if is_tested else None],
        )


_TOUCHED = """
create or replace temp table touched_paper as
select paper_id from (from core.feed_paper except from listed_before)
union
select paper_id from (from listed_before except from core.feed_paper)
union
select paper_id from (from core.paper_topic except from topics_before)
union
select paper_id from (from topics_before except from core.paper_topic);

create or replace temp table touched_day as
select feed_id, first_feed_date as feed_date
from (from core.feed_paper union from listed_before)
where paper_id in (from touched_paper)
"""


def _rebuild(made: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    made.execute((WAREHOUSE / "marts" / "20_topic_period.sql").read_text(encoding="utf-8"))
    return made.execute(
        "select * from mart.topic_period order by topic_id, period_start"
    ).fetchall()


@pytest.mark.slow
@settings(max_examples=EXAMPLES or 12)
@given(before=_states, after=_states, kept=st.integers(0, _WEEKS))
def test_what_a_run_leaves_as_it_is_a_whole_rebuild_gives_as_well(
    made: duckdb.DuckDBPyConnection, before: State, after: State, kept: int
) -> None:
    # the history before some week is the same
    papers = [one for one in before[0] if one[0] < kept] + [
        one for one in after[0] if one[0] >= kept
    ]
    _lay(made, before)
    made.execute("delete from mart.topic_period")
    _rebuild(made)
    _lay(made, (papers, before[1][:kept] + after[1][kept:]))
    narrow = _rebuild(made)
    made.execute("delete from mart.topic_period")
    assert narrow == _rebuild(made)
