"""Bursts: what is found, when it could first be known, and what never changes it."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tests.transforms.trends.series import frame, noisy, week, with_burst
from transforms.trends.bursts import BURSTS, PERIODS, find_bursts
from transforms.trends.panel import COUNTS

TWO_YEARS = np.arange(104)


def bursts_of(*series: pl.DataFrame) -> pl.DataFrame:
    return find_bursts(pl.concat(series)).bursts


def test_a_burst_has_start_confirmation_peak_and_end():
    found = bursts_of(frame("a", with_burst(104, 9, 50, 59, 4, seed=1)))
    assert found.height == 1
    burst = found.row(0, named=True)
    assert abs((burst["start"] - week(50)).days) <= 7
    assert burst["start"] < burst["confirmed"] <= week(54)
    assert week(50) <= burst["peak"] <= week(59)
    assert abs((burst["end"] - week(59)).days) <= 7
    assert burst["status"] == "ended"
    assert 3 < burst["ratio"] < 5
    assert burst["strength"] > 9


def test_a_burst_that_lasts_has_no_end():
    found = bursts_of(frame("a", with_burst(60, 9, 52, 59, 4, seed=2)))
    assert found.select("end", "status").rows() == [(None, "active")]


@pytest.mark.parametrize(
    "share",
    [
        np.ones(104),
        np.exp(TWO_YEARS / 104 * np.log(3)),
        np.exp(-TWO_YEARS / 104 * np.log(3)),
        1 + 2 / (1 + np.exp(-(TWO_YEARS - 52) / 14)),
        1 + 0.3 * np.sin(2 * np.pi * TWO_YEARS / 52),
    ],
    ids=["flat", "rise", "fall", "logistic", "season"],
)
def test_noise_drift_and_season_are_no_bursts(share: np.ndarray):
    series = [frame(f"s{seed}", noisy(9 * share, seed)) for seed in range(12)]
    assert bursts_of(*series).height <= 1


def test_summers_are_no_bursts_because_each_looks_like_one_beside_the_other():
    share = 1 + 0.7 * np.sin(2 * np.pi * TWO_YEARS / 52)
    series = [frame(f"s{seed}", noisy(30 * share, seed)) for seed in range(12, 36)]
    assert bursts_of(*series).height <= 1


def test_a_step_to_a_new_level_is_no_burst_once_the_level_is_known():
    means = np.where(TWO_YEARS < 30, 12, 24)
    assert bursts_of(*(frame(f"s{seed}", noisy(means, seed)) for seed in range(12))).height <= 1


def test_a_burst_upon_a_new_level_is_found():
    means = np.where(TWO_YEARS < 30, 8.0, 16.0)
    means[70:78] *= 4
    found = bursts_of(frame("a", noisy(means, seed=6)))
    assert abs((found["start"][-1] - week(70)).days) <= 7


def test_two_bursts_of_a_series_are_both_found():
    means = np.full(104, 9.0)
    means[30:38] *= 4
    means[60:68] *= 3
    found = bursts_of(frame("a", noisy(means, seed=8)))
    assert [round((start - week(0)).days / 7, -1) for start in found["start"]] == [30, 60]


def test_bursts_are_of_shares_whatever_their_scale():
    counts = with_burst(80, 9, 40, 50, 4, seed=7)
    one, other = bursts_of(frame("a", counts, 200)), bursts_of(frame("a", counts, 2000))
    assert_frame_equal(one, other, rel_tol=1e-3)


def test_one_high_period_is_no_burst():
    counts = noisy(np.full(80, 6.0), seed=3)
    counts[40] = 40
    assert bursts_of(frame("a", counts)).is_empty()


def test_a_feed_that_grows_is_no_burst():
    totals = [100 if number < 50 else 400 for number in range(80)]
    counts = noisy(np.array(totals) * 0.03, seed=4)
    assert bursts_of(frame("a", counts, totals)).is_empty()


def test_a_gap_ends_no_burst_and_its_numbers_mean_nothing():
    series = frame("a", with_burst(80, 9, 40, 52, 4, seed=5))
    is_gap = pl.col("period_start").is_between(week(45), week(46))
    gap = series.with_columns(
        pl.when(is_gap).then(None).otherwise(pl.col("total")).alias("total"),
        pl.when(is_gap).then(0).otherwise(pl.col("count")).alias("count"),
    )
    unfinished = series.with_columns(is_testable=~is_gap)
    found = bursts_of(gap)
    assert found.height == 1
    assert found["end"][0] > week(46)
    assert_frame_equal(found, bursts_of(unfinished))
    assert_frame_equal(found, bursts_of(gap.filter(~is_gap)))


def test_nothing_gives_frames_without_rows():
    empty = find_bursts(COUNTS.to_frame())
    assert empty.bursts.schema == BURSTS
    assert empty.periods.schema == PERIODS
    untestable = frame("a", [3, 4, 5]).with_columns(is_testable=pl.lit(value=False))
    assert find_bursts(untestable).bursts.is_empty()
    assert bursts_of(frame("a", [5])).is_empty()


def test_a_period_that_stands_twice_is_refused():
    series = frame("a", [3, 4, 5])
    with pytest.raises(ValueError, match="twice"):
        find_bursts(pl.concat([series, series.head(1)]))


SERIES = st.tuples(
    st.integers(0, 10_000), st.sampled_from([0.5, 3.0, 12.0]), st.sampled_from([1.0, 2.5, 6.0])
)


def drawn(names: str, drawn_series: list[tuple[int, float, float]]) -> list[pl.DataFrame]:
    return [
        frame(name, with_burst(52, mean, 30, 38, height, seed))
        for name, (seed, mean, height) in zip(names, drawn_series, strict=False)
    ]


@settings(max_examples=3, deadline=None)
@given(st.lists(SERIES, min_size=3, max_size=3), st.randoms(use_true_random=False))
def test_no_series_changes_another_and_rows_may_stand_in_any_order(drawn_series, shuffler):
    series = drawn("abc", drawn_series)
    together = find_bursts(pl.concat([*series, frame("silent", [0] * 52)]))
    order = list(range(156))
    shuffler.shuffle(order)
    shuffled = find_bursts(pl.concat(series)[order])
    alone = pl.concat([bursts_of(one) for one in series])
    assert_frame_equal(together.bursts, alone)
    assert_frame_equal(shuffled.bursts, alone)


@settings(max_examples=3, deadline=None)
@given(st.lists(SERIES, min_size=4, max_size=4))
def test_a_burst_is_called_at_the_end_of_the_period_that_confirms_it_and_not_before(drawn_series):
    history = pl.concat(drawn("abcd", drawn_series))
    for burst in find_bursts(history).bursts.iter_rows(named=True):
        series = history.filter(pl.col("series") == burst["series"])
        until = burst["confirmed"]
        # what comes later changes nothing: it is not there
        known = bursts_of(series.filter(pl.col("period_start") <= until))
        assert overlap(known, burst)
        earlier = bursts_of(series.filter(pl.col("period_start") < until))
        assert not overlap(earlier, burst)


def overlap(found: pl.DataFrame, burst: dict) -> bool:
    last = burst["end"] or week(51)
    ends = found.with_columns(pl.col("end").fill_null(week(999)))
    return not ends.filter((pl.col("start") <= last) & (pl.col("end") >= burst["start"])).is_empty()
