"""What one stretch of a history says: its bursts, which of them are shown, and the baselines."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from transforms.trends.bursts import find_bursts
from transforms.trends.chance import SHUFFLES, Calibration, calibrate, strengths_by_chance
from transforms.trends.panel import to_panel

LEAST_PERIODS: Final = 4
"""A stretch with fewer periods is not searched."""
LEAST_PAPERS: Final = 10
"""A topic with fewer papers in a stretch is not searched: so few can say nothing."""
METHOD: Final = "1"
"""Version of the search; what another one found is searched again."""


@dataclass(frozen=True)
class Searched:
    """What was found in a stretch."""

    topics: int
    """How many were searched."""
    bursts: pl.DataFrame
    """Columns of ``bursts.BURSTS``, and ``papers``, ``observed``, ``expected``, ``is_shown``."""
    baselines: pl.DataFrame
    """(series, period_start, expected)"""
    calibration: Calibration


def search_stretch(counts: pl.DataFrame) -> Searched:
    """Search the series of a stretch, a frame of ``panel.COUNTS`` whose periods are all testable.

    A burst is shown where its strength is above the cut that keeps the bursts expected by chance to
    one in twenty; see ``chance.calibrate``.
    """
    papers = pl.col("count").sum().over("series")
    enough = counts.filter(papers >= LEAST_PAPERS)
    if counts["period_start"].n_unique() < LEAST_PERIODS:
        enough = enough.clear()
    found = find_bursts(enough)
    strengths = found.bursts["strength"].round(6).to_numpy()
    dealt = strengths_by_chance(to_panel(enough)) if len(strengths) else np.zeros(0)
    calibration = calibrate(strengths, dealt)
    cut = calibration.cut
    shown = pl.lit(value=False) if cut is None else pl.col("strength").round(6) >= cut
    bursts = _add_sums(found.bursts, enough, found.periods).with_columns(is_shown=shown)
    baselines = found.periods.select("series", "period_start", pl.col("expected").round(6))
    return Searched(enough["series"].n_unique(), bursts, baselines, calibration)


def _add_sums(bursts: pl.DataFrame, counts: pl.DataFrame, periods: pl.DataFrame) -> pl.DataFrame:
    """Add what stood in the periods of each burst: papers, all papers, and those expected."""
    values = counts.join(periods, on=["series", "period_start"])
    last = pl.col("end").fill_null(pl.col("period_start"))
    sums = (
        bursts.select("series", "start", "end")
        .join(values, on="series")
        .filter((pl.col("period_start") >= pl.col("start")) & (pl.col("period_start") <= last))
        .group_by("series", "start")
        .agg(
            pl.col("count").sum().alias("papers"),
            pl.col("total").sum().alias("observed"),
            pl.col("expected").sum().round(6),
        )
    )
    rounded = bursts.with_columns(pl.col("strength", "ratio").round(6))
    return rounded.join(sums, on=["series", "start"], how="left").sort("series", "start")


__all__ = ["METHOD", "SHUFFLES", "Searched", "search_stretch"]
