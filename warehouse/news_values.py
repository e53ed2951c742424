"""What can happen in a feed, as typed values; all times are naive UTC."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple


class Watch(NamedTuple):
    """A watch-list: ids of topics, phrases, and names of authors."""

    id: str
    name: str
    topics: Sequence[str]
    phrases: Sequence[str]
    authors: Sequence[str]


@dataclass(frozen=True)
class Paper:
    """A paper as it is named in news; ``url`` null for one without an id of its own."""

    paper_id: str
    title: str
    url: str | None
    first_feed_date: date | None
    """The first date of a daily list with it; null if none shows it."""


@dataclass(frozen=True)
class SaidBurst:
    """A burst as publications said it, with what the newest search finds of it.

    Dates are first days of periods. What the newest search does not find any more is null.
    """

    feed_id: str
    topic_id: str
    name: str
    grain: str
    first_since: date
    """Its start as it was said first; never changes."""
    since: date
    """Its start as it was said last."""
    period_start: date
    """The newest period for which it was said, with ``papers`` of ``observed``."""
    papers: int
    observed: int
    strength: float | None
    """Logarithm of a likelihood ratio, nats; null for publications before bursts were found."""
    first_said_at: datetime
    last_said_at: datetime
    unsaid_at: datetime | None
    """The first publication after these that does not say it; null while the newest one does."""
    burst_papers: int | None
    """Papers from its start on; the baseline expects ``expected``, so ``ratio`` times as many."""
    expected: float | None
    ratio: float | None
    topics_searched: int | None
    chance_bursts: float | None
    """So many bursts the same search finds in shuffled histories of ``topics_searched`` topics."""
    false_discovery_rate: float | None
    papers_of_it: tuple[Paper, ...] = ()
    """Where they were read: its papers up to the newest of its periods, those with most votes."""


@dataclass(frozen=True)
class Climbing:
    """A paper by votes against the usual of its age; see mart.paper_trend."""

    feed_id: str
    paper: Paper
    rank: int
    votes: int
    votes_usual: float
    """The median of ``papers_of_age`` papers at that age."""
    papers_of_age: int
    age_days: int
    gained: int | None
    gained_in_hours: float | None
    captured_at: datetime
    """The look that shows these votes."""
    is_new: bool
    """Whether it did not climb at the looks that were known before."""


@dataclass(frozen=True)
class Watched:
    """A paper of a watch-list that was not published here before."""

    feed_id: str
    entry_id: str
    paper: Paper
    first_published_at: datetime
    matched: tuple[str, ...]
    """Why: the kind and the value, such as ``phrase tool calling``."""


@dataclass(frozen=True)
class Retitled:
    """A paper that a feed shows under another title; ``seen_at`` is the first look that does."""

    feed_id: str
    paper: Paper
    title_before: str
    seen_at: datetime


@dataclass(frozen=True)
class TakenBack:
    """A paper that was withdrawn or deleted; ``seen_at`` null if nobody says when that was seen."""

    feed_id: str
    paper: Paper
    status: str
    seen_at: datetime | None


@dataclass(frozen=True)
class Day:
    """A day of a daily list of the last week that is not complete; or the newest one, whatever."""

    feed_id: str
    feed_date: date
    state: str
    reason: str
    is_newest: bool


@dataclass(frozen=True)
class FeedNews:
    """The news of one feed."""

    feed_id: str
    name: str
    known_until: datetime | None
    """The publication up to which everything was known; null where nothing was."""
    began: tuple[SaidBurst, ...] = ()
    lasting: tuple[SaidBurst, ...] = ()
    ended: tuple[SaidBurst, ...] = ()
    climbed: tuple[Climbing, ...] = ()
    watched: tuple[Watched, ...] = ()
    retitled: tuple[Retitled, ...] = ()
    taken_back: tuple[TakenBack, ...] = ()
    days: tuple[Day, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing new; what merely lasts is not."""
        return not (
            self.began
            or self.ended
            or self.climbed
            or self.watched
            or self.retitled
            or self.taken_back
        )

    @property
    def incomplete(self) -> tuple[Day, ...]:
        """The days of the last week that were not seen whole, the newest one among them."""
        return tuple(day for day in self.days if day.state not in ("loaded", "legit_empty"))

    @property
    def held_day(self) -> Day | None:
        """The newest day, if it is held: nothing can be said of it."""
        return next((day for day in self.days if day.is_newest and day.state == "held"), None)


@dataclass(frozen=True)
class News:
    """What happened until a publication, feed by feed; feeds in the order of their ids."""

    publication_id: str
    published_at: datetime
    newest_captured_at: datetime | None
    watch: Mapping[str, str]
    """The names of the watch-lists, by id."""
    feeds: tuple[FeedNews, ...]

    @property
    def is_empty(self) -> bool:
        """Whether no feed has anything new."""
        return all(feed.is_empty for feed in self.feeds)
