"""Counts whose variance exceeds their mean: the negative binomial, and its dispersion."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

LEAST_DISPERSION: Final = 0.005
"""Counts of papers are never quite Poisson; a floor keeps a lucky calm series from alarms."""
_USUAL_DISPERSION: Final = 0.04
_USUAL_PAIRS: Final = 10.0
"""The usual dispersion weighs as much as so many successive differences of a busy series."""
_LARGEST_SQUARE: Final = 9.0
"""Squares of standardised differences are cut here: an onset is a jump, not noise."""
_MEAN_OF_CUT_SQUARES: Final = 0.9835
"""E[min(z**2, 9)] of a standard normal z."""
_NEIGHBOURS: Final = 3


def log_ratio(
    counts: Floats, expected: Floats, dispersion: Floats, ratio: Floats | float
) -> Floats:
    """Return log P(count | ratio * expected) - log P(count | expected), negative binomial.

    The variance is ``mean + dispersion * mean**2`` (NB2; Cameron and Trivedi 1998). All arguments
    broadcast; ``dispersion`` is positive.
    """
    spread = np.log((1 + dispersion * ratio * expected) / (1 + dispersion * expected))
    gain: Floats = counts * (np.log(ratio) - spread) - spread / dispersion
    return gain


def log_likelihood(counts: Floats, expected: Floats, dispersion: Floats) -> Floats:
    """Return the log-likelihood of counts, negative binomial, without terms free of the mean."""
    grown = np.log1p(dispersion * expected)
    likelihood: Floats = counts * (np.log(expected) - grown) - grown / dispersion
    return likelihood


def gather_used(counts: Floats, totals: Floats, used: Flags) -> tuple[Floats, Floats, Flags]:
    """Return the arrays with the used periods of each series first, in their order."""
    order = np.argsort(~used, axis=1, kind="stable")
    rows = np.arange(len(counts))[:, None]
    return counts[rows, order], totals[rows, order], used[rows, order]


def local_means(counts: Floats, totals: Floats, used: Flags, reach: int) -> Floats:
    """Return for each period the ratio of sums over the used places up to ``reach`` away.

    Shape series by periods; nan where none is.
    """
    seen = used.astype(float)
    upper = _window_sums(counts * seen, reach)
    lower = _window_sums(totals * seen, reach)
    return np.divide(upper, lower, out=np.full_like(upper, np.nan), where=lower > 0)


def _window_sums(values: Floats, reach: int) -> Floats:
    width = values.shape[1]
    sums = np.concatenate([np.zeros((len(values), 1)), np.cumsum(values, axis=1)], axis=1)
    places = np.arange(width)
    after, before = np.minimum(places + reach + 1, width), np.maximum(places - reach, 0)
    windows: Floats = sums[:, after] - sums[:, before]
    return windows


def estimate_dispersion(counts: Floats, totals: Floats, used: Flags) -> Floats:
    """Return the dispersion of each series, from the differences of successive used periods.

    Differences of neighbours see neither drift nor season nor a burst but at its edges (von
    Neumann 1941; Rice 1984). For shares with local mean p, ``d**2`` has the expectation
    ``p * (1/n + 1/m) + 2 * dispersion * p**2``; the dispersion at which the squares, standardised
    and cut at 9 (Huber 1964), have the mean that they should have is found by bisection. Few or
    small counts say little: ten pairs of the usual dispersion are added. Shape series by 1.
    """
    counts, totals, used = gather_used(counts, totals, used)
    expected = np.where(used, totals * local_means(counts, totals, used, _NEIGHBOURS), 0.0)
    scaled = np.divide(counts, expected, out=np.zeros_like(expected), where=expected > 0)
    is_pair = (expected[:, 1:] > 0) & (expected[:, :-1] > 0)
    squares = np.where(is_pair, (scaled[:, 1:] - scaled[:, :-1]) ** 2, 0.0)
    inverse = np.divide(1.0, expected, out=np.zeros_like(expected), where=expected > 0)
    floor = inverse[:, 1:] + inverse[:, :-1]
    # a pair tells of the dispersion as far as that, not counting noise, makes its variance
    weights = np.where(is_pair, (0.2 / (floor + 0.2)) ** 2, 0.0)
    low = np.full((len(counts), 1), LEAST_DISPERSION)
    high = np.full((len(counts), 1), 4.0)
    for _ in range(24):
        middle = np.sqrt(low * high)
        cut = np.minimum(squares / (floor + 2 * middle), _LARGEST_SQUARE) / _MEAN_OF_CUT_SQUARES
        excess = (weights * (cut - 1)).sum(axis=1, keepdims=True)
        excess += _USUAL_PAIRS * ((_USUAL_DISPERSION + 0.01) / (middle + 0.01) - 1)
        low = np.where(excess > 0, middle, low)
        high = np.where(excess > 0, high, middle)
    dispersion: Floats = np.sqrt(low * high)
    return dispersion
