"""The life of topics: when each peaks, how fast it fades, whether it comes back, how surely."""

from datetime import date
from typing import Final, NamedTuple

import numpy as np
import polars as pl

from transforms.trends.curve import HALF_AFTER, Course, Peak, fit_peak, grid_of, level_likelihood
from transforms.trends.noise import estimate_dispersion
from transforms.trends.panel import DAYS_OF_YEAR, Panel, to_panel

LIVES: Final = pl.Schema(
    {
        "series": pl.String(),
        "course": pl.String(),
        "periods": pl.Int64(),
        "papers": pl.Int64(),
        "peak_share": pl.Float64(),
        "peak_date": pl.Date(),
        "peak_low": pl.Date(),
        "peak_high": pl.Date(),
        "half_life_months": pl.Float64(),
        "half_life_low": pl.Float64(),
        "half_life_high": pl.Float64(),
        "second_share": pl.Float64(),
        "second_date": pl.Date(),
        "second_low": pl.Date(),
        "second_high": pl.Date(),
        "fit_p_value": pl.Float64(),
    }
)
"""Grain: series. ``course`` says what the shares can tell:

- ``too few papers``: fewer than 30 papers or eight periods; nothing else is told
- ``steady``: a curve explains no more than a share that never changes
- ``another course``: neither one curve nor two fit the shares
- ``rising``: the peak may lie after the history; ``peak_low`` is the earliest date for it
- ``fading``: the peak may lie before the history; ``peak_high`` is the latest date for it
- ``one peak``, ``two peaks``: within the history, with 95 % intervals; ``second_high`` is null
  where the second may lie after it

``half_life_months`` goes from the (first) peak to half of its share on the curve, whose end may lie
after the history; ``half_life_high`` is null where the shares set no upper bound. ``fit_p_value``
is how often such a curve gives deviations as large (Pearson's chi-squared)."""

_LEAST_PAPERS: Final = 30
_LEAST_PERIODS: Final = 8
_LEAST_GAIN: Final = 4.605
"""Half of the 99 % quantile of chi-squared with two degrees of freedom: peak and width."""
_SECOND_GAIN: Final = 9.0
"""For a second curve, which has three numbers more, and all the history to find a place in."""
_LEAST_SECOND: Final = 0.25
_UNLIKELY: Final = 0.01
_TURNS: Final = 3


class _Fitted(NamedTuple):
    peaks: tuple[Peak, ...]
    """In the order of time."""
    p_value: float


def fit_lives(counts: pl.DataFrame) -> pl.DataFrame:
    """Return what the shares of each series of a frame of ``panel.COUNTS`` tell of its life.

    A Gompertz curve (Tattershall et al. 2021), or two where one more explains much: they find that
    some topics peak twice. Each series is judged for itself.

    Raises:
        ValueError: a period of a series stands twice.
    """
    panel = to_panel(counts)
    if not panel.series:
        return LIVES.to_frame()
    dispersion = estimate_dispersion(panel.counts, panel.totals, panel.used)[:, 0]
    lives = [_tell(panel, row, float(dispersion[row])) for row in range(len(panel.series))]
    return pl.DataFrame(lives, schema=LIVES, orient="row")


def _tell(panel: Panel, row: int, dispersion: float) -> dict[str, object]:
    used = panel.used[row]
    papers, periods = int(panel.counts[row, used].sum()), int(used.sum())
    life: dict[str, object] = dict.fromkeys(LIVES)
    life.update(series=panel.series[row], periods=periods, papers=papers)
    if papers < _LEAST_PAPERS or periods < _LEAST_PERIODS:
        return life | {"course": "too few papers"}
    length = float(np.diff(panel.years).min())
    course = Course(
        panel.years[used] + length / 2,
        panel.counts[row, used],
        panel.totals[row, used],
        dispersion,
    )
    fitted = _fit(course)
    if fitted is None:
        return life | {"course": "steady"}
    return life | _describe(course, fitted, length / 2)


def _fit(course: Course) -> _Fitted | None:
    """Return one curve or two, in the order of time, or None where the share is steady."""
    level = level_likelihood(course)
    one = fit_peak(course)
    second = fit_peak(course, one.means)
    gain = second.likelihood - one.likelihood
    if gain > _SECOND_GAIN / 2 and second.likelihood - level > _SECOND_GAIN + _LEAST_GAIN:
        first = one
        for _ in range(_TURNS):
            first = fit_peak(course, second.means)
            second = fit_peak(course, first.means)
        early, late = sorted((first, second), key=lambda peak: peak.time)
        if second.likelihood - one.likelihood > _SECOND_GAIN and _are_two(course, early, late):
            return _Fitted((early, late), _fit_p_value(course, early, late))
    if one.likelihood - level < _LEAST_GAIN:
        return None
    return _Fitted((one,), _fit_p_value(course, one))


def _are_two(course: Course, early: Peak, late: Peak) -> bool:
    """Tell whether the share fell by half between two peaks in the history, neither of them low."""
    is_within = course.times[0] <= early.time and late.time <= course.times[-1]
    heights = sorted((early.height, late.height))
    has_fallen = late.time - early.time > HALF_AFTER * early.width
    return is_within and has_fallen and heights[0] >= _LEAST_SECOND * heights[1]


def _fit_p_value(course: Course, *peaks: Peak) -> float:
    from scipy.special import chdtrc

    means = np.maximum(sum(peak.means for peak in peaks), 1e-9)
    squares = (course.counts - means) ** 2 / (means * (1 + course.dispersion * means))
    freedom = max(1, len(means) - 3 * len(peaks))
    return float(chdtrc(freedom, squares.sum()))


def _describe(course: Course, fitted: _Fitted, half_period: float) -> dict[str, object]:
    """Return the columns of what was fitted; bounds outside the history are no bounds."""
    peak = fitted.peaks[0]
    first, last = course.times[0] - half_period, course.times[-1] + half_period
    told: dict[str, object] = {"fit_p_value": round(fitted.p_value, 6)}
    if fitted.p_value < _UNLIKELY:
        return told | {"course": "another course"}
    if peak.time_low < first and peak.time_high > last:
        return told | {"course": "steady"}
    if peak.time_high > last:
        return told | {"course": "rising", "peak_low": _date(peak.time_low)}
    if peak.time_low < first:
        return told | {"course": "fading", "peak_high": _date(peak.time_high)}
    told |= {"course": "one peak", "peak_share": round(peak.height, 6)}
    told |= _dates("peak", peak) | _half_life(course, peak)
    if len(fitted.peaks) > 1:
        second = fitted.peaks[1]
        told |= {"course": "two peaks", "second_share": round(second.height, 6)}
        told |= _dates("second", second)
        if second.time_high > last:
            told["second_high"] = None
    return told


def _dates(name: str, peak: Peak) -> dict[str, object]:
    return {
        f"{name}_date": _date(peak.time),
        f"{name}_low": _date(peak.time_low),
        f"{name}_high": _date(peak.time_high),
    }


def _half_life(course: Course, peak: Peak) -> dict[str, object]:
    widest = grid_of(course)[1][-1]
    months = HALF_AFTER * 12
    return {
        "half_life_months": round(months * peak.width, 3),
        "half_life_low": round(months * peak.width_low, 3),
        "half_life_high": (
            None if peak.width_high >= widest * 0.999 else round(months * peak.width_high, 3)
        ),
    }


def _date(years: float) -> date:
    return date.fromordinal(round(years * DAYS_OF_YEAR))
