"""The life of a topic in numbers worked out by hand: within one stretch, beside its curve."""

from datetime import date
from pathlib import Path

import duckdb
import pytest

VIEW = Path(__file__).parents[2] / "warehouse" / "views" / "60_topic_life.sql"
TABLES = """
create schema core;
create schema mart;
create table mart.trend_list as
    select 'daily' as feed_id, 'month' as grain, stretch, topics
    from (values (1, 4), (2, 4), (3, 0)) as rows(stretch, topics);
create table mart.topic_period as
    select
        'daily' as feed_id,
        '1' as taxonomy_version,
        topic_id,
        'month' as grain,
        (date '2023-01-01' + to_months(n::integer))::date as period_start,
        case
            when n < 6 then 90
            when topic_id = 'born' and n < 12 then 0
            else [0, 0, 0, 30, 60, 30, 0, 0, 0, 0, 0, 0][n - 11]
        end as papers,
        100 as observed,
        true as is_testable,
        case when n < 6 then 1 when n < 24 then 2 else 3 end as stretch
    from (select * from range(25) as numbers(n) where n < 6 or n >= 12)
    cross join (values ('born'), ('old')) as topics(topic_id);
create table core.feed_paper as
    select 'daily' as feed_id, id as paper_id, first_feed_date
    from (values ('b', date '2024-03-10'), ('o', date '2023-01-02')) as rows(id, first_feed_date);
create table core.paper_topic as
    select id as paper_id, '1' as taxonomy_version, topic_id, 'dictionary' as method
    from (values ('b', 'born'), ('o', 'old')) as rows(id, topic_id);
create table mart.topic_curve as
    select
        'daily' as feed_id,
        '1' as taxonomy_version,
        topic_id,
        2 as stretch,
        'one peak' as course,
        12 as periods,
        120 as papers,
        1200 as observed,
        0.5 as peak_share,
        date '2024-05-10' as peak_date,
        date '2024-04-10' as peak_low,
        date '2024-06-10' as peak_high,
        2.0 as half_life_months,
        1.0 as half_life_low,
        null::double as half_life_high,
        null::double as second_share,
        null::date as second_date,
        null::date as second_low,
        null::date as second_high,
        0.5 as fit_p_value
    from (values ('born'), ('old')) as topics(topic_id);
"""


@pytest.fixture(scope="module")
def lives() -> dict[str, dict[str, object]]:
    connection = duckdb.connect()
    connection.execute(TABLES)
    connection.execute(VIEW.read_text(encoding="utf-8"))
    rows = connection.execute("select * from mart.topic_life")
    names = [column[0] for column in rows.description or []]
    lives = [dict(zip(names, row, strict=True)) for row in rows.fetchall()]
    return {str(life["topic_id"]): life for life in lives}


def test_peak_and_half_life_are_those_of_the_newest_searched_stretch(
    lives: dict[str, dict[str, object]],
) -> None:
    life = lives["born"]
    # the shares of the stretch before, behind a gap, were higher
    assert (life["stretch"], life["papers"], life["observed"], life["months"]) == (2, 120, 1200, 12)
    assert life["peak_month"] == date(2024, 5, 1)
    assert (life["half_month"], life["half_life_months"]) == (date(2024, 7, 1), 2)
    assert life["phase"] == "fallen by half"


def test_the_time_to_a_peak_is_told_only_where_the_birth_was_seen(
    lives: dict[str, dict[str, object]],
) -> None:
    born, old = lives["born"], lives["old"]
    assert born["months_to_peak"] == 2
    assert born["curve_months_to_peak"] == pytest.approx(61 / 30.4375, abs=1e-3)
    assert born["curve_months_to_peak_low"] == pytest.approx(31 / 30.4375, abs=1e-3)
    assert (old["months_to_peak"], old["curve_months_to_peak"]) == (None, None)
    assert old["curve_peak_date"] == date(2024, 5, 10)
