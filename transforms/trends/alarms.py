"""Alarms without hindsight: is the newest count too high for all that came before it?"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from transforms.trends.noise import Floats, track_dispersion
from transforms.trends.panel import Panel, to_panel
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
"""Grain: series and testable period. ``expected`` is the count foretold, the higher one of the two
that are (see `test_tails`). It is null with ``p_value`` and ``q_value`` where no test was made."""

ALARM_RATE: Final = 0.01
"""An alarm has at most this ``q_value``: so few that chance explains a hundredth of them."""
_LEAST_BEFORE: Final = 8
_YEAR: Final = 1.0
_QUARTER: Final = 0.3
_GUARD: Final = 1


def test_tails(counts: pl.DataFrame) -> pl.DataFrame:
    """Return for each period how likely a count as high was, by the periods before it alone.

    ``p_value`` is P(count or more) of a negative binomial whose dispersion comes from the history
    so far, and whose share is that of the year before, or of the quarter before where that makes
    the count likelier: what drifts upwards is no alarm. Either leaves out the period just before,
    in which a burst may have begun; the uncertainty of the share adds to the variance, as in the
    detector of Farrington et al. 1996 and Noufal et al. 2013. ``q_value`` adjusts by Benjamini and
    Hochberg 1995 over the series of a period. A series is not tested where the year before, without
    the period just before, had fewer than eight periods or no paper of it.

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
        year, quarter = (_Past.of(panel, place, window) for window in (_YEAR, _QUARTER))
        tested = panel.used[:, place] & (year.periods >= _LEAST_BEFORE) & (year.papers > 0)
        if not tested.any():
            continue
        spread = dispersion[:, place - 1]
        tails = np.maximum(*(past.tail(panel, place, spread) for past in (year, quarter)))
        foretold = np.fmax(*(past.foretell(panel, place) for past in (year, quarter)))
        expected[tested, place] = foretold[tested]
        p_values[tested, place] = tails[tested]
        q_values[tested, place] = adjust_p_values(tails[tested])
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


@dataclass(frozen=True)
class _Past:
    """What a window before a period held, a value for each series."""

    papers: Floats
    totals: Floats
    periods: Floats

    @classmethod
    def of(cls, panel: Panel, place: int, years: float) -> "_Past":
        """Add up the used periods that began at most so many years before, but for the last one."""
        is_near = panel.years[place] - panel.years[:place] <= years
        is_near[max(0, place - _GUARD) :] = False
        past = panel.used[:, :place] & is_near
        papers = (panel.counts[:, :place] * past).sum(axis=1)
        totals = (panel.totals[:, :place] * past).sum(axis=1)
        return cls(papers, totals, past.sum(axis=1).astype(float))

    def foretell(self, panel: Panel, place: int) -> Floats:
        """Return the expected counts of a period; nan where the window holds nothing."""
        with np.errstate(divide="ignore", invalid="ignore"):
            foretold: Floats = panel.totals[:, place] * self.papers / self.totals
        return foretold

    def tail(self, panel: Panel, place: int, dispersion: Floats) -> Floats:
        """Return how often as many come; 0 where the window holds no paper, and so says nothing."""
        from scipy.special import betainc

        with np.errstate(divide="ignore", invalid="ignore"):
            unsure = 1 / self.papers + dispersion / self.periods
            size = 1 / (dispersion + unsure)
            mean = self.foretell(panel, place)
            counts = panel.counts[:, place]
            # P(count or more) by the regularised incomplete beta function
            tails = betainc(np.maximum(counts, 1), size, mean / (size + mean))
        told: Floats = np.where(self.papers > 0, np.where(counts > 0, tails, 1.0), 0.0)
        return told
