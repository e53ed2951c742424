"""What agents ask of one paper, of one topic, and of the tables: whole answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb

from warehouse.connection import Row, rows_as_dicts
from warehouse.exports import list_tables
from warehouse.migrate import read_query
from warehouse.news import NEVER


@dataclass(frozen=True)
class Provenance:
    """The publication that an answer is of; times are naive UTC."""

    publication_id: str | None
    published_at: datetime | None
    newest_captured_at: datetime | None


@dataclass(frozen=True)
class PaperAnswer:
    """One paper: a row of mart.paper, its topics, wordings and votes."""

    paper: Row
    topics: tuple[Row, ...]
    wordings: tuple[Row, ...]
    votes: tuple[Row, ...]


@dataclass(frozen=True)
class TopicAnswer:
    """One topic: its bursts, its newest weeks, and its papers of the last 30 days."""

    topic_id: str
    name: str
    bursts: tuple[Row, ...]
    weeks: tuple[Row, ...]
    papers: tuple[Row, ...]


def read_provenance(connection: duckdb.DuckDBPyConnection) -> Provenance:
    """Return the newest publication of the file."""
    (row,) = _rows(connection, "publications_until", {"since": NEVER})
    return Provenance(row["publication_id"], row["published_at"], row["newest_captured_at"])


def read_paper(connection: duckdb.DuckDBPyConnection, paper_id: str) -> PaperAnswer:
    """Return all that is known of one paper that is there."""
    values = {"paper": paper_id}
    (facts,) = _rows(connection, "paper_facts", values)
    return PaperAnswer(
        facts,
        _rows(connection, "paper_topics", values),
        _rows(connection, "paper_wordings", values),
        _rows(connection, "paper_vote_history", values),
    )


def read_topic(
    connection: duckdb.DuckDBPyConnection, topic_id: str, name: str, limit: int
) -> TopicAnswer:
    """Return what is known of one topic, with its newest ``limit`` weeks and as many papers."""
    values = {"topic": topic_id}
    limited = {**values, "limit": limit}
    return TopicAnswer(
        topic_id,
        name,
        _rows(connection, "topic_bursts", values),
        _rows(connection, "topic_periods", limited),
        _rows(connection, "topic_newest_papers", limited),
    )


def describe_tables(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, Any]]:
    """Return the tables that people query, with the meaning of each column."""
    return {
        table.name: {
            "meaning": table.meaning,
            "columns": {
                column.name: f"{column.type}: {column.meaning}" for column in table.columns
            },
        }
        for table in list_tables(connection)
    }


def _rows(
    connection: duckdb.DuckDBPyConnection, query: str, values: Mapping[str, Any]
) -> tuple[Row, ...]:
    return tuple(rows_as_dicts(connection.execute(read_query(query), dict(values))))
