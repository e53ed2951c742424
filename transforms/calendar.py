"""The publishing calendar of a feed: which days are expected, and when a day is final."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import polars as pl

DAY = pl.Schema(
    {
        "feed_id": pl.String(),
        "feed_date": pl.Date(),
        "is_expected": pl.Boolean(),
        "cutoff_at": pl.Datetime("us"),
        "deadline_at": pl.Datetime("us"),
        "clock_at": pl.Datetime("us"),
    }
)


_BEFORE_ALL = datetime(1900, 1, 1)  # noqa: DTZ001 - naive UTC, as everywhere


@dataclass(frozen=True)
class Calendar:
    """When a feed publishes. Weekdays are ISO: 1 is Monday."""

    feed_id: str
    time_zone: str
    weekdays: Collection[int]
    holidays: Collection[date]
    cutoff_hours: int
    """From the start of the day to the moment from which the list is final, by the clock of the
    zone: 24 is the end of the day, also of one with 23 or 25 hours."""
    deadline_hours: int
    """From the cut-off to the moment from which nothing means missing."""
    is_looked_at_when_closed: bool = False
    """Whether days without an expected list are looked at too: there may be one all the same."""

    def is_looked_at(self, day: date) -> bool:
        """Tell whether our own looks at the list of a day are due."""
        return self.is_looked_at_when_closed or self.is_expected(day)

    def is_expected(self, day: date) -> bool:
        """Tell whether a list is expected on a day."""
        return day.isoweekday() in self.weekdays and day not in self.holidays

    def cutoff_at(self, day: date) -> datetime:
        """Return the moment, naive UTC, from which the list of a day is final."""
        start = datetime.combine(day, time(), ZoneInfo(self.time_zone))
        by_the_clock = start + timedelta(hours=self.cutoff_hours)
        return by_the_clock.astimezone(UTC).replace(tzinfo=None)

    def deadline_at(self, day: date) -> datetime:
        """Return the moment, naive UTC, from which nothing means missing."""
        return self.cutoff_at(day) + timedelta(hours=self.deadline_hours)

    def day_of(self, instant: datetime) -> date:
        """Return the day that it is in the feed's zone at an instant in naive UTC."""
        return instant.replace(tzinfo=UTC).astimezone(ZoneInfo(self.time_zone)).date()


def list_days(
    calendar: Calendar, first: date, last: date | None, clock_at: datetime | None
) -> pl.DataFrame:
    """Return one row per date from the first to the later of the last date and the clock's day.

    A feed of which no capture states its time has no clock: its days end with the last date, and
    none of them is past its deadline.
    """
    end = max(filter(None, [last, calendar.day_of(clock_at) if clock_at else None]), default=first)
    days = [first + timedelta(days=number) for number in range((end - first).days + 1)]
    return pl.DataFrame(
        [
            (
                calendar.feed_id,
                day,
                calendar.is_expected(day),
                calendar.cutoff_at(day),
                calendar.deadline_at(day),
                clock_at or _BEFORE_ALL,
            )
            for day in days
        ],
        schema=DAY,
        orient="row",
    )
