"""What is read from the marts of trends."""

import duckdb

from warehouse.trend_answers import read_slow_trends

TABLES = """
create schema core;
create schema mart;
create table core.topic as
    select '1' as taxonomy_version, 'agents' as topic_id, 'LLM agents' as name;
create table mart.trend_list as
    select
        'daily' as feed_id,
        'month' as grain,
        n as stretch,
        if(n = 3, 0, 9) as topics,
        date '2024-01-01' as first_period,
        date '2024-12-01' as last_period
    from range(1, 4) as numbers(n);
create table mart.topic_trend as
    select
        'daily' as feed_id,
        '1' as taxonomy_version,
        'agents' as topic_id,
        'month' as grain,
        n as stretch,
        12 as periods,
        50 as papers,
        900 as observed,
        0.01 as share_first,
        0.09 as share_last,
        0.08 as slope_per_year,
        0.05 as slope_low,
        0.10 as slope_high,
        0.01 as q_value,
        true as is_shown
    from range(1, 3) as numbers(n);
"""


def test_slow_trends_are_those_of_the_newest_stretch_that_was_searched_or_none():
    connection = duckdb.connect()
    connection.execute(TABLES)
    assert len(read_slow_trends(connection, "daily", None)) == 1
    connection.execute("update mart.topic_trend set is_shown = false where stretch = 2")
    assert read_slow_trends(connection, "daily", None) == []
