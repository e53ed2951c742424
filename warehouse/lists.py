"""Lists of papers and topics for people and programs; the connection may be read-only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import duckdb

from warehouse.migrate import read_query

Sort = Literal["votes", "gain", "date"]


@dataclass(frozen=True)
class ListedPaper:
    """A paper of a list; null where its captures do not say."""

    paper_id: str
    title: str
    paper_date: date | None
    """Its first date on a daily list, else of publication, else of the first look."""
    votes: int | None
    gained: int | None
    """Votes between the two newest looks of a daily list; null for a paper older than 30 days."""
    gained_in_hours: float | None
    primary_topic_id: str | None
    topics: tuple[str, ...]
    url: str | None


@dataclass(frozen=True)
class PaperList:
    """The first papers of a list, and how many there are."""

    papers: tuple[ListedPaper, ...]
    papers_found: int


@dataclass(frozen=True)
class ListedTopic:
    """A topic, how many papers have it, and the spellings that name it."""

    topic_id: str
    name: str
    level: str
    """topic, or general: assigned, but counted for no trend."""
    parent_id: str | None
    papers: int
    primary_papers: int
    """Papers of which it is the first topic."""
    phrases: tuple[str, ...]
    acronyms: tuple[str, ...]
    title_phrases: tuple[str, ...]
    """They name the topic in a title alone."""
    weak_phrases: tuple[str, ...]
    """They name the topic only beside other evidence."""


def list_papers(
    connection: duckdb.DuckDBPyConnection,
    sort: Sort,
    *,
    topic: str | None = None,
    feed: str | None = None,
    since: date | None = None,
    limit: int = 20,
) -> PaperList:
    """Return papers by votes, by votes gained, or the newest first; ``topic`` is an id."""
    values = {"sort": sort, "topic": topic, "feed": feed, "since": since, "rows": limit}
    rows = connection.execute(read_query("papers"), values).fetchall()
    papers = tuple(
        ListedPaper(name, title, day, votes, gained, hours, primary, tuple(names or ()), url)
        for name, title, day, votes, gained, hours, primary, names, url, _ in rows
    )
    return PaperList(papers, rows[0][-1] if rows else 0)


def list_topics(
    connection: duckdb.DuckDBPyConnection, topics: Sequence[str] | None = None
) -> list[ListedTopic]:
    """Return all topics that papers can have, or some by id; those with most papers first."""
    values = {"topics": list(topics) if topics else None}
    rows = connection.execute(read_query("topics"), values).fetchall()
    return [ListedTopic(*row[:-4], *map(tuple, row[-4:])) for row in rows]
