"""A list that begins to show something else: no baseline crosses it, and nothing bursts by it."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from transforms.trends import mix
from transforms.trends.bursts import find_bursts
from transforms.trends.mix import find_changes
from transforms.trends.panel import COUNTS
from transforms.trends.stretches import MIX, PERIODS, number_stretches

WEEKS, CHANGE, TOPICS = 44, 32, 8
BEFORE, AFTER = (0.8, 0.2), (0.2, 0.8)


def mixes(seed: int, papers: int = 200) -> np.ndarray:
    """Return weeks by two categories; the mix changes with week 32, the volume does not."""
    generator = np.random.default_rng(seed)
    return np.array(
        [generator.multinomial(papers, BEFORE if week < CHANGE else AFTER) for week in range(WEEKS)]
    )


def test_a_change_of_what_a_list_shows_is_found_where_it_happens() -> None:
    assert [find_changes(mixes(seed).astype(float)) for seed in range(5)] == [[CHANGE]] * 5


def test_noise_a_drift_and_a_single_odd_period_are_no_change() -> None:
    generator = np.random.default_rng(1)
    same = generator.multinomial(40, [0.2] * 5, 60).astype(float)
    assert find_changes(same) == []
    share = np.linspace(0.2, 0.8, 60)
    assert find_changes(np.column_stack([200 * share, 200 * (1 - share)])) == []
    odd = np.tile([150.0, 50.0], (40, 1))
    odd[20] = [20, 180]
    assert find_changes(odd) == []


def test_a_long_history_is_looked_through_in_parts_with_the_same_result(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    papers = np.vstack([mixes(seed) for seed in range(4)]).astype(float)
    whole = find_changes(papers)
    monkeypatch.setattr(mix, "_CELLS_AT_ONCE", 5)
    assert find_changes(papers) == whole
    assert len(whole) == 7


def test_a_change_is_known_two_periods_after_it() -> None:
    papers = mixes(0).astype(float)
    assert find_changes(papers[: CHANGE + 1]) == []
    assert find_changes(papers[: CHANGE + 2]) == [CHANGE]


def test_many_topics_do_not_burst_because_the_list_shows_another_category() -> None:
    starts = [date(2024, 1, 1) + timedelta(weeks=week) for week in range(WEEKS)]
    papers = mixes(7)
    generator = np.random.default_rng(7)
    # each topic is a tenth of the papers of the second category, of the first almost none
    shares = np.stack([generator.binomial(papers[:, 1], 0.1) for _ in range(TOPICS)])
    shares += np.stack([generator.binomial(papers[:, 0], 0.005) for _ in range(TOPICS)])
    counts = pl.DataFrame(
        [
            (f"topic-{topic:02d}", start, int(shares[topic, week]), 200, True)
            for topic in range(TOPICS)
            for week, start in enumerate(starts)
        ],
        schema=COUNTS,
        orient="row",
    )
    assert find_bursts(counts).bursts.height > TOPICS / 2
    shown = pl.DataFrame(
        [
            (start, "category", value, int(papers[week, column]))
            for week, start in enumerate(starts)
            for column, value in enumerate(("cs.CL", "period_start"))
        ],
        schema=MIX,
        orient="row",
    )
    periods = pl.DataFrame([(one, 200, True) for one in starts], schema=PERIODS, orient="row")
    stretches = number_stretches(periods, shown)
    assert stretches["stretch"].to_list() == [1] * CHANGE + [2] * (WEEKS - CHANGE)
    assert stretches["stretch_begins"].unique().sort().to_list() == ["category", "first"]
    for part in counts.join(stretches, on="period_start").partition_by("stretch"):
        assert find_bursts(part.select(list(COUNTS))).bursts.is_empty()
