"""The life of a topic: a curve with intervals where the shares carry one, and silence where not."""

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from tests.transforms.trends.series import noisy
from transforms.trends.curve import HALF_AFTER, curve
from transforms.trends.life import fit_lives
from transforms.trends.panel import COUNTS, DAYS_OF_YEAR

MONTHS = [date(2022 + number // 12, number % 12 + 1, 1) for number in range(36)]
TIMES = np.array([one.toordinal() / DAYS_OF_YEAR + 1 / 24 for one in MONTHS])
PEAK = date(2023, 2, 10)
WIDTH = 0.25
ALL = 800


def shares(peak: date, height: float, width: float = WIDTH) -> np.ndarray:
    return height * curve(TIMES, peak.toordinal() / DAYS_OF_YEAR, width)


def counts(**means: np.ndarray | Sequence[float]) -> pl.DataFrame:
    rows = [
        (name, month, count, ALL, True)
        for seed, (name, values) in enumerate(means.items())
        for month, count in zip(MONTHS, noisy(np.asarray(values) * ALL, seed), strict=True)
    ]
    return pl.DataFrame(rows, schema=COUNTS, orient="row")


@pytest.fixture(scope="module")
def lives() -> dict[str, dict[str, object]]:
    told = fit_lives(
        counts(
            peaked=shares(PEAK, 0.06),
            twice=shares(PEAK, 0.06, 0.15) + shares(date(2024, 6, 1), 0.05, 0.15),
            rising=shares(date(2025, 6, 1), 0.2, 0.8),
            fading=shares(date(2021, 10, 1), 0.08, 0.5),
            steady=[0.03] * 36,
            rare=[0.0005] * 36,
            other=[0.01, 0.09] * 18,
            again=shares(PEAK, 0.06, 0.15) + shares(date(2024, 12, 1), 0.05, 0.15),
        )
    )
    return {row["series"]: row for row in told.iter_rows(named=True)}


def test_each_course_is_told_from_the_others(lives: dict[str, dict[str, object]]) -> None:
    assert {name: life["course"] for name, life in lives.items()} == {
        "peaked": "one peak",
        "twice": "two peaks",
        "rising": "rising",
        "fading": "fading",
        "steady": "steady",
        "rare": "too few papers",
        "other": "steady",
        "again": "two peaks",
    }


def test_peak_and_half_life_lie_in_their_intervals(lives: dict[str, dict[str, object]]) -> None:
    life = lives["peaked"]
    assert life["peak_low"] < PEAK < life["peak_high"]  # type: ignore[operator]
    assert life["peak_high"] - life["peak_low"] < timedelta(days=60)  # type: ignore[operator]
    true = HALF_AFTER * WIDTH * 12
    low, high = life["half_life_low"], life["half_life_high"]
    assert isinstance(low, float) and isinstance(high, float)
    assert low < true < high < 2 * true
    assert life["second_date"] is None


def test_a_second_peak_has_a_date_of_its_own(lives: dict[str, dict[str, object]]) -> None:
    life = lives["twice"]
    assert life["peak_low"] < PEAK < life["peak_high"]  # type: ignore[operator]
    assert life["second_low"] < date(2024, 6, 1) < life["second_high"]  # type: ignore[operator]
    # where the shares do not fall again, the second peak may be still to come
    assert lives["again"]["second_date"] is not None
    assert lives["again"]["second_high"] is None


def test_what_has_not_peaked_has_no_half_life(lives: dict[str, dict[str, object]]) -> None:
    for name in ("rising", "fading", "steady", "rare"):
        assert lives[name]["peak_date"] is None
        assert lives[name]["half_life_months"] is None
    assert lives["rising"]["peak_low"] is not None
    assert lives["fading"]["peak_high"] is not None
