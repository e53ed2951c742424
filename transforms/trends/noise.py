"""Counts whose variance exceeds their mean: the negative binomial, and its dispersion."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_GRID: Final = np.exp(np.linspace(np.log(0.006), np.log(1.2), 12))
"""The dispersions that are weighed: from almost Poisson to deviations as large as the mean."""
_USUAL_DISPERSION: Final = 0.06
_USUAL_SPREAD: Final = 1.2
"""Before counts are seen: median, and standard deviation of the logarithm."""
_JUMPS: Final = 0.02
"""Share of pairs that straddle an onset or an end, in which anything may be."""


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

    Neighbours see neither drift nor season, nor a burst but at its edges (von Neumann 1941; Rice
    1984). Of two negative binomial counts with given sum, the first is beta-binomial with the
    dispersion as its only unknown (Johnson, Kemp and Kotz 2005, chapter 6): its likelihood is added
    over pairs, with a few set aside for jumps, and weighed with what is usual. Shape series by 1.
    """
    return _expect_dispersion(_weigh_pairs(*gather_used(counts, totals, used)).sum(axis=1))[:, None]


def track_dispersion(counts: Floats, totals: Floats, used: Flags) -> Floats:
    """Return the same as known at the end of each period; shape series by periods."""
    pairs = _weigh_pairs(*gather_used(counts, totals, used))
    none_known = np.zeros((len(counts), 2, len(_GRID)))
    known = np.concatenate([none_known, np.cumsum(pairs, axis=1)], axis=1)
    tracked = _expect_dispersion(known)
    return np.take_along_axis(tracked, np.cumsum(used, axis=1), axis=1)


def _weigh_pairs(counts: Floats, totals: Floats, used: Flags) -> Floats:
    """Return the log-likelihood of each dispersion of the grid in each pair of neighbours.

    The arrays are gathered; shape series by pairs by dispersions.
    """
    from scipy.special import gammaln

    one, other = counts[:, :-1, None], counts[:, 1:, None]
    both = one + other
    tells = (used[:, 1:] & used[:, :-1])[:, :, None] & (both > 0)
    share = (totals[:, :-1] / (totals[:, :-1] + totals[:, 1:]))[:, :, None]
    size = 2 / _GRID
    first, second = size * share, size * (1 - share)
    likelihood = gammaln(both + 1) - gammaln(one + 1) - gammaln(other + 1)
    likelihood = likelihood + gammaln(one + first) + gammaln(other + second)
    likelihood += gammaln(size) - gammaln(both + size) - gammaln(first) - gammaln(second)
    jump = np.log(_JUMPS) - np.log1p(both)
    return np.where(tells, np.logaddexp(likelihood + np.log1p(-_JUMPS), jump), 0.0)


def _expect_dispersion(likelihood: Floats) -> Floats:
    """Return the mean, on the scale of logarithms, over the grid that is the last axis."""
    weights = likelihood - (np.log(_GRID / _USUAL_DISPERSION) / _USUAL_SPREAD) ** 2 / 2
    weights = np.exp(weights - weights.max(axis=-1, keepdims=True))
    weights /= weights.sum(axis=-1, keepdims=True)
    expected: Floats = np.exp(weights @ np.log(_GRID))
    return expected
