"""The calendar of days: each month of each daily list, the newest first."""

import time
from datetime import date, timedelta

from flows.site.day_pages import Calendar, day_pages
from warehouse.answers.days import FeedDay


def _days(first: date, last: date) -> dict[date, list[FeedDay]]:
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return {day: [FeedDay("feed", day, "missing", "", True, 2, 0, None)] for day in days}


def _calendar(days: dict[date, list[FeedDay]]) -> Calendar:
    (made,) = next(day_pages(days, {"feed": "A feed"})).values["calendars"]
    assert isinstance(made, Calendar)
    return made


def test_each_month_has_its_own_days_in_weeks_from_monday_and_the_newest_stands_first() -> None:
    newest, oldest = _calendar(_days(date(2025, 1, 30), date(2025, 2, 9))).months
    assert (newest.name, newest.days_expected, newest.papers) == ("February 2025", 9, 18)
    assert (oldest.name, oldest.days_expected, oldest.papers) == ("January 2025", 2, 4)
    shown = [[day and day.feed_date.day for day in week] for week in newest.weeks]
    assert shown == [[None] * 5 + [1, 2], [3, 4, 5, 6, 7, 8, 9]]


def test_the_calendar_of_a_ledger_takes_time_in_proportion_to_its_days() -> None:
    def seconds(first: date) -> float:
        days = _days(first, date(2026, 12, 31))
        begun = time.process_time()
        assert len(_calendar(days).months) == (2027 - first.year) * 12
        return time.process_time() - begun

    # eight times as many days: 64 times as long were each month looked for in all of them
    assert seconds(date(1987, 1, 1)) < 24 * max(seconds(date(2022, 1, 1)), 0.005)
