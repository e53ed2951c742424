"""The phrases that drive a burst, held against the papers of the feed before it."""

from datetime import date

import duckdb
import pytest

from flows.pipeline.burst_phrases import PhraseMemory, add_phrases
from warehouse.trend_answers import Burst, TrendList

FIRST, START, LAST = date(2025, 1, 6), date(2025, 3, 3), date(2025, 3, 10)
TABLES = """
create schema core;
create schema raw;
create schema mart;
create table core.feed_paper as
    select
        if(n < 260, 'daily', 'other') as feed_id,
        'p' || n as paper_id,
        case
            when n < 10 then date '2024-12-30'
            when n < 200 then date '2025-01-06' + (n % 56)::integer
            when n < 250 then date '2025-03-03' + (n % 14)::integer
            else date '2025-03-17'
        end as first_feed_date
    from range(300) as numbers(n);
create table core.paper as
    select
        'p' || n as paper_id,
        n as content_id,
        case
            when n >= 200 or n < 10 then 'Slow thinking helps models'
            when n % 20 = 0 then 'Slow thinking of people'
            else 'Models of other things'
        end as title
    from range(300) as numbers(n);
create table raw.content as
    select n as content_id, if(n % 2 = 0, null, 'Text') as abstract from range(300) as numbers(n);
create table core.paper_topic as
    select 'p' || n as paper_id, 'thinking' as topic_id, 'dictionary' as method
    from range(220, 300) as numbers(n);
create table mart.topic_burst as
    select
        'daily' as feed_id,
        'thinking' as topic_id,
        'week' as grain,
        2 as stretch,
        date '2025-03-03' as start_period,
        null::date as end_period;
create table mart.trend_list as
    select
        'daily' as feed_id,
        'week' as grain,
        2 as stretch,
        date '2025-01-06' as first_period,
        date '2025-03-10' as last_period;
"""


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    """Thirty papers of a burst in two weeks, 190 of the feed before it; others before and after."""
    made = duckdb.connect()
    made.execute(TABLES)
    return made


def trends_of(*bursts: Burst) -> TrendList:
    return TrendList(
        "daily", "week", FIRST, LAST, 10, 1, 1, 1, 0.05, 0.05, 20, bursts, slow=(), not_compared=()
    )


def burst() -> Burst:
    days = (START, LAST, LAST, None)
    return Burst("daily", "thinking", "Thinking", *days, "active", 9.0, 30, 50, 1.0, 30.0)


def test_a_burst_tells_the_phrase_of_its_papers_and_how_few_used_it_before(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    told = add_phrases(connection, trends_of(burst())).bursts[0].phrases
    assert told is not None
    first = told[0]
    assert first.phrase in "slow thinking helps models"
    assert (first.papers, first.papers_of) == (30, 30)
    assert (first.papers_before, first.papers_before_of) == (0, 190)
    assert first.log_odds_low > 0


def test_a_phrase_that_stands_in_another_of_the_same_papers_is_told_once(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    told = add_phrases(connection, trends_of(burst())).bursts[0].phrases
    assert told is not None
    phrases = [one.phrase for one in told]
    assert not [a for a in phrases for b in phrases if a != b and f" {a} " in f" {b} "]


def test_bursts_after_the_limit_are_not_looked_at(connection: duckdb.DuckDBPyConnection) -> None:
    first, second = add_phrases(connection, trends_of(burst(), burst()), limit=1).bursts
    assert first.phrases
    assert second.phrases is None


def test_phrases_are_remembered_until_a_text_changes(connection: duckdb.DuckDBPyConnection) -> None:
    first = PhraseMemory({})
    told = add_phrases(connection, trends_of(burst()), memory=first)
    assert told == add_phrases(connection, trends_of(burst()))
    (digest,) = first.asked
    second = PhraseMemory({digest: "[]"})
    assert add_phrases(connection, trends_of(burst()), memory=second).bursts[0].phrases == ()
    connection.execute("update core.paper set title = title || ' anew'")
    changed = PhraseMemory(second.asked)
    assert add_phrases(connection, trends_of(burst()), memory=changed).bursts[0].phrases
