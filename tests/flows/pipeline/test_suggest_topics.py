"""That proposals name the papers behind them, and leave out what the dictionary has."""

import duckdb
import pytest

from config.taxonomy import check_topics
from flows.pipeline.suggest_topics import suggest
from tests.taxonomies import small_document
from transforms.taxonomy import build_taxonomy

TABLES = """
create schema core;
create schema raw;
create table core.feed_paper as
    select
        'daily' as feed_id,
        'p' || n as paper_id,
        date '2025-01-01' + n::integer as first_feed_date
    from range(200) as numbers(n);
create table core.paper as
    select
        'p' || n as paper_id,
        case when n >= 170 then 'Sudden insight and RAG' else 'Of other things' end as title,
        n as content_id,
        n as votes
    from range(200) as numbers(n);
create table raw.content as
    select n as content_id, 'Text of number ' || n as abstract from range(200) as numbers(n);
create table core.topic (taxonomy_version varchar, topic_id varchar, level varchar);
create table core.paper_topic as
    select '1' as taxonomy_version, 'p' || n as paper_id, 'rag' as topic_id, 'dictionary' as method
    from range(100) as numbers(n);
insert into core.topic values ('1', 'rag', 'topic');
"""


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    """A warehouse of 200 papers, one a day; the newest thirty have a phrase of their own."""
    made = duckdb.connect()
    made.execute(TABLES)
    return made


def test_a_phrase_of_the_newest_papers_is_proposed_with_the_papers_behind_it(
    connection: duckdb.DuckDBPyConnection,
):
    found = suggest(connection, build_taxonomy(check_topics(small_document())), 30, None, 5)
    assert (found.papers, found.recent_papers, found.unnamed_papers) == (200, 30, 100)
    assert str(found.since) == "2025-06-20"
    (proposal,) = found.rising
    assert (proposal.papers, proposal.others) == (30, 0)
    assert proposal.phrase in {"sudden insight", "insight", "sudden", "sudden insight and rag"}
    assert [paper.paper_id for paper in proposal.papers_behind] == [
        "p199",
        "p198",
        "p197",
        "p196",
        "p195",
    ]


def test_another_feed_has_no_papers_to_propose_from(connection: duckdb.DuckDBPyConnection):
    found = suggest(connection, build_taxonomy(check_topics(small_document())), 30, "weekly", 5)
    assert (found.papers, found.since, found.rising, found.unnamed) == (0, None, [], [])
