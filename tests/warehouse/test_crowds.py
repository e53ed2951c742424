"""Papers of very many texts or looks, DOIs of very many titles, lists of very many looks and
failures: no work grows with their square.
"""

import time
from collections.abc import Callable, Iterator

import duckdb
import pytest

from warehouse.derive import read_neighbourhood
from warehouse.migrate import read_sql_file


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as made:
        made.execute("create schema raw; create schema core")
        made.execute(
            "create table raw.entry (own_id varchar, source_id varchar, content_id varchar,"
            " content_key varchar, title_key varchar)"
        )
        made.execute("create table touched_key (title_key varchar)")
        yield made


@pytest.mark.parametrize(("texts", "cuts"), [(100, ["98"]), (101, [])])
def test_cuts_are_looked_for_among_the_texts_of_a_paper_unless_these_are_very_many(
    connection: duckdb.DuckDBPyConnection, texts: int, cuts: list[str]
) -> None:
    connection.execute(read_sql_file("views/07_cut_texts"))
    connection.execute("create table touched_paper as select 'p' as paper_id")
    connection.execute("create table core.paper_alias as select 'p' as alias_id, 'p' as paper_id")
    connection.execute(
        "create table raw.content as select n::varchar as content_id, 'A title' as title,"
        " if(n = 98, 'Abstract 7...', 'Abstract ' || n || ' of many') as abstract"
        " from range(?) as numbers(n)",
        [texts],
    )
    connection.execute(
        "insert into raw.entry by name select 'p' as own_id, content_id from raw.content"
    )
    until_cuts = read_sql_file("derivations/10_paper").partition(
        "create or replace temp table touched_observation"
    )[0]
    connection.execute(until_cuts)
    assert connection.execute("select content_id from cut_content").fetchall() == [
        (name,) for name in cuts
    ]


def test_the_neighbourhood_goes_on_from_a_title_to_all_titles_of_its_dois(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    entries = [
        ("doi:10.1/a", "one"),
        ("doi:10.1/a", "two"),
        ("doi:10.1/b", "two"),
        ("doi:10.1/b", "three"),
        ("arxiv:1", "three"),
        ("arxiv:1", "four"),
        ("doi:10.1/c", "four"),
        ("doi:10.1/one", "five"),
    ]
    for own_id, title_key in entries:
        connection.execute(
            "insert into raw.entry by name select ? as own_id, own_id as source_id, ? as title_key",
            [own_id, title_key],
        )
    connection.execute("insert into touched_key values ('one')")
    found = read_neighbourhood(connection).select("own_id", "title_key").rows()
    assert sorted(found) == sorted(entries[:5])


def assert_in_proportion(seconds: Callable[[int], float], large: int) -> None:
    """Check that eight times as much takes no more than some eight times as long: 64 times as long
    were it the square."""
    assert seconds(large) < 24 * max(seconds(large // 8), 0.02)


def seconds_of(connection: duckdb.DuckDBPyConnection, sql: str) -> float:
    """Return how much processor time some statements take."""
    begun = time.process_time()
    connection.execute(sql)
    return time.process_time() - begun


WITHDRAWN = """
create or replace table raw.capture as
select
    'c' || n as capture_id, 'feed' as feed_id, 'xml' as format, 'harvest' as kind,
    timestamp '2020-01-01' + to_hours(n) as captured_at, null::date as feed_date,
    'loaded' as state
from range($looks) as numbers(n);
create or replace table raw.entry as
select
    'p' as own_id, capture_id, 0 as position, 1 as source_version,
    null::timestamp as withdrawn_at, true as is_withdrawn
from raw.capture;
create or replace table raw.issue as
select '' as value, '' as capture_id, 0 as position, '' as run_id, 'other' as rule;
create or replace table core.paper_alias as select 'p' as alias_id, 'p' as paper_id;
"""


def test_very_many_looks_at_a_withdrawn_paper_are_not_held_against_each_other(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    def seconds(looks: int) -> float:
        connection.execute(WITHDRAWN.replace("$looks", str(looks)))
        connection.execute(read_sql_file("views/06_status"))
        sql = "create or replace table standing as from core.paper_status"
        return min(seconds_of(connection, sql) for _ in range(2))

    assert_in_proportion(seconds, 20_000)
    known = connection.execute("select status, status_since::varchar from standing").fetchall()
    assert known == [("withdrawn", "2020-01-01 00:00:00")]


FAILED = """
create or replace table raw.capture as
select
    'c' || n as capture_id, 'feed' as feed_id, 'look' || n as look_id,
    date '2020-01-01' + (n // 4)::integer as feed_date,
    timestamp '2020-01-01' + to_hours(6 * n) as captured_at,
    '0' as page, n = 40 as has_next, 1 as entries_seen, false as is_truncated,
    null::varchar as cut_reason, 'loaded' as state, null::varchar as reason,
    null::varchar as decision, 'daily_list' as kind
from range($looks) as numbers(n);
create or replace table raw.entry (capture_id varchar, own_id varchar, stated_date date);
create or replace table raw.failed_look as
select
    'feed' as feed_id, null::date as feed_date, 'no connection' as reason,
    timestamp '2020-01-01 00:30' + to_minutes(20 * n) as failed_at
from range(10 * $looks) as numbers(n);
"""


@pytest.mark.slow
def test_very_many_failures_of_a_list_are_not_held_against_all_of_its_looks(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    def seconds(looks: int) -> float:
        connection.execute(FAILED.replace("$looks", str(looks)))
        return seconds_of(connection, read_sql_file("derivations/25_day_look"))

    assert_in_proportion(seconds, 12_000)
    cut = "select look, cut_because from day_look where is_cut"
    assert connection.execute(cut).fetchall() == [
        ("look40", "the second page failed: no connection")
    ]
