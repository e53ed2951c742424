"""The mix of topics by month, and the votes of novel papers, in numbers worked out by hand."""

from math import exp, log, sqrt
from pathlib import Path

import duckdb
import pytest

VIEWS = Path(__file__).parents[2] / "warehouse" / "views" / "70_topic_mix.sql"
TABLES = """
create schema core;
create schema mart;
create table mart.topic_period as
    select
        'daily' as feed_id,
        '1' as taxonomy_version,
        'month' as grain,
        date '2025-01-01' as period_start,
        papers,
        40 as observed,
        is_testable
    from (values (10, true), (10, true), (0, true), (7, false)) as rows(papers, is_testable);
create table mart.paper_novelty as
    select 'daily' as feed_id, 'p' || n as paper_id, n as rarest_pair_log_odds
    from range(8) as numbers(n);
create table core.paper_votes as
    select
        'daily' as feed_id,
        'p' || n as paper_id,
        timestamp '2025-01-01' + to_hours(n::integer + 24 * age) as captured_at,
        age as age_days,
        case age when 5 then 1000 when 0 then 0 else [15, 7, 3, 3, 3, 3, 3, 1][n + 1] end as votes
    from range(8) as numbers(n), (values (0), (1), (5)) as ages(age);
"""


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    made = duckdb.connect()
    made.execute(TABLES)
    made.execute(VIEWS.read_text(encoding="utf-8"))
    return made


def test_two_topics_of_one_size_have_the_entropy_of_two_and_its_correction(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    query = "select topics, assignments, entropy, effective_topics from mart.topic_mix"
    ((topics, assignments, entropy, effective),) = connection.execute(query).fetchall()
    assert (topics, assignments) == (2, 20)
    assert entropy == pytest.approx(log(2) + 1 / 40, abs=1e-6)
    assert effective == pytest.approx(exp(entropy), abs=1e-3)


def test_the_most_novel_quarter_is_held_against_the_least_at_the_same_age(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    query = "select papers, ratio, ratio_low, ratio_high from mart.novelty_votes where quarter = 1"
    ((papers, ratio, low, high),) = connection.execute(query).fetchall()
    assert papers == 2
    novel, usual = (log(16), log(8)), (log(4), log(2))
    variance = sum((a - b) ** 2 / 4 for a, b in (novel, usual))
    middle = (sum(novel) - sum(usual)) / 2
    assert ratio == pytest.approx(exp(middle), abs=1e-3)
    assert low == pytest.approx(exp(middle - 1.96 * sqrt(variance)), abs=1e-3)
    assert high == pytest.approx(exp(middle + 1.96 * sqrt(variance)), abs=1e-3)
