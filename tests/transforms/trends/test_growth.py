"""Shares and growth with their intervals, moving averages, ranks."""

from datetime import date

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from tests.transforms.trends.series import frame, week
from transforms.trends.growth import (
    growth_interval,
    moving_share,
    rank_shares,
    wilson_interval,
)

SHARES = st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@settings(max_examples=25, deadline=None)
@given(SHARES)
def test_wilson_is_the_interval_of_scipy(share: tuple[int, int]):
    low, high = wilson_interval(*(np.array([float(part)]) for part in share))
    expected = binomtest(*share).proportion_ci(method="wilson")
    assert np.allclose((low[0], high[0]), (expected.low, expected.high), atol=1e-12)


def test_a_share_of_nothing_has_no_interval():
    assert np.isnan(wilson_interval(np.array([0.0]), np.array([0.0]))).all()
    assert np.isnan(growth_interval(*(np.array([one]) for one in (3.0, 9.0, 0.0, 0.0)))[0][0])


def test_growth_is_the_ratio_of_odds_with_its_interval():
    growth, low, high = growth_interval(*(np.array([one]) for one in (20.0, 100.0, 10.0, 100.0)))
    assert np.isclose(growth[0], (20.5 / 80.5) / (10.5 / 90.5))
    deviation = np.sqrt(1 / 20.5 + 1 / 80.5 + 1 / 10.5 + 1 / 90.5)
    assert np.isclose(np.log(high[0] / low[0]), 2 * 1.959964 * deviation, atol=1e-5)


@settings(max_examples=25, deadline=None)
@given(SHARES, SHARES, st.floats(0, 1))
def test_growth_turns_round_with_time_and_noise_only_widens_it(now, before, dispersion):
    cells = [np.array([float(part)]) for part in (*now, *before)]
    growth, low, high = growth_interval(*cells)
    back, back_low, back_high = growth_interval(*cells[2:], *cells[:2])
    assert np.allclose((back, back_low, back_high), (1 / growth, 1 / high, 1 / low))
    _, wider_low, wider_high = growth_interval(*cells, dispersion)
    assert wider_low <= low <= growth <= high <= wider_high


def test_a_doubling_of_few_papers_ranks_below_a_smaller_one_of_many():
    growth, low, _ = growth_interval(
        np.array([4.0, 180.0]), np.array([300.0, 300]), np.array([1.0, 120]), np.array([300.0, 300])
    )
    assert growth[0] > growth[1]
    assert low[0] < low[1]


def test_a_moving_share_is_a_ratio_of_sums_over_testable_periods():
    series = frame("a", [1, 9, 0, 4], [10, 30, 0, 20]).with_columns(
        is_testable=pl.Series([True, True, True, False])
    )
    moving = moving_share(pl.concat([series[::-1], frame("b", [0], 0)]), 2)
    assert moving.rows() == [
        ("a", week(0), 0.1),
        ("a", week(1), 0.25),
        ("a", week(2), 0.3),
        ("a", week(3), None),
        ("b", week(0), None),
    ]


def test_ranks_share_places_and_change_from_the_period_before():
    first, second = date(2025, 1, 1), date(2025, 2, 1)
    shares = pl.DataFrame(
        [("a", first, 0.3), ("b", first, 0.1), ("a", second, 0.2), ("b", second, 0.2),
         ("c", second, None)],
        schema={"series": pl.String(), "period_start": pl.Date(), "share": pl.Float64()},
        orient="row",
    )  # fmt: skip
    ranked = rank_shares(shares).select("rank", "rank_change").rows()
    assert ranked == [(1, None), (2, None), (1, 0), (1, 1), (None, None)]
