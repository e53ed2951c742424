"""Slow trends, and what remains of many tests."""

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from scipy.stats import false_discovery_control, kendalltau, theilslopes

from tests.transforms.trends.series import frame, noisy
from transforms.trends.significance import adjust_p_values, find_slow_trends

WEEKS = np.arange(104)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_p_values_are_adjusted_as_scipy_does(p_values: list[float]):
    adjusted = adjust_p_values(np.array(p_values))
    assert np.allclose(adjusted, false_discovery_control(p_values))
    with_none = adjust_p_values(np.array([float("nan"), *p_values]))
    assert np.isnan(with_none[0])
    assert np.allclose(with_none[1:], adjusted)


def test_slope_and_tau_are_those_of_scipy():
    counts = noisy(np.linspace(10, 20, 60), seed=1)
    trend = find_slow_trends(frame("a", counts)).row(0, named=True)
    shares = np.array(counts) / 300
    years = np.arange(60) * 7 / 365.25
    expected = theilslopes(shares, years)
    assert np.isclose(trend["slope_per_year"], expected.slope)
    assert trend["slope_low"] <= expected.low_slope + 1e-12
    assert trend["slope_low"] <= trend["slope_per_year"] <= trend["slope_high"]
    # read backwards, what rises falls as fast and as surely
    back = find_slow_trends(frame("a", counts[::-1])).row(0, named=True)
    assert np.isclose(back["slope_low"], -trend["slope_high"])
    assert np.isclose(back["slope_high"], -trend["slope_low"])
    # tau-a has no correction for ties, tau-b has
    assert np.isclose(trend["tau"], kendalltau(years, shares).statistic, atol=0.03)


def test_a_slow_rise_is_found_among_flat_series():
    series = [frame(f"s{seed:02d}", noisy(np.full(104, 9.0), seed)) for seed in range(40)]
    rise = frame("rise", noisy(6 + 6 * WEEKS / 104, 99))
    trends = find_slow_trends(pl.concat([*series, rise]))
    found = trends.filter(pl.col("q_value") < 0.01)
    assert found["series"].to_list() == ["rise"]
    assert found["slope_low"][0] > 0


def test_many_equal_shares_are_no_autocorrelation():
    # a paper now and then, and then more often: most weeks have none, in any order of these
    generator = np.random.default_rng(2)
    counts = [int(one) for one in generator.random(104) < 0.05 + 0.25 * WEEKS / 104]
    trend = find_slow_trends(frame("rare", counts)).row(0, named=True)
    plain = kendalltau(WEEKS, counts, method="asymptotic").pvalue
    # that of scipy has no correction for continuity
    assert plain < trend["p_value"] < 1.1 * plain < 0.01


def test_a_wave_is_no_trend():
    # neighbouring periods are alike: without the correction its p-value would be small
    for seed in range(6):
        wave = 12 + 6 * np.sin(2 * np.pi * WEEKS / 80 + seed)
        trend = find_slow_trends(frame("wave", noisy(wave, seed, 0.005))).row(0, named=True)
        assert trend["p_value"] > 0.001


def test_series_that_say_nothing_are_not_tested_and_change_nothing():
    rise = frame("rise", noisy(6 + 6 * WEEKS / 104, 3))
    quiet = [frame("silent", [0] * 104), frame("short", [1, 2, 3])]
    trends = find_slow_trends(pl.concat([rise, *quiet]))
    assert_frame_equal(trends.filter(pl.col("series") == "rise"), find_slow_trends(rise))
    assert trends.filter(pl.col("series") != "rise")["p_value"].null_count() == 2
    assert find_slow_trends(rise.clear()).is_empty()
