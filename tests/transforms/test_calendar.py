"""Which days are expected, and when a day is final: zones, clocks that change, holidays."""

from datetime import date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from config.feeds import load_feeds
from transforms.calendar import DAY, Calendar, list_days

EVERY_DAY = frozenset(range(1, 8))


def at(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute)  # noqa: DTZ001 - naive UTC, as everywhere


def calendar(zone: str = "UTC", cutoff: int = 24, deadline: int = 24) -> Calendar:
    weekdays = frozenset({1, 2, 3, 4, 5})
    return Calendar("a-feed", zone, weekdays, frozenset({date(2025, 6, 4)}), cutoff, deadline)


def test_weekends_and_holidays_are_not_expected() -> None:
    days = [date(2025, 6, 2) + timedelta(days=number) for number in range(7)]
    assert [calendar().is_expected(day) for day in days] == [
        *(True, True, False),  # Wednesday the 4th is a holiday
        *(True, True, False, False),
    ]


def test_a_list_of_utc_is_final_at_the_end_of_its_day() -> None:
    assert calendar().cutoff_at(date(2025, 6, 2)) == at(2025, 6, 3)
    assert calendar().deadline_at(date(2025, 6, 2)) == at(2025, 6, 4)


def test_hours_count_from_the_start_of_the_day_in_its_zone() -> None:
    eastern = calendar("America/New_York", cutoff=20, deadline=5)
    assert eastern.cutoff_at(date(2025, 1, 15)) == at(2025, 1, 16, 1)
    assert eastern.cutoff_at(date(2025, 7, 15)) == at(2025, 7, 16)
    assert eastern.deadline_at(date(2025, 7, 15)) == at(2025, 7, 16, 5)
    ahead = calendar("Asia/Tokyo", cutoff=0)
    assert ahead.cutoff_at(date(2025, 6, 2)) == at(2025, 6, 1, 15)


def test_a_day_ends_at_midnight_also_when_the_clocks_change() -> None:
    eastern = calendar("America/New_York", cutoff=24)
    # 9 March 2025 has 23 hours, 2 November 2025 has 25
    assert eastern.cutoff_at(date(2025, 3, 9)) == at(2025, 3, 10, 4)
    assert eastern.cutoff_at(date(2025, 11, 2)) == at(2025, 11, 3, 5)
    # 30 March 2025 has no midnight in Beirut: the clocks go from there to one o'clock
    beirut = calendar("Asia/Beirut", cutoff=24)
    assert beirut.cutoff_at(date(2025, 3, 29)) == at(2025, 3, 29, 22)
    assert beirut.cutoff_at(date(2025, 3, 30)) == at(2025, 3, 30, 21)


@pytest.mark.parametrize(
    ("day", "start"),
    [
        (date(2026, 3, 6), at(2026, 3, 6, 5)),
        (date(2026, 3, 9), at(2026, 3, 9, 4)),  # summer time began on the 8th, at two o'clock
        (date(2026, 10, 30), at(2026, 10, 30, 4)),
        (date(2026, 11, 2), at(2026, 11, 2, 5)),  # and ended on 1 November
    ],
)
def test_a_list_that_is_final_at_midnight_follows_the_clocks(day: date, start: datetime) -> None:
    eastern = calendar("America/New_York", cutoff=0)
    assert eastern.cutoff_at(day) == start
    assert eastern.deadline_at(day) == start + timedelta(days=1)
    assert eastern.day_of(start) == day


ARXIV_IS_CLOSED = [
    *("2024-01-15", "2024-05-22", "2024-06-19", "2024-07-04", "2024-09-02", "2024-10-08"),
    *("2024-11-28", "2024-12-25", "2024-12-26", "2024-12-31"),
    *("2026-01-01", "2026-01-19", "2026-06-19", "2026-07-03", "2026-09-07", "2026-11-26"),
    *("2026-12-25", "2026-12-29", "2026-12-31"),
]
"""The weekdays of two years on which arXiv freezes no submissions, as it announced them."""


