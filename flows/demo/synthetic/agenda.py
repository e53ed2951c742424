"""The plan of a sample: its days, its looks, and on which day which dirt is planted."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

REFERENCE_START = date(2026, 1, 5)
"""The start of a sample of which nobody says when it starts."""
_SATURDAY = 5
_WEEK = timedelta(days=7)
_FEWEST_DAYS_WITH_DIRT = 14
_FEWEST_PAPERS_WITH_DIRT = 8
_MOST_PAPERS_PER_DAY = 3_000
"""An arXiv id has five digits within a month."""


@dataclass(frozen=True)
class SampleSize:
    """How much to write. Days are calendar days from ``start`` on; every list has the same length.

    Without ``dirt`` every day, weekends too, has a full list and every look shows all of it, so
    that there are ``days * looks_per_day`` captures of ``papers_per_day`` entries. A look of 50
    entries is taken for a cut one by whoever reads it, whether it was cut or not.
    """

    days: int = 30
    papers_per_day: int = 18
    looks_per_day: int = 2
    start: date = REFERENCE_START
    seed: int = 7
    dirt: bool = True

    def __post_init__(self) -> None:
        """Refuse what cannot be written.

        Raises:
            ValueError: naming the number that is too small or too large.
        """
        if min(self.days, self.papers_per_day, self.looks_per_day) < 1:
            raise ValueError("days, papers_per_day and looks_per_day must be at least 1")
        if self.papers_per_day > _MOST_PAPERS_PER_DAY:
            raise ValueError(f"papers_per_day must be at most {_MOST_PAPERS_PER_DAY}")
        if self.start.year < 2000 or (date(2099, 12, 1) - self.start).days < self.days:
            raise ValueError("all days must lie between 2000 and 2099, for the sake of the ids")
        if self.dirt and (
            self.days < _FEWEST_DAYS_WITH_DIRT
            or self.papers_per_day < _FEWEST_PAPERS_WITH_DIRT
            or self.looks_per_day < 2
        ):
            raise ValueError(
                f"a sample with dirt needs at least {_FEWEST_DAYS_WITH_DIRT} days,"
                f" {_FEWEST_PAPERS_WITH_DIRT} papers_per_day and 2 looks_per_day"
            )

    @property
    def feed_dates(self) -> list[date]:
        """Return all days of the sample, in order."""
        return [self.start + timedelta(days=number) for number in range(self.days)]

    @property
    def onsets(self) -> tuple[date, date]:
        """Return the onsets of the two bursts: the Monday at two thirds, and a week later."""
        day = self.start + timedelta(days=self.days * 2 // 3)
        onset = max(self.start, day - timedelta(days=day.weekday()))
        return onset, onset + _WEEK


@dataclass(frozen=True)
class Look:
    """One look at the list of a day. ``captured_at`` is in UTC, to the second."""

    feed_date: date
    captured_at: datetime
    number: int
    """0 for the look during the day, the others come after its end; -1 for one out of the usual."""

    @property
    def age_hours(self) -> float:
        """Return the hours since the list's day began."""
        return (self.captured_at - at_midnight(self.feed_date)).total_seconds() / 3600


def at_midnight(day: date) -> datetime:
    """Return the first instant of a day in UTC."""
    return datetime.combine(day, time(), tzinfo=UTC)


def plan_looks(feed_date: date, count: int, random: Random) -> Iterator[Look]:
    """Yield the usual looks at a day: one past noon where there are several, then one a night."""
    if count > 1:
        yield Look(feed_date, _moment(feed_date, 12, random), 0)
    for night in range(1, max(2, count)):
        yield Look(feed_date, _moment(feed_date + timedelta(days=night), 0, random), night)


def plan_late_look(feed_date: date, random: Random) -> Look:
    """Return a look at an old list, three weeks and some hours after its day."""
    return Look(feed_date, _moment(feed_date + 3 * _WEEK, 9, random), -1)


def plan_early_look(feed_date: date, random: Random) -> Look:
    """Return a look soon after the day began, when nothing was listed yet."""
    return Look(feed_date, _moment(feed_date, 0, random) - timedelta(minutes=30), -1)


def _moment(day: date, hour: int, random: Random) -> datetime:
    """Return an instant in the second half of an hour."""
    return at_midnight(day) + timedelta(hours=hour, seconds=1800 + random.randrange(1_790))


def is_weekend(day: date) -> bool:
    """Tell whether no list is published on a day."""
    return day.weekday() >= _SATURDAY


@dataclass(frozen=True)
class Agenda:
    """On which day which dirt is planted. All of it lies before the first burst."""

    late_papers: frozenset[date] = frozenset()
    late_looks: frozenset[date] = frozenset()
    retitled: frozenset[date] = frozenset()
    empty_first: date | None = None
    repr_shape: date | None = None
    wrapped_shape: date | None = None
    rejected: date | None = None
    nulled: date | None = None
    missing: date | None = None
    truncated: date | None = None
    searched: frozenset[date] = frozenset()


def plan_dirt(size: SampleSize) -> Agenda:
    """Return the plan of the dirt; an empty plan for a clean sample."""
    if not size.dirt:
        return Agenda()
    day = [feed_date for feed_date in size.feed_dates if not is_weekend(feed_date)]
    return Agenda(
        late_papers=frozenset({day[0], day[4], day[5]}),
        late_looks=frozenset({day[1], day[4]}),
        retitled=frozenset({day[0], day[5]}),
        repr_shape=day[2],
        wrapped_shape=day[3],
        searched=frozenset({day[1], day[3]}),
        empty_first=day[5],
        rejected=day[6],
        nulled=day[7],
        missing=day[8],
        truncated=day[9],
    )
