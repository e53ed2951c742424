"""What is known of papers, as pages of papers show it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import duckdb

from warehouse.answers.question import of_several, read_question
from warehouse.connection import Row, rows_as_dicts

PARTS: Final = (
    "paper_looks",
    "paper_sightings",
    "paper_topics",
    "paper_evidence",
    "paper_wordings",
)
"""The questions whose rows stand below a paper, by paper_id."""


@dataclass(frozen=True)
class Look:
    """Votes at one look of a daily list."""

    feed_id: str
    captured_at: datetime
    age_days: int
    votes: int


@dataclass(frozen=True)
class Sighting:
    """A feed and a date of its list on which a paper was seen; date and times null if unknown."""

    feed_id: str
    feed_date: date | None
    first_look: datetime | None
    last_look: datetime | None
    looks: int
    best_place: int


@dataclass(frozen=True)
class PaperTopic:
    """A topic of a paper; ``score`` is the probability that it is about it."""

    topic_id: str
    name: str
    level: str
    score: float
    method: str
    is_primary: bool


@dataclass(frozen=True)
class Span:
    """A place of the current text that speaks of a topic; ends are exclusive, from 0."""

    topic_id: str
    field: str
    span_start: int
    span_end: int
    surface: str
    kind: str


@dataclass(frozen=True)
class Wording:
    """A wording of a paper in one family of sources, from its first look on."""

    family: str
    version: int
    valid_from: datetime
    valid_to: datetime | None
    title: str
    abstract: str | None


@dataclass(frozen=True)
class Paper:
    """A paper as it is now, with what was seen of it; see mart.paper for its columns."""

    paper_id: str
    title: str
    abstract: str | None
    authors: tuple[str, ...]
    published_date: date | None
    first_seen: datetime | None
    last_seen: datetime | None
    first_feed_date: date | None
    votes: int | None
    comments: int | None
    stars: int | None
    organisation: str | None
    submitter: str | None
    github_url: str | None
    project_url: str | None
    url: str | None
    captures: int
    status: str
    status_since: datetime | None
    withdrawn_at: datetime | None
    author_comment: str | None
    journal_ref: str | None
    licence: str | None
    looks: tuple[Look, ...]
    sightings: tuple[Sighting, ...]
    topics: tuple[PaperTopic, ...]
    spans: tuple[Span, ...]
    wordings: tuple[Wording, ...]


def read_paper_runs(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Return the run that last derived each paper, by paper_id: another run, maybe other facts."""
    return dict(connection.execute("select paper_id, run_id from core.paper").fetchall())


def read_papers(
    connection: duckdb.DuckDBPyConnection, several: Sequence[str] | None = None
) -> list[Row]:
    """Return a row per paper: paper_id, its facts, its parts as lists, and the digest of it all.

    One question for all papers, or for several; :func:`paper_of` makes a value of a row.
    """
    lists = ",\n".join(
        f"{name} as (select paper_id, list(part order by part) as {name}"
        f" from ({read_question(name)}) as part group by paper_id)"
        for name in PARTS
    )
    joins = " ".join(f"left join {name} using (paper_id)" for name in PARTS)
    sql = (
        f"with facts as ({read_question('paper_facts')}),\n{lists},\n"
        f"pages as (select * from facts {joins})\n"
        "select *, md5(to_json(pages)::varchar) as digest from pages order by paper_id"
    )
    values: dict[str, object] = {"paper_id": None}
    if several is not None:
        sql, values = of_several(sql, "paper_id"), {"several": list(several)}
    return rows_as_dicts(connection.execute(sql, values))


def paper_of(row: Mapping[str, Any]) -> Paper:
    """Return the value of one row of :func:`read_papers`."""
    facts = {name: row[name] for name in Paper.__dataclass_fields__ if name in row}
    topics = sorted(
        _parts(PaperTopic, row["paper_topics"]), key=lambda one: (-one.score, one.topic_id)
    )
    return Paper(
        **{**facts, "authors": tuple(row["authors"] or ())},
        looks=tuple(_parts(Look, row["paper_looks"])),
        sightings=tuple(_parts(Sighting, row["paper_sightings"])),
        topics=tuple(topics),
        spans=tuple(_parts(Span, row["paper_evidence"])),
        wordings=tuple(_parts(Wording, row["paper_wordings"])),
    )


def _parts(kind: type, rows: Sequence[Mapping[str, Any]] | None) -> list[Any]:
    names = kind.__dataclass_fields__  # type: ignore[attr-defined]
    return [kind(**{name: row[name] for name in names}) for row in rows or ()]