def test_the_shipped_holidays_of_arxiv_are_the_lists_that_those_days_would_have_made() -> None:
    declared = load_feeds(None)["arxiv-new"].calendar
    assert declared
    lists = [
        day + timedelta(days=3 if day.isoweekday() == 5 else 1)
        for day in map(date.fromisoformat, ARXIV_IS_CLOSED)
    ]
    shipped = [
        day
        for day in declared.holidays
        if date(2024, 1, 2) < day <= date(2025, 1, 1) or date(2026, 1, 1) < day <= date(2027, 1, 1)
    ]
    assert shipped == lists
    assert declared.holidays == sorted(set(declared.holidays))
    assert all(day.isoweekday() in declared.weekdays for day in declared.holidays)


def test_a_day_whose_midnight_does_not_exist_begins_when_the_clock_goes_on() -> None:
    sao_paulo = calendar("America/Sao_Paulo", cutoff=0)
    assert sao_paulo.cutoff_at(date(2018, 11, 4)) == at(2018, 11, 4, 3)


@pytest.mark.parametrize(
    ("zone", "instant", "day"),
    [
        ("UTC", at(2025, 6, 2, 23, 59), date(2025, 6, 2)),
        ("America/New_York", at(2025, 6, 3, 3, 59), date(2025, 6, 2)),
        ("America/New_York", at(2025, 6, 3, 4), date(2025, 6, 3)),
        ("Asia/Tokyo", at(2025, 6, 2, 15), date(2025, 6, 3)),
        ("Pacific/Kiritimati", at(2025, 6, 2, 10), date(2025, 6, 3)),
    ],
)
def test_an_instant_lies_on_a_day_of_the_zone(zone: str, instant: datetime, day: date) -> None:
    assert calendar(zone).day_of(instant) == day


def test_the_ledger_goes_on_to_the_day_of_the_clock() -> None:
    clock = at(2025, 6, 5, 1)
    days = list_days(calendar(), date(2025, 6, 3), date(2025, 6, 3), clock)
    expected = pl.DataFrame(
        [
            ("a-feed", date(2025, 6, 3), True, at(2025, 6, 4), at(2025, 6, 5), clock),
            ("a-feed", date(2025, 6, 4), False, at(2025, 6, 5), at(2025, 6, 6), clock),
            ("a-feed", date(2025, 6, 5), True, at(2025, 6, 6), at(2025, 6, 7), clock),
        ],
        schema=DAY,
        orient="row",
    )
    assert_frame_equal(days, expected)


def test_the_clock_is_read_in_the_zone_of_the_feed() -> None:
    eastern = calendar("America/New_York")
    days = list_days(eastern, date(2025, 6, 2), None, at(2025, 6, 4, 3))
    assert days["feed_date"].to_list() == [date(2025, 6, 2), date(2025, 6, 3)]


def test_a_list_that_is_ahead_of_the_clock_has_its_row() -> None:
    days = list_days(calendar(), date(2025, 6, 2), date(2025, 6, 3), at(2025, 6, 2, 22))
    assert days["feed_date"].to_list() == [date(2025, 6, 2), date(2025, 6, 3)]


def test_without_a_clock_no_deadline_has_passed() -> None:
    days = list_days(calendar(), date(2025, 6, 2), date(2025, 6, 3), None)
    assert days["feed_date"].to_list() == [date(2025, 6, 2), date(2025, 6, 3)]
    assert (days["clock_at"] < days["deadline_at"]).all()


@given(
    st.dates(date(2015, 1, 1), date(2035, 1, 1)),
    st.sampled_from(("UTC", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe")),
)
def test_an_instant_just_after_the_start_of_a_day_lies_on_it(day: date, zone: str) -> None:
    start = Calendar("a-feed", zone, EVERY_DAY, frozenset(), 0, 0).cutoff_at(day)
    assert calendar(zone).day_of(start) == day
    assert calendar(zone).day_of(start - timedelta(microseconds=1)) == day - timedelta(days=1)
