"""Full-text search over the published papers; the connection may be read-only.

The index is two tables, ``core.search_word`` and ``core.search_paper``, that a run brings up to
date for the papers that it touches; ``mart.search`` asks it, in SQL too.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import duckdb
import polars as pl

from warehouse.load import registered
from warehouse.migrate import read_query, read_sql_file

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class Found:
    """A paper that was found; null where its captures do not say."""

    paper_id: str
    title: str
    authors: tuple[str, ...]
    paper_date: date | None
    """Its first date on a daily list, else of publication, else of the first look."""
    votes: int | None
    primary_topic_id: str | None
    words_found: int
    """How many of the distinct words that were asked for it has."""
    relevance: float
    """BM25F; see ``mart.search``."""
    score: float
    """The relevance, up to half as much again for a new paper: the order."""


@dataclass(frozen=True)
class Answer:
    """The best papers, best first, and how many there are."""

    papers: tuple[Found, ...]
    papers_found: int


def search(
    connection: duckdb.DuckDBPyConnection,
    words: str,
    *,
    author: str | None = None,
    topic: str | None = None,
    since: date | None = None,
    limit: int = 15,
    any_word: bool = False,
) -> Answer:
    """Return the papers with all the words, or with ``any_word`` with one of them.

    Title, abstract, authors and names of topics are searched, without regard to case, accents and
    plurals; words in double quotes must stand together. ``author`` is the words of one name,
    ``topic`` an id, ``since`` the earliest ``paper_date``.

    Raises:
        SchemaError: by the connection, of a file that was published before there was an index.
    """
    rows = connection.execute(
        read_query("search"),
        {
            "words": words,
            "any_word": any_word,
            "author": author,
            "topic": topic,
            "since": since,
            "rows": limit,
        },
    ).fetchall()
    papers = tuple(
        Found(paper_id, title, tuple(authors or ()), *others)
        for paper_id, title, authors, *others, _ in rows
    )
    return Answer(papers, rows[0][-1] if rows else 0)


def count_papers_by_word(connection: duckdb.DuckDBPyConnection, words: str) -> dict[str, int]:
    """Return how many papers have each word of a search, as it is folded; 0 where none has."""
    return dict(connection.execute(read_query("search_words"), {"words": words}).fetchall())


def list_words(connection: duckdb.DuckDBPyConnection) -> Sequence[str]:
    """Return the words of several papers: what a mistyped one may have been."""
    rows = connection.execute(
        "select word from core.search_word group by word having count(*) > 1 order by word"
    ).fetchall()
    return [word for (word,) in rows]


def find_unindexed(connection: duckdb.DuckDBPyConnection) -> bool:
    """Find the papers that are to be indexed: the touched ones whose texts are others than were
    indexed, and those that the index lacks; take what is out of date out of it. Tell whether there
    are any.
    """
    connection.execute(read_sql_file("derivations/40_search"))
    return bool(connection.execute("select 1 from indexed_paper limit 1").fetchall())


def read_unindexed(
    connection: duckdb.DuckDBPyConnection, part_bytes: int
) -> Iterator[pl.DataFrame]:
    """Yield (paper_id, title, author, topic, abstract) of those that were found, about so many
    bytes at a time, each part in the order of its ids.
    """
    parts = connection.execute(read_query("indexed_parts"), {"part_bytes": part_bytes}).fetchall()
    for first, last in parts:
        texts: pl.DataFrame = connection.sql(
            read_query("indexed_texts"), params={"first": first, "last": last}
        ).pl()
        yield texts


def read_words(connection: duckdb.DuckDBPyConnection, tokens: pl.DataFrame) -> pl.DataFrame:
    """Return the words (number, word) of tokens (number, token), by the rule by which a search
    reads what is asked for.
    """
    with registered(connection, token=tokens):
        words: pl.DataFrame = connection.sql(read_query("token_words")).pl()
    return words


def append_to_index(
    connection: duckdb.DuckDBPyConnection, words: "pa.Table", papers: pl.DataFrame
) -> None:
    """Add papers that were found to the index, and their words, which come in their order: a word
    is looked for where its rows lie together.
    """
    with registered(connection, words=words, papers=papers):
        connection.execute("insert into core.search_word by name from words")
        connection.execute(
            "insert into core.search_paper by name"
            " select papers.*, text_digest from papers inner join indexed_paper using (paper_id)"
        )
