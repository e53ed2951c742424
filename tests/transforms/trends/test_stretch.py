"""What one stretch says: bursts that chance does not explain, and slow trends."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transforms.trends.series import noisy
from transforms.trends import chance, search, selection
from transforms.trends.chance import calibrate, shuffle, strengths_by_chance
from transforms.trends.panel import COUNTS, to_panel
from transforms.trends.stretch import search_stretch


def counts(series: dict[str, list[int]], total: int = 90) -> pl.DataFrame:
    """Return weekly counts, all of them testable."""
    rows = [
        (name, date(2025, 1, 6) + timedelta(weeks=number), count, total, True)
        for name, values in series.items()
        for number, count in enumerate(values)
    ]
    return pl.DataFrame(rows, schema=COUNTS, orient="row")


QUIET = {f"quiet-{number}": [3, 2, 4, 3, 2, 3] * 4 for number in range(6)}
LOUD = [2, 3] * 8 + [22] * 8


def test_a_share_that_jumps_is_a_burst_with_its_papers_and_those_expected() -> None:
    searched = search_stretch(counts({**QUIET, "loud": LOUD}))
    (burst,) = searched.bursts.to_dicts()
    assert (burst["series"], burst["start"], burst["end"]) == ("loud", date(2025, 4, 28), None)
    assert (burst["papers"], burst["observed"], burst["is_shown"]) == (176, 720, True)
    assert 10 < burst["expected"] < 40
    assert searched.topics == 7


def test_a_burst_on_a_new_level_is_so_many_times_what_that_level_expects() -> None:
    means = np.full(120, 5.0)
    means[40:95] = 16
    means[60:68] = 48
    (burst,) = search_stretch(counts({"twice": noisy(means, 0)}, 300)).bursts.to_dicts()
    assert (burst["start"], burst["end"]) == (date(2026, 3, 2), date(2026, 4, 20))
    assert burst["papers"] / burst["expected"] == pytest.approx(burst["ratio"], abs=1e-4)
    assert 2 < burst["ratio"] < 4


def test_where_nothing_rises_nothing_is_shown() -> None:
    searched = search_stretch(counts(QUIET))
    assert searched.bursts.is_empty()
    assert (searched.calibration.cut, searched.calibration.rate) == (None, None)


def test_a_stretch_of_a_few_weeks_and_a_topic_of_a_few_papers_are_not_searched() -> None:
    assert search_stretch(counts({"loud": LOUD[-10:-3]})).topics == 0
    assert search_stretch(counts({"rare": [0] * 23 + [9]})).topics == 0


def test_shuffled_histories_keep_the_size_of_each_topic_and_of_each_week() -> None:
    panel = to_panel(counts({**QUIET, "loud": LOUD}))
    dealt = shuffle(panel, 5)
    sizes = panel.counts.sum(axis=1)
    assert np.array_equal(dealt.counts.sum(axis=1), np.tile(sizes, 5))
    assert (dealt.counts <= dealt.totals).all()
    assert not np.array_equal(dealt.counts[: len(sizes)], panel.counts)
    assert np.array_equal(dealt.counts, shuffle(panel, 5).counts)


def test_what_chance_gives_is_the_same_however_many_rows_are_searched_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    panel = to_panel(counts({f"rare-{number}": [1, 0, 0, 1] * 10 for number in range(30)}))
    # so low that some are found where nothing rises
    monkeypatch.setattr(selection, "_EVIDENCE", 0.0)
    monkeypatch.setattr(search, "_OTHER_EVIDENCE", 0.0)
    whole = strengths_by_chance(panel, 8)
    assert len(whole) > 1
    monkeypatch.setattr(chance, "_CELLS_AT_ONCE", 5_000)
    assert strengths_by_chance(panel, 8) == pytest.approx(whole)


@pytest.mark.parametrize(
    ("found", "by_chance", "cut", "shown"),
    [
        ([10.0], [], 10.0, 1),
        ([10.0], [11.0], None, 0),
        ([10.0, 20.0, 30.0], [12.0] * 3, 20.0, 2),
        ([10.0, 20.0, 30.0], [9.0] * 50, 10.0, 3),
        ([], [12.0], None, 0),
    ],
)
def test_the_cut_leaves_at_most_one_in_twenty_to_chance(
    found: list[float], by_chance: list[float], cut: float | None, shown: int
) -> None:
    calibration = calibrate(np.array(found), np.array(by_chance), shuffles=20)
    assert (calibration.cut, calibration.shown) == (cut, shown)


STRENGTHS = st.floats(5, 50)


@given(st.lists(STRENGTHS, max_size=12), st.lists(STRENGTHS, max_size=60), st.integers(1, 40))
def test_what_is_shown_never_breaks_the_promised_rate(
    found: list[float], by_chance: list[float], shuffles: int
) -> None:
    calibration = calibrate(np.array(found), np.array(by_chance), shuffles)
    if calibration.cut is None:
        assert calibration.rate is None
        return
    false = (sum(one >= calibration.cut for one in by_chance) + 1) / shuffles
    assert calibration.shown == sum(one >= calibration.cut for one in found)
    assert false / calibration.shown == pytest.approx(calibration.rate)
    assert calibration.rate is not None and calibration.rate <= 0.05


def test_a_slow_rise_is_told_with_the_shares_at_its_ends() -> None:
    rising = [round(4 + number * 0.9 + number % 2) for number in range(24)]
    slow = search_stretch(counts({**QUIET, "rising": rising}, total=200)).slow
    (trend,) = slow.filter("is_shown").to_dicts()
    assert trend["series"] == "rising"
    assert trend["share_first"] == pytest.approx(sum(rising[:3]) / 600)
    assert trend["share_last"] == pytest.approx(sum(rising[-3:]) / 600)
    assert 0 < trend["slope_low"] <= trend["slope_per_year"] <= trend["slope_high"]
