"""What a list of discoveries would show if nothing rose: papers with their periods shuffled."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl


@dataclass(frozen=True)
class PermutationCheck:
    """Discoveries in the data, and in data in which nothing rises."""

    found: int
    found_by_chance: float
    """Mean over the shuffles."""
    shuffles: int

    @property
    def false_discovery_rate(self) -> float | None:
        """Share of the discoveries that chance explains, at most 1; None where nothing was found.

        One is added to what chance gave in all shuffles together (Phipson and Smyth 2010): few
        shuffles without a discovery are no proof.
        """
        if not self.found:
            return None
        return min(1.0, (self.found_by_chance + 1 / self.shuffles) / self.found)


def check_by_permutation(
    papers: pl.DataFrame,
    incidence: pl.DataFrame,
    discover: Callable[[pl.DataFrame], int],
    *,
    shuffles: int = 20,
    seed: int = 0,
) -> PermutationCheck:
    """Return how many discoveries remain when papers are dealt to periods anew.

    ``papers`` has a row for each paper with `paper_id`, `period_start` and `is_testable`,
    ``incidence`` a row for each paper and series with `paper_id` and `series`. Whole papers are
    shuffled, so that series keep their sizes and their ties, and periods their totals (Tusher et
    al. 2001). ``discover`` counts the discoveries in a frame of ``panel.COUNTS``. The same ``seed``
    gives the same answer, whatever the order of the rows.
    """
    ordered = papers.sort("paper_id")
    incidence = incidence.unique()
    found = discover(count_papers(ordered, incidence))
    by_chance = 0
    generator = np.random.default_rng(seed)
    columns = ordered.select("period_start", "is_testable")
    for _ in range(shuffles):
        dealt = columns[generator.permutation(len(ordered))]
        by_chance += discover(count_papers(dealt.with_columns(ordered["paper_id"]), incidence))
    return PermutationCheck(found, by_chance / shuffles, shuffles)


def count_papers(papers: pl.DataFrame, incidence: pl.DataFrame) -> pl.DataFrame:
    """Return the frame of ``panel.COUNTS``: every series in every period, zeros too."""
    periods = papers.group_by("period_start").agg(
        pl.len().cast(pl.Int64()).alias("total"), pl.col("is_testable").all()
    )
    counted = (
        incidence.join(papers, on="paper_id")
        .group_by("series", "period_start")
        .agg(pl.len().cast(pl.Int64()).alias("count"))
    )
    grid = incidence.select(pl.col("series").unique()).join(periods, how="cross")
    return (
        grid.join(counted, on=["series", "period_start"], how="left")
        .with_columns(pl.col("count").fill_null(0))
        .select("series", "period_start", "count", "total", "is_testable")
        .sort("series", "period_start")
    )
