"""The days: a calendar of each daily list, and a page for each date with the lists as they were."""

import calendar
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flows.site.addresses import day_page
from flows.site.pages import Page
from warehouse.answers.days import FeedDay
from warehouse.answers.question import show_sql
from warehouse.report.ledger import STATES


@dataclass(frozen=True)
class Month:
    """A month of one daily list: weeks of seven days, None where the ledger has no day."""

    name: str
    weeks: tuple[tuple[FeedDay | None, ...], ...]
    papers: int
    days_listed: int
    days_expected: int


@dataclass(frozen=True)
class Calendar:
    """The months of one daily list, the newest first, and what its states mean."""

    feed_id: str
    name: str
    months: tuple[Month, ...]
    legend: tuple[tuple[str, str, str, int], ...]
    """State, sign, meaning, days."""


def day_pages(days: Mapping[date, Sequence[FeedDay]], names: Mapping[str, str]) -> Iterator[Page]:
    """Yield the calendar, and the page of each date of which a list was seen."""
    shown = [day for day in days if has_page(days[day])]
    yield Page(
        "days/index.html",
        "days.html.j2",
        "Days",
        "days",
        {
            "calendars": _calendars(days, names),
            "sql": show_sql("days"),
            "sql_months": show_sql("months"),
        },
    )
    for place, day in enumerate(shown):
        yield Page(
            day_page(day),
            "day.html.j2",
            f"{day.day} {day:%B %Y}",
            "days",
            {
                "day": day,
                "feeds": tuple(days[day]),
                "names": {one.feed_id: names.get(one.feed_id, "") for one in days[day]},
                "later": shown[place - 1] if place else None,
                "earlier": shown[place + 1] if place + 1 < len(shown) else None,
                "sql_days": show_sql("days", feed_date=day),
                "sql_lists": {
                    one.feed_id: show_sql("day_list", feed_id=one.feed_id, feed_date=day)
                    for one in days[day]
                },
            },
        )


def has_page(days: Sequence[FeedDay]) -> bool:
    """Tell whether a list of the date was seen."""
    return any(one.listed for one in days)


def _calendars(
    days: Mapping[date, Sequence[FeedDay]], names: Mapping[str, str]
) -> tuple[Calendar, ...]:
    by_feed: dict[str, dict[date, FeedDay]] = defaultdict(dict)
    for day, feeds in days.items():
        for one in feeds:
            by_feed[one.feed_id][day] = one
    return tuple(
        Calendar(feed, names.get(feed, feed), tuple(_months(of)), _legend(of))
        for feed, of in sorted(by_feed.items())
    )


def _legend(days: Mapping[date, FeedDay]) -> tuple[tuple[str, str, str, int], ...]:
    return tuple(
        (state, sign, meaning, count)
        for state, (sign, meaning) in STATES.items()
        if (count := sum(one.state == state for one in days.values()))
    )


def _months(days: Mapping[date, FeedDay]) -> Iterator[Month]:
    by_month: dict[tuple[int, int], list[FeedDay]] = defaultdict(list)
    for day, one in days.items():
        by_month[day.year, day.month].append(one)
    for (year, month), own in sorted(by_month.items(), reverse=True):
        weeks = tuple(
            tuple(days.get(day) if day.month == month else None for day in week)
            for week in calendar.Calendar().monthdatescalendar(year, month)
            if any(day in days and day.month == month for day in week)
        )
        yield Month(
            f"{calendar.month_name[month]} {year}",
            weeks,
            sum(one.papers for one in own),
            sum(bool(one.listed) for one in own),
            sum(one.is_expected for one in own),
        )
