"""What is known of topics, as their pages and the list of them show it."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, NamedTuple

import duckdb

from warehouse.answers.question import ask, ask_tuples
from warehouse.trend_values import Life


class Period(NamedTuple):
    """A topic in one week or month of one daily list; see mart.topic_period.

    A tuple, for there are tens of thousands of them.
    """

    feed_id: str
    grain: str
    period_start: date
    papers: int
    observed: int
    share: float
    share_low: float
    share_high: float
    growth: float | None
    growth_low: float | None
    growth_high: float | None
    expected: float | None
    is_testable: bool
    stretch: int | None
    is_rising: bool | None


@dataclass(frozen=True)
class TopicLife(Life):
    """The life of a topic with the smoothed shares of its months; see mart.topic_life."""

    is_told: bool
    peak_month: date | None
    peak_share: float | None
    months_to_peak: int | None
    half_month: date | None
    half_life_months: int | None
    second_peak_month: date | None
    last_share: float | None
    phase: str


@dataclass(frozen=True)
class TopicBurst:
    """A burst that is shown; see mart.topic_burst."""

    feed_id: str
    grain: str
    start_period: date
    confirmed_period: date
    peak_period: date
    end_period: date | None
    known_until: date
    """The last period that is compared, where it lasts."""
    papers: int
    observed: int
    expected: float
    ratio: float
    strength: float


@dataclass(frozen=True)
class TopicPaper:
    """A paper of a topic in a daily list, ranked there by votes and by date."""

    feed_id: str
    paper_id: str
    title: str
    first_feed_date: date
    votes: int | None
    method: str
    rank_by_votes: int
    rank_by_date: int


@dataclass(frozen=True)
class Relative:
    """A topic that goes together with another; ``expected`` papers were the two independent."""

    feed_id: str
    other_topic_id: str
    name: str
    papers: int
    topic_papers: int
    expected: float


@dataclass(frozen=True)
class Topic:
    """A topic that papers have."""

    topic_id: str
    name: str
    level: str
    parent: str | None
    papers: int
    papers_naming_it: int
    periods: tuple[Period, ...]
    lives: tuple[TopicLife, ...]
    bursts: tuple[TopicBurst, ...]
    best_papers: tuple[TopicPaper, ...]
    relatives: tuple[Relative, ...]

    @property
    def feeds(self) -> tuple[str, ...]:
        """The daily lists with papers of it."""
        shown = [one.feed_id for one in self.periods] + [one.feed_id for one in self.best_papers]
        return tuple(dict.fromkeys(shown))


_PARTS: Mapping[str, tuple[str, type]] = {
    "periods": ("topic_periods", Period),
    "lives": ("topic_lives", TopicLife),
    "bursts": ("topic_bursts", TopicBurst),
    "best_papers": ("topic_best_papers", TopicPaper),
    "relatives": ("topic_relatives", Relative),
}


def read_topics(connection: duckdb.DuckDBPyConnection) -> list[Topic]:
    """Return every topic that papers have, by name."""
    parts = {name: _by_topic(connection, *part) for name, part in _PARTS.items()}
    return [
        Topic(**{**row, **{name: tuple(rows[row["topic_id"]]) for name, rows in parts.items()}})
        for row in ask(connection, "topics")
    ]


def _by_topic(
    connection: duckdb.DuckDBPyConnection, question: str, kind: type
) -> defaultdict[str, list[Any]]:
    names = getattr(kind, "_fields", None) or [field.name for field in fields(kind)]
    by_topic: defaultdict[str, list[Any]] = defaultdict(list)
    for topic_id, *values in ask_tuples(connection, question, ("topic_id", *names)):
        by_topic[topic_id].append(kind(*values))
    return by_topic
