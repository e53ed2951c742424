"""Alarms without hindsight: is the newest count too high for all that came before it?"""

from typing import Final

import numpy as np
import polars as pl
from scipy.special import betainc

from transforms.trends.noise import Floats, track_dispersion
from transforms.trends.panel import to_panel
from transforms.trends.significance import adjust_p_values

ALARMS: Final = pl.Schema(
    {
        "series": pl.String(),
        "period_start": pl.Date(),
        "expected": pl.Float64(),
        "p_value": pl.Float64(),
        "q_value": pl.Float64(),
    }
)
"""Grain: series and testable period. ``expected`` is the count foretold, null with ``p_value`` and
``q_value`` where fewer than eight periods came before."""

_LEAST_BEFORE: Final = 8
_YEAR: Final = 1.0
_GUARD: Final = 1


def test_tails(counts: pl.DataFrame) -> pl.DataFrame:
    """Return for each period how likely a count as high was, by the periods before it alone.

    ``p_value`` is P(count or more) of a negative binomial whose share is that of the year before
    (without the period just before, in which a burst may have begun) and whose dispersion comes
    from the history so far; the uncertainty of the share adds to the variance, as in the detector
    of Farrington et al. 1996 and Noufal et al. 2013. ``q_value`` adjusts by Benjamini and Hochberg
    1995 over the series of a period. Series that have shown nothing so far are not tested.

    Raises:
        ValueError: a period of a series stands twice.
    """
    panel = to_panel(counts)
    row, column = np.nonzero(panel.used)
    if not len(row):
        return ALARMS.to_frame()
    expected = np.full(panel.used.shape, np.nan)
    p_values = np.full(panel.used.shape, np.nan)
    q_values = np.full(panel.used.shape, np.nan)
    dispersion = track_dispersion(panel.counts, panel.totals, panel.used)
    for place in range(1, len(panel.periods)):
        is_near = panel.years[place] - panel.years[:place] <= _YEAR
        is_near[max(0, place - _GUARD) :] = False
        seen = panel.used[:, :place]
        past = seen & is_near
        papers = (panel.counts[:, :place] * past).sum(axis=1)
        tested = panel.used[:, place] & (past.sum(axis=1) >= _LEAST_BEFORE) & (papers > 0)
        if not tested.any():
            continue
        spread = dispersion[tested, place - 1]
        totals = (panel.totals[:, :place] * past).sum(axis=1)
        foretold = panel.totals[tested, place] * papers[tested] / totals[tested]
        unsure = 1 / papers[tested] + spread / past[tested].sum(axis=1)
        tails = _upper_tail(panel.counts[tested, place], foretold, spread + unsure)
        expected[tested, place] = foretold
        p_values[tested, place] = tails
        q_values[tested, place] = adjust_p_values(tails)
    names = np.array(panel.series, dtype=object)
    return pl.DataFrame(
        {
            "series": names[row].tolist(),
            "period_start": np.array(panel.periods, dtype="datetime64[D]")[column],
            "expected": expected[row, column],
            "p_value": p_values[row, column],
            "q_value": q_values[row, column],
        },
        schema=ALARMS,
    ).with_columns(pl.col("expected", "p_value", "q_value").fill_nan(None))


def _upper_tail(counts: Floats, expected: Floats, dispersion: Floats) -> Floats:
    """Return P(count or more), by the regularised incomplete beta function."""
    size = 1 / dispersion
    tail = betainc(np.maximum(counts, 1), size, expected / (size + expected))
    return np.where(counts > 0, tail, 1.0)
