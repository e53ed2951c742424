"""What the lists of the site show: what is new, climbs, is held, missing, or published."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

import duckdb

from warehouse.answers.question import Value, ask, ask_tuples

T = TypeVar("T")


@dataclass(frozen=True)
class NewPaper:
    """A paper on the day on which a daily list showed it first."""

    first_feed_date: date
    feed_id: str
    paper_id: str
    title: str
    votes: int | None
    topic_id: str | None
    topic: str | None


@dataclass(frozen=True)
class Change:
    """A paper that was retitled, reworded, withdrawn or deleted; ``title_before`` of a wording."""

    changed_at: datetime | None
    change: str
    paper_id: str
    title: str
    title_before: str | None


@dataclass(frozen=True)
class Climber:
    """A paper by votes against the usual of its age; see mart.paper_trend."""

    feed_id: str
    rank: int
    paper_id: str
    title: str
    age_days: int
    votes: int
    votes_usual: float
    papers_of_age: int
    gained: int | None
    gained_in_hours: float | None
    captured_at: datetime
    """The look that shows its votes."""
    score: float


@dataclass(frozen=True)
class UsualVotes:
    """The quartiles of the votes of a daily list from an age on; see mart.vote_age_curve."""

    feed_id: str
    age_from: int
    papers: int
    votes_low: float
    votes_usual: float
    votes_high: float


@dataclass(frozen=True)
class Held:
    """A capture that is kept out of everything derived."""

    feed_id: str
    feed_date: date | None
    captured_at: datetime | None
    reason: str | None
    capture_id: str


@dataclass(frozen=True)
class Gap:
    """Days of a daily list on which a list was expected, and none is there."""

    feed_id: str
    state: str
    days: int
    first_date: date
    last_date: date


@dataclass(frozen=True)
class Searched:
    """A paper as the search looks through it."""

    paper_id: str
    title: str
    abstract: str | None
    authors: tuple[str, ...]
    topics: tuple[str, ...]
    votes: int | None
    known_date: date | None


@dataclass(frozen=True)
class Stamp:
    """What pages stand on; a file of a past instant has no publication."""

    publication_id: str | None
    published_at: datetime | None
    is_as_of: datetime | None
    newest_captured_at: datetime | None
    papers: int
    captures: int
    taxonomy_version: str | None
    digest: str
    """SHA-256 of the warehouse file; of a past state, of the content: see ``digest_content``."""

    @property
    def as_of(self) -> datetime | None:
        """Up to when looks are in it."""
        return self.is_as_of or self.newest_captured_at


def read_stamp(connection: duckdb.DuckDBPyConnection, digest: str) -> Stamp:
    """Return what a file holds, with the digest that pages name it by."""
    (row,) = ask(connection, "stamp")
    return Stamp(**row, digest=digest)


def read_feed_names(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Return the name for people of every feed."""
    rows = connection.execute("select feed_id, name from core.feed order by feed_id")
    return dict(rows.fetchall())


def read_new_papers(connection: duckdb.DuckDBPyConnection, days: int) -> list[NewPaper]:
    """Return the papers of the newest so many days of each daily list."""
    return _read(connection, "new_papers", NewPaper, days=days)


def read_changes(connection: duckdb.DuckDBPyConnection, rows: int) -> list[Change]:
    """Return the newest changes of wordings and of standing."""
    return _read(connection, "new_wordings", Change, rows=rows)


def read_climbers(connection: duckdb.DuckDBPyConnection, limit: int) -> list[Climber]:
    """Return the first of each daily list by votes against the usual."""
    return _read(connection, "queries/climbing", Climber, limit=limit)


def read_usual_votes(connection: duckdb.DuckDBPyConnection) -> list[UsualVotes]:
    """Return what votes are usual in each daily list, by age."""
    return _read(connection, "vote_curve", UsualVotes)


def read_held(connection: duckdb.DuckDBPyConnection) -> list[Held]:
    """Return the captures that are held."""
    return _read(connection, "held", Held)


def read_gaps(connection: duckdb.DuckDBPyConnection) -> list[Gap]:
    """Return the expected days without a list, counted by feed and state."""
    return _read(connection, "gaps", Gap)


def read_quarters(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Return the quarter in which each paper was known first, by paper_id, such as ``2025q2``.

    It is ``undated`` where nobody says.
    """
    return dict(ask_tuples(connection, "paper_quarters", ("paper_id", "quarter")))


def read_searched(connection: duckdb.DuckDBPyConnection, quarter: str) -> list[Searched]:
    """Return the papers of a quarter as the search looks through them, the newest first."""
    rows = ask(connection, "search_papers", quarter=quarter)
    return [
        Searched(
            **{
                **row,
                "authors": tuple(row["authors"] or ()),
                "topics": tuple(row["topics"] or ()),
            }
        )
        for row in rows
    ]


def _read(
    connection: duckdb.DuckDBPyConnection, question: str, kind: type[T], **values: Value
) -> list[T]:
    made: Any = kind
    return [made(**row) for row in ask(connection, question, **values)]
