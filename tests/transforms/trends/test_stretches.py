"""Where a history may be compared with itself."""

from datetime import date, timedelta

import polars as pl

from transforms.trends.stretches import PERIODS, number_stretches


def weeks(observed: list[int | None], first: date = date(2025, 1, 6)) -> pl.DataFrame:
    """Return weeks with so many papers; None is a week that is not testable."""
    rows = [
        (first + timedelta(weeks=number), papers or 0, papers is not None)
        for number, papers in enumerate(observed)
    ]
    return pl.DataFrame(rows, schema=PERIODS, orient="row")


def stretches(observed: list[int | None]) -> list[int]:
    return number_stretches(weeks(observed))["stretch"].to_list()


def test_weeks_of_steady_volume_are_one_stretch_whatever_single_weeks_are_like() -> None:
    assert stretches([90, 80, None, 100, 30, 95, 300, 90, 85, 90]) == [1] * 9


def test_a_gap_of_more_than_two_months_begins_another_stretch() -> None:
    assert stretches([90, 90, *[None] * 7, 90]) == [1, 1, 1]
    assert stretches([90, 90, *[None] * 8, 90]) == [1, 1, 2]


def test_a_list_that_becomes_three_times_as_long_for_good_is_another_one() -> None:
    assert stretches([50] * 6 + [160] * 6) == [1] * 6 + [2] * 6
    assert stretches([160] * 6 + [50] * 6 + [160] * 6) == [1] * 6 + [2] * 6 + [3] * 6
    assert stretches([50] * 6 + [140] * 6) == [1] * 12


def test_without_a_testable_week_there_is_no_stretch() -> None:
    assert stretches([None, None]) == []
    assert stretches([]) == []
