"""The curve of a topic that comes and goes, fitted on a grid of its peak and its width."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from transforms.trends.noise import Floats, log_likelihood

HALF_AFTER: Final = 1.4611862
"""Widths from the peak of a Gompertz curve to half of it: the root of z + exp(-z) = 1 + ln 2."""
_SURE: Final = 0.95
_NUMBERS: Final = 3
"""A curve has a peak, a width and a height."""
_STEPS: Final = 5
_LEAST_LOG: Final = -40.0
_COARSE: Final = (40, 12)
_FINE: Final = (25, 13)


@dataclass(frozen=True)
class Course:
    """Counts of one series, every period used; times in years, at the middle of each period."""

    times: Floats
    counts: Floats
    totals: Floats
    dispersion: float


@dataclass(frozen=True)
class Peak:
    """One Gompertz curve: where likelihood is highest, and where it is not much lower."""

    time: float
    width: float
    """Years; the curve falls to half ``HALF_AFTER`` widths after the peak."""
    height: float
    """The share at the peak."""
    likelihood: float
    means: Floats
    """Expected counts of this curve alone."""
    time_low: float
    time_high: float
    width_low: float
    width_high: float
    """Ends of 95 % intervals by profile likelihood; those of the grid where it is flat."""


def grid_of(course: Course) -> tuple[Floats, Floats]:
    """Return the peaks and the widths that are tried: beyond both ends of the history."""
    first, last = course.times[0], course.times[-1]
    span, period = last - first, float(np.diff(course.times).min())
    times = np.linspace(first - span / 4, last + span / 2, _COARSE[0])
    return times, np.geomspace(period * 0.7, span * 1.5, _COARSE[1])


def fit_peak(course: Course, base: Floats | None = None) -> Peak:
    """Return the likeliest curve on top of ``base``, expected counts of another one.

    The rate of the Gompertz law, ``height * exp(1 - z - exp(-z))`` with ``z = (t - peak) / width``,
    steep before the peak and long after it, as Tattershall et al. 2021 (Scientometrics 126) find
    the shares of topics. Its likelihood is negative binomial; the interval of a number is where the
    likelihood, with the others at their best, is not much lower (profile likelihood).
    """
    below = np.full(len(course.times), 1e-9) if base is None else base
    times, widths = grid_of(course)
    for size in (None, _FINE):
        if size is not None:
            times, widths = _closer(times, size[0]), np.exp(_closer(np.log(widths), size[1]))
        heights, likelihood = _profile(course, below, times, widths)
        near = likelihood >= likelihood.max() - _lower(len(course.times))
        near_times, near_widths = times[near.any(axis=1)], widths[near.any(axis=0)]
        if size is None:
            times = _around(times, near_times)
            widths = _around(widths, near_widths)
    row, column = np.unravel_index(likelihood.argmax(), likelihood.shape)
    height = float(heights[row, column])
    shape = curve(course.times, times[row], widths[column])
    return Peak(
        float(times[row]),
        float(widths[column]),
        height,
        float(likelihood[row, column]),
        height * course.totals * shape,
        float(near_times[0]),
        float(near_times[-1]),
        float(near_widths[0]),
        float(near_widths[-1]),
    )


def curve(times: Floats, peak: Floats | float, width: Floats | float) -> Floats:
    """Return the curve as a share of its height."""
    place = np.clip((times - peak) / width, -30, None)
    shape: Floats = np.exp(np.maximum(1 - place - np.exp(-place), _LEAST_LOG))
    return shape


def level_likelihood(course: Course) -> float:
    """Return the log-likelihood of a share that never changes."""
    below = np.full(len(course.times), 1e-9)
    return float(_climb(course, below, course.totals[None, :])[1][0])


def _profile(course: Course, base: Floats, times: Floats, widths: Floats) -> tuple[Floats, Floats]:
    """Return the best height, and the likelihood with it, at each peak and width."""
    shapes = curve(course.times, times[:, None, None], widths[None, :, None])
    shapes = shapes.reshape(-1, len(course.times)) * course.totals
    heights, likelihood = _climb(course, base, shapes)
    grid = (len(times), len(widths))
    return heights.reshape(grid), likelihood.reshape(grid)


def _climb(course: Course, base: Floats, shapes: Floats) -> tuple[Floats, Floats]:
    """Return the likeliest multiple of each row of ``shapes``, and the likelihood of it and base.

    Fisher scoring (McCullagh and Nelder 1989), from the multiple that has all the papers.
    """
    counts, dispersion = course.counts, course.dispersion
    heights = np.maximum(counts.sum() - base.sum(), counts.sum() / 10) / shapes.sum(axis=1)
    for _ in range(_STEPS):
        means = base + heights[:, None] * shapes
        weights = shapes / (means * (1 + dispersion * means))
        step = (weights * (counts - means)).sum(axis=1) / (weights * shapes).sum(axis=1)
        heights = np.clip(heights + step, heights / 10, heights * 10)
    means = base + heights[:, None] * shapes
    likelihood = log_likelihood(counts, means, np.asarray(dispersion)).sum(axis=1)
    return heights, likelihood


def _lower(periods: int) -> float:
    """Return how much lower the likelihood is at the ends of an interval: a quantile of F.

    That of chi-squared (Wilks 1938) is for a known dispersion; here few periods tell it.
    """
    from scipy.special import fdtri

    return float(fdtri(1, max(1, periods - _NUMBERS), _SURE)) / 2


def _around(values: Floats, near: Floats) -> Floats:
    """Return the ends of some values of a grid, each a step further out if the grid has one."""
    first, last = np.searchsorted(values, [near[0], near[-1]])
    ends: Floats = values[[max(0, first - 1), min(len(values) - 1, last + 1)]]
    return ends


def _closer(ends: Floats, count: int) -> Floats:
    return np.linspace(ends[0], ends[-1], count)
