"""Shares of topics and their growth, held against those of scipy and worked out by hand."""

from math import log, sqrt
from pathlib import Path
from typing import Any

import duckdb
import pytest
from scipy.stats import binomtest

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
