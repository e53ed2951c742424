"""Counts of series by period, as frames outside and as arrays within."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from transforms.trends.noise import Flags, Floats

COUNTS: Final = pl.Schema(
    {
        "series": pl.String(),
        "period_start": pl.Date(),
        "count": pl.Int64(),
        "total": pl.Int64(),
        "is_testable": pl.Boolean(),
    }
)
"""Grain: series and period. ``total`` is everything observed in the period, null or zero where
nothing was; a period that is not testable (unfinished, badly covered) is passed over."""

DAYS_OF_YEAR: Final = 365.25


@dataclass(frozen=True)
class Panel:
    """Series by periods; both in ascending order, arrays of shape series by periods.

    A series may begin late or lack periods: there, and where a period is not testable, ``used`` is
    false and the numbers mean nothing.
    """

    series: list[str]
    periods: list[date]
    years: Floats
    """Start of each period, in years of our era: 2025.5 is the middle of 2025."""
    counts: Floats
    totals: Floats
    used: Flags

    def take(self, rows: slice) -> "Panel":
        """Return some of the series."""
        counts, totals, used = self.counts[rows], self.totals[rows], self.used[rows]
        return Panel(self.series[rows], self.periods, self.years, counts, totals, used)


def to_panel(counts: pl.DataFrame, periods: pl.Series | None = None) -> Panel:
    """Return the arrays of a frame of ``COUNTS``, whose rows may stand in any order.

    ``periods`` are those of all rows, in ascending order, where the frame is a part of them.

    Raises:
        ValueError: a period of a series stands twice.
    """
    series = counts["series"].unique().sort()
    if periods is None:
        periods = counts["period_start"].unique().sort()
    rows = series.search_sorted(counts["series"]).to_numpy()
    columns = periods.search_sorted(counts["period_start"]).to_numpy()
    shape = (len(series), len(periods))
    if len(np.unique(rows * max(1, len(periods)) + columns)) < len(counts):
        raise ValueError("a period of a series stands twice")
    numbers = np.zeros(shape)
    totals = np.zeros(shape)
    used = np.zeros(shape, dtype=bool)
    numbers[rows, columns] = counts["count"].fill_null(0).to_numpy()
    totals[rows, columns] = counts["total"].fill_null(0).to_numpy()
    usable = pl.col("is_testable") & pl.col("count").is_not_null() & (pl.col("total") > 0)
    used[rows, columns] = counts.select(usable.fill_null(value=False)).to_series().to_numpy()
    starts = periods.to_list()
    years = np.array([one.toordinal() / DAYS_OF_YEAR for one in starts])
    return Panel(series.to_list(), starts, years, numbers, np.where(used, totals, 1.0), used)
