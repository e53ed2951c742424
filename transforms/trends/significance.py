"""Many tests at once, and slow trends: rates of false discovery, Mann-Kendall, Theil-Sen."""

from typing import Final

import numpy as np
import polars as pl

from transforms.trends.noise import Flags, Floats
from transforms.trends.panel import to_panel

SLOW_TRENDS: Final = pl.Schema(
    {
        "series": pl.String(),
        "periods": pl.Int64(),
        "tau": pl.Float64(),
        "slope_per_year": pl.Float64(),
        "slope_low": pl.Float64(),
        "slope_high": pl.Float64(),
        "p_value": pl.Float64(),
        "q_value": pl.Float64(),
    }
)
"""Grain: series. ``slope_per_year`` is the change of the share (0 to 1) in a year with its 95 %
interval; all but ``periods`` are null where fewer than eight testable periods are there."""

_LEAST_PERIODS: Final = 8
_NORMAL_95: Final = 1.959963984540054


def adjust_p_values(p_values: Floats) -> Floats:
    """Return the least rate of false discovery at which each test counts as one.

    Benjamini and Hochberg 1995. A nan is no test and stays nan.
    """
    adjusted = np.full(len(p_values), np.nan)
    tested = np.flatnonzero(~np.isnan(p_values))
    order = tested[np.argsort(p_values[tested], kind="stable")]
    scaled = p_values[order] * len(order) / np.arange(1, len(order) + 1)
    adjusted[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1)
    return adjusted


def find_slow_trends(counts: pl.DataFrame) -> pl.DataFrame:
    """Return for each series of a frame of ``panel.COUNTS`` whether its share rises or falls.

    Mann 1945 and Kendall 1975 with ties, variance corrected for autocorrelation (Hamed and Rao
    1998); the slope is the median of pairwise slopes (Theil 1950; Sen 1968) and its interval comes
    from ranks of slopes; ``q_value`` by Benjamini and Hochberg 1995 over the series that could be
    tested. A series without variation is not tested.

    Raises:
        ValueError: a period of a series stands twice.
    """
    panel = to_panel(counts)
    rows = []
    for name, numbers, totals, used in zip(
        panel.series, panel.counts, panel.totals, panel.used, strict=True
    ):
        rows.append((name, *_judge(panel.years, numbers / totals, used)))
    trends = pl.DataFrame(rows, schema=dict(list(SLOW_TRENDS.items())[:-1]), orient="row")
    p_values = trends["p_value"].cast(pl.Float64()).fill_null(float("nan")).to_numpy()
    return trends.with_columns(pl.Series("q_value", adjust_p_values(p_values)).fill_nan(None))


def _judge(years: Floats, shares: Floats, used: Flags) -> tuple[float | int | None, ...]:
    """Return periods, tau, slope, its bounds and the p-value of one series."""
    from scipy.special import ndtr

    values, times = shares[used], years[used]
    count = len(values)
    if count < _LEAST_PERIODS or np.ptp(values) == 0:
        return (count, None, None, None, None, None)
    first, second = np.triu_indices(count, 1)
    differences = values[second] - values[first]
    slopes = np.sort(differences / (times[second] - times[first]))
    concordance = float(np.sign(differences).sum())
    variance = _variance_of_concordance(values) * _inflation(values, times, slopes)
    distance = max(abs(concordance) - 1, 0) / np.sqrt(variance)
    reach = _NORMAL_95 * np.sqrt(variance)
    last = len(slopes) - 1
    # the M1-th lowest and the M1-th highest slope, M1 = (slopes - reach) / 2 rounded down
    low = slopes[int(np.clip(np.floor((len(slopes) - reach) / 2) - 1, 0, last))]
    high = slopes[int(np.clip(np.ceil((len(slopes) + reach) / 2), 0, last))]
    tau = concordance / len(slopes)
    p_value = 2 * float(ndtr(-distance))
    return (count, tau, float(np.median(slopes)), float(low), float(high), p_value)


def _variance_of_concordance(values: Floats) -> float:
    """Return the variance of Kendall's sum without trend, with the correction for ties."""
    count = len(values)
    ties = np.unique(values, return_counts=True)[1]
    spread = count * (count - 1) * (2 * count + 5) - (ties * (ties - 1) * (2 * ties + 5)).sum()
    return float(spread) / 18


def _inflation(values: Floats, times: Floats, slopes: Floats) -> float:
    """Return by how much autocorrelation of the ranks raises that variance, at least 1.

    Hamed and Rao 1998: only significant autocorrelations, of what remains when the slope is taken
    out, count.
    """
    count = len(values)
    rest = values - float(np.median(slopes)) * (times - times[0])
    ranks = _rank(rest)
    ranks -= ranks.mean()
    whole = float(ranks @ ranks)
    if whole == 0:
        return 1.0
    lags = np.arange(1, count // 2)
    shares = np.array([float(ranks[lag:] @ ranks[:-lag]) / whole for lag in lags])
    shares[np.abs(shares) < _NORMAL_95 / np.sqrt(count)] = 0
    terms = (count - lags) * (count - lags - 1) * (count - lags - 2) * shares
    return max(1.0, 1 + 2 * float(terms.sum()) / (count * (count - 1) * (count - 2)))


def _rank(values: Floats) -> Floats:
    """Return ranks from 1 on; equal values share the mean of theirs, whatever their order."""
    _, place, ties = np.unique(values, return_inverse=True, return_counts=True)
    ranks: Floats = (np.cumsum(ties) - (ties - 1) / 2)[place]
    return ranks
