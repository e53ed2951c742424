"""Shares with intervals, their growth, moving averages and ranks."""

from typing import Final

import numpy as np
import polars as pl

from transforms.trends.noise import Floats

_NORMAL_95: Final = 1.959963984540054


def wilson_interval(count: Floats, total: Floats) -> tuple[Floats, Floats]:
    """Return the 95 % interval of a share (Wilson 1927); nan where the total is not positive."""
    squared = _NORMAL_95**2
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(total > 0, count / total, np.nan)
        centre = (share + squared / (2 * total)) / (1 + squared / total)
        reach = _NORMAL_95 / (1 + squared / total)
        reach = reach * np.sqrt(share * (1 - share) / total + squared / (4 * total**2))
    low, high = np.maximum(centre - reach, 0), np.minimum(centre + reach, 1)
    # at the ends the bound is the end itself, whatever the rounding
    low, high = np.where(count == 0, 0.0, low), np.where(count == total, 1.0, high)
    return np.where(total > 0, low, np.nan), np.where(total > 0, high, np.nan)


def growth_interval(
    count: Floats,
    total: Floats,
    count_before: Floats,
    total_before: Floats,
    dispersion: Floats | float = 0.0,
) -> tuple[Floats, Floats, Floats]:
    """Return the ratio of the odds of two shares with the bounds of its 95 % interval.

    The log odds ratio with a half added to each cell (Haldane 1956; Anscombe 1956) and the
    variance of Gart 1966; over-dispersed counts add ``dispersion`` once for each of the two. Rank
    by the lower bound: a doubling of two papers is none. nan where a total is not positive.
    """
    cells = (count, total - count, count_before, total_before - count_before)
    now, rest, before, rest_before = (np.maximum(cell, 0) + 0.5 for cell in cells)
    log_ratio = np.log(now) - np.log(rest) - np.log(before) + np.log(rest_before)
    variance = 1 / now + 1 / rest + 1 / before + 1 / rest_before + 2 * np.asarray(dispersion)
    reach = _NORMAL_95 * np.sqrt(variance)
    is_known = (np.asarray(total) > 0) & (np.asarray(total_before) > 0)
    bounds = (log_ratio, log_ratio - reach, log_ratio + reach)
    growth, low, high = (np.where(is_known, np.exp(bound), np.nan) for bound in bounds)
    return growth, low, high


def moving_share(counts: pl.DataFrame, periods: int) -> pl.DataFrame:
    """Return series, period_start and ``moving_share``: a ratio of sums, not a mean of ratios.

    The sums are over the last ``periods`` rows of a series (``panel.COUNTS``) up to each; rows that
    are not testable add nothing, and a share of nothing is null. Sorted by series and period.
    """
    usable = pl.col("is_testable") & (pl.col("total") > 0) & pl.col("count").is_not_null()

    def moving(column: str) -> pl.Expr:
        values = pl.when(usable).then(pl.col(column)).otherwise(0)
        return values.rolling_sum(periods, min_samples=1).over("series")

    return (
        counts.sort("series", "period_start")
        .with_columns(moving("count").alias("upper"), moving("total").alias("lower"))
        .select(
            "series",
            "period_start",
            pl.when(pl.col("lower") > 0)
            .then(pl.col("upper") / pl.col("lower"))
            .alias("moving_share"),
        )
    )


def rank_shares(shares: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of a frame with ``rank`` and ``rank_change`` within each period.

    Columns series, period_start and share. The highest share has rank 1, equal ones the same;
    ``rank_change`` is the rank in the period before that the frame holds, less this one (up is
    positive). Both are null where a share is; the change also in the first period.
    """
    ranked = shares.with_columns(
        pl.col("share")
        .rank("min", descending=True)
        .over("period_start")
        .cast(pl.Int64)
        .alias("rank"),
        pl.col("period_start").rank("dense").cast(pl.Int64).alias("place"),
    )
    before = ranked.select("series", pl.col("place") + 1, pl.col("rank").alias("rank_before"))
    return (
        ranked.join(before, on=["series", "place"], how="left", maintain_order="left")
        .with_columns((pl.col("rank_before") - pl.col("rank")).alias("rank_change"))
        .drop("place", "rank_before")
    )
