"""Alarms by what came before alone."""

import numpy as np
import polars as pl
from polars.testing import assert_frame_equal

from tests.transforms.trends.series import frame, noisy, week, with_burst
from transforms.trends.alarms import test_tails as tails_of


def test_the_onset_of_a_burst_raises_an_alarm_at_once():
    series = [frame(f"s{seed:02d}", noisy(np.full(60, 9.0), seed)) for seed in range(20)]
    burst = frame("burst", with_burst(60, 9, 50, 59, 5, seed=50))
    tails = tails_of(pl.concat([*series, burst]))
    alarms = tails.filter(pl.col("q_value") < 0.01)
    assert alarms.filter(pl.col("series") != "burst").height <= 1
    assert alarms.filter(pl.col("series") == "burst")["period_start"][0] <= week(51)


def test_p_values_of_noise_are_not_too_small():
    series = [frame(f"s{seed:02d}", noisy(np.full(60, 6.0), seed, 0.08)) for seed in range(60)]
    p_values = tails_of(pl.concat(series))["p_value"].drop_nulls()
    assert len(p_values) > 2_500
    assert (p_values < 0.05).mean() < 0.06
    assert (p_values < 0.001).mean() < 0.003


def test_nothing_that_comes_later_changes_an_alarm():
    series = pl.concat(
        [frame("a", with_burst(40, 5, 30, 35, 6, seed=1)), frame("b", noisy(np.full(40, 3), 2))]
    )
    whole = tails_of(series)
    until = series.filter(pl.col("period_start") <= week(31))
    assert_frame_equal(whole.filter(pl.col("period_start") <= week(31)), tails_of(until))


def test_too_short_a_past_tells_nothing():
    tails = tails_of(frame("a", [5] * 12))
    assert tails["p_value"].null_count() == 9
    assert tails_of(frame("a", [0] * 12))["p_value"].null_count() == 12
    assert tails_of(frame("a", []).clear()).is_empty()
