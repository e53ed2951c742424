"""What one stretch of a history says: its bursts, which of them are shown, and the baselines."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from transforms.trends.alarms import ALARM_RATE, test_tails
from transforms.trends.bursts import find_bursts
from transforms.trends.chance import SHUFFLES, Calibration, calibrate, strengths_by_chance
from transforms.trends.panel import to_panel
from transforms.trends.significance import find_slow_trends

LEAST_PERIODS: Final = 8
"""A stretch with fewer periods is not searched."""
LEAST_PAPERS: Final = 10
"""A topic with fewer papers in a stretch is not searched: so few can say nothing."""
_ENDS: Final = 3
"""Periods at either end of a slow trend of which the share is told."""
_RATE: Final = 0.05
METHOD: Final = "4"
"""Version of the search; what another one found is searched again."""


@dataclass(frozen=True)
class Searched:
    """What was found in a stretch."""

    topics: int
    """How many were searched."""
    bursts: pl.DataFrame
    """Columns of ``bursts.BURSTS``, and ``papers``, ``observed``, ``expected``, ``is_shown``;
    ``ratio`` is ``papers`` divided by ``expected``: what the baseline expects, or the new level on
    which the burst stands."""
    baselines: pl.DataFrame
    """(series, period_start, expected)"""
    calibration: Calibration
    slow: pl.DataFrame
    """Columns of ``significance.SLOW_TRENDS``, and ``papers``, ``observed``, ``share_first``,
    ``share_last``, ``is_shown``."""
    alarms: pl.DataFrame
    """Columns of ``alarms.ALARMS``, and ``papers``, ``observed``, ``tested``; only alarms."""
    alarm_topics: int
    """How many were tested for an alarm in the last period."""


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
    is_searched = len(enough) > 0
    dealt = strengths_by_chance(to_panel(enough)) if is_searched else np.zeros(0)
    calibration = calibrate(strengths, dealt)
    cut = calibration.cut
    shown = pl.lit(value=False) if cut is None else pl.col("strength").round(6) >= cut
    bursts = _add_sums(found.bursts, enough).with_columns(is_shown=shown)
    baselines = found.periods.select("series", "period_start", pl.col("expected").round(6))
    slow = _find_slow(enough)
    topics = enough["series"].n_unique()
    # of all topics: which have papers enough is known at the end only
    return Searched(topics, bursts, baselines, calibration, slow, *_find_alarms(counts))


def _find_alarms(counts: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """Return the alarms of all periods, and how many series were tested in the last one."""
    tails = (
        test_tails(counts)
        .filter(pl.col("p_value").is_not_null())
        .with_columns(pl.len().over("period_start").alias("tested"))
    )
    last = tails.filter(pl.col("period_start") == counts["period_start"].max())
    values = counts.select(
        "series",
        "period_start",
        pl.col("count").alias("papers"),
        pl.col("total").alias("observed"),
    )
    alarms = (
        tails.filter(pl.col("q_value") <= ALARM_RATE)
        .with_columns(pl.col("expected").round(6), pl.col("p_value", "q_value").round(12))
        .join(values, on=["series", "period_start"])
        .sort("period_start", "series")
    )
    return alarms, len(last)


def _find_slow(counts: pl.DataFrame) -> pl.DataFrame:
    """Return the slow trends, with what stood in the first and in the last three periods."""
    ordered = counts.sort("series", "period_start")
    shown, seen = pl.col("count"), pl.col("total")
    sums = ordered.group_by("series").agg(
        shown.sum().alias("papers"),
        seen.sum().alias("observed"),
        (shown.head(_ENDS).sum() / seen.head(_ENDS).sum()).alias("share_first"),
        (shown.tail(_ENDS).sum() / seen.tail(_ENDS).sum()).alias("share_last"),
    )
    is_sure = (pl.col("q_value") <= _RATE) & (pl.col("slope_low") * pl.col("slope_high") > 0)
    return (
        find_slow_trends(counts)
        .with_columns(pl.col("tau", "^slope_.*$", "p_value", "q_value").round(9))
        .join(sums, on="series")
        .with_columns(is_shown=is_sure.fill_null(value=False))
        .sort("series")
    )


def _add_sums(bursts: pl.DataFrame, counts: pl.DataFrame) -> pl.DataFrame:
    """Add what stood in the periods of each burst: papers, all papers, and those expected."""
    last = pl.col("end").fill_null(pl.col("period_start"))
    sums = (
        bursts.select("series", "start", "end")
        .join(counts, on="series")
        .filter((pl.col("period_start") >= pl.col("start")) & (pl.col("period_start") <= last))
        .group_by("series", "start")
        .agg(
            pl.col("count").sum().alias("papers"),
            pl.col("total").sum().alias("observed"),
        )
    )
    return (
        bursts.join(sums, on=["series", "start"], how="left")
        # of a burst on a new level the ratio is to that level, and so is what is expected
        .with_columns(expected=(pl.col("papers") / pl.col("ratio")).round(6))
        .with_columns(pl.col("strength", "ratio").round(6))
        .sort("series", "start")
    )


__all__ = ["METHOD", "SHUFFLES", "Searched", "search_stretch"]
