"""Papers of very many texts, and DOIs of very many titles: no work grows with their square."""

from collections.abc import Iterator

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
