"""What chance alone would discover."""

import polars as pl
import pytest

from tests.transforms.trends.series import week
from transforms.trends.bursts import find_bursts
from transforms.trends.panel import COUNTS
from transforms.trends.permutation import check_by_permutation, count_papers


def a_feed() -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return 40 weeks of 30 papers, of which one topic bursts."""
    papers = pl.DataFrame(
        {
            "paper_id": [f"{number:05d}" for number in range(1200)],
            "period_start": [week(number // 30) for number in range(1200)],
            "is_testable": [True] * 1200,
        }
    )
    topics = [
        (f"{number:05d}", name)
        for number in range(1200)
        for name, every in (("calm", 7), ("bursts", 3 if 600 <= number < 900 else 15))
        if number % every == 0
    ]
    return papers, pl.DataFrame(topics, schema=["paper_id", "series"], orient="row")


def count_bursts(counts: pl.DataFrame) -> int:
    return find_bursts(counts).bursts.height


def test_counts_hold_every_series_in_every_period():
    papers, incidence = a_feed()
    counts = count_papers(papers, incidence)
    assert counts.schema == COUNTS
    assert counts.height == 80
    assert counts["total"].unique().to_list() == [30]
    assert counts["count"].sum() == incidence.height


def test_a_burst_does_not_survive_shuffling():
    check = check_by_permutation(*a_feed(), count_bursts, shuffles=5)
    assert check.found == 1
    assert check.found_by_chance == 0
    assert check.false_discovery_rate == pytest.approx(0.2)


def test_shuffles_keep_the_size_of_series_and_the_order_of_rows_means_nothing():
    papers, incidence = a_feed()
    seen: list[pl.DataFrame] = []

    def keep(counts: pl.DataFrame) -> int:
        seen.append(counts)
        return int(counts.filter(pl.col("count") > 6).height)

    one = check_by_permutation(papers, incidence, keep, shuffles=3, seed=7)
    other = check_by_permutation(
        papers.reverse(),
        incidence.sample(fraction=1, shuffle=True, seed=1),
        keep,
        shuffles=3,
        seed=7,
    )
    assert one == other
    sizes = [frame.group_by("series").agg(pl.col("count").sum()).sort("series") for frame in seen]
    assert all(size.equals(sizes[0]) for size in sizes)
    assert not seen[0].equals(seen[1])


def test_nothing_found_has_no_rate():
    papers, incidence = a_feed()
    check = check_by_permutation(papers, incidence, lambda _: 0, shuffles=1)
    assert check.false_discovery_rate is None
