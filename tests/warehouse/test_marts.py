"""Views for people, on tables of our own: gains of votes, terms by period, authors."""

from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from tests.flows.captures import DAY, Bench, api_body, api_entry, write
from warehouse.migrate import read_sql_file

VOTES = """
create schema core;
create schema mart;
create macro core.end_of(instant) as instant::timestamp;
create table core.paper_votes as
from (values
    ('daily', 'old', timestamp '2026-01-01 00:00', 2),
    ('daily', 'old', timestamp '2026-01-02 06:00', 5),
    ('daily', 'old', timestamp '2026-01-09 00:00', 9),
    ('daily', 'new', timestamp '2026-01-08 12:00', 1),
    ('daily', 'new', timestamp '2026-01-09 00:00', 8),
    ('daily', 'gone', timestamp '2026-01-01 00:00', 3)
) as votes(feed_id, paper_id, captured_at, votes);
"""
LOOKS = """
create schema core;
create schema mart;
create macro core.end_of(instant) as instant::timestamp;
create table core.entry as
from (values
    ('daily', 'a', date '2026-01-08', timestamp '2026-01-08 12:00', true),
    ('daily', 'a', date '2026-01-02', timestamp '2026-02-01 00:00', true),
    ('daily', 'a', date '2026-01-01', null, true)
) as entries(feed_id, paper_id, feed_date, captured_at, is_of_list);
create table core.paper_metric as
from (values
    ('daily', 'a', timestamp '2026-01-08 12:00', 4),
    ('daily', 'a', timestamp '2026-01-09 12:00', 6)
) as metrics(feed_id, paper_id, captured_at, votes);
"""
TERMS = """
create schema core;
create schema mart;
create table core.paper_term as
from (values
    ('a', 'worldmodel', 'world models'),
    ('b', 'worldmodel', 'World-Model'),
    ('c', 'worldmodel', 'world models'),
    ('a', 'rare', 'rare')
) as terms(paper_id, term_key, term);
create table core.feed_paper as
from (values
    ('daily', 'a', date '2026-01-05'),
    ('daily', 'b', date '2026-01-14'),
    ('daily', 'c', date '2026-01-14')
) as listed(feed_id, paper_id, first_feed_date);
create table mart.feed_coverage as
from (values
    ('daily', 'week', date '2026-01-05', 10, true, 1),
    ('daily', 'week', date '2026-01-12', 20, true, 1)
) as coverage(feed_id, grain, period_start, papers, is_testable, stretch);
"""


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def test_votes_are_gained_between_two_looks_and_a_window_seen_in_part_says_so(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    connection.execute(VOTES)
    connection.execute(read_sql_file("views/80_gain"))
    gains = connection.execute(
        "select paper_id, gained, hours, is_whole from mart.paper_gain where window_days = 7"
    ).fetchall()
    # of what was only seen before the window nothing is known in it
    assert gains == [("new", 7, 12.0, False), ("old", 7, 192.0, True)]
    (before,) = connection.execute(
        "select paper_id, gained from mart.paper_gain_as_of('2026-01-03') where window_days = 7"
    ).fetchall()
    assert before == ("old", 3)


def test_an_older_list_that_is_looked_at_later_makes_no_paper_older_as_of_an_earlier_instant(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    connection.execute(LOOKS)
    connection.execute(read_sql_file("views/40_votes"))
    query = "select age_days, votes, gained from mart.trending_as_of('2026-01-10')"
    assert connection.execute(query).fetchall() == [(1, 6, 2)]
    # now the lists of before are known, also that of a look without a time
    query = "select age_days, votes, gained from mart.paper_trend"
    assert connection.execute(query).fetchall() == [(8, 6, 2)]


def test_the_spellings_of_a_term_are_counted_as_one_and_rare_terms_are_left_out(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    connection.execute(TERMS)
    connection.execute(read_sql_file("views/15_periods"))
    connection.execute(read_sql_file("views/90_terms"))
    periods = connection.execute(
        "select term, period_start::varchar, papers, observed, papers_before, observed_before,"
        " papers_in_all, spellings from mart.term_period order by period_start"
    ).fetchall()
    assert periods == [
        ("world models", "2026-01-05", 1, 10, 0, None, 3, 2),
        ("world models", "2026-01-12", 2, 20, 1, 10, 3, 2),
    ]


def test_votes_by_age_are_those_of_the_first_look_at_that_age(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Bench(tmp_path, monkeypatch)
    day = date.fromisoformat(DAY)
    # three papers: looked at on days 0, 1, 2 and 8; on days 0 and 3; on day 0 alone
    for age, votes in ((0, [1, 5, 9]), (1, [2]), (2, [3]), (3, [None, 6]), (8, [4]), (10, [7])):
        entries = [
            api_entry(number, paper={"upvotes": count})
            for number, count in enumerate(votes)
            if count is not None
        ]
        name = f"{day + timedelta(days=age):%Y%m%d}T120000Z.json"
        write(bench.inbox / "a" / DAY / name, api_body(entries))
    assert bench.ingest().code == 0
    told = "select votes_1d, votes_7d, votes, feeds from mart.paper order by paper_id"
    assert bench.rows(told) == [
        (2, 4, 7, ["hf-daily"]),
        (None, None, 6, ["hf-daily"]),
        (None, None, 9, ["hf-daily"]),
    ]


def test_periods_add_up_only_where_their_mix_has_every_paper_once_per_attribute(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    connection.execute(
        "create schema mart;"
        " create table mart.feed_coverage as from (values"
        " ('daily', 'month', date '2026-01-01', 31, 3),"
        " ('daily', 'month', date '2026-02-01', 28, 0)"
        ") as coverage(feed_id, grain, period_start, days, papers);"
        " create table mart.feed_mix as"
        " select 'daily' as feed_id, 'month' as grain, date '2026-01-01' as period_start,"
        " unnest(['age', 'category', 'id', 'text']) as attribute, 3 as papers"
    )
    check = read_sql_file("checks/integrity/periods_add_up")
    assert connection.execute(check).fetchall() == []
    connection.execute("delete from mart.feed_mix where attribute = 'id'")
    ((*_, papers, counted, attribute),) = connection.execute(check).fetchall()
    assert (papers, counted, attribute) == (3, 0, "id")
