"""States of a series, from none to a strong burst: the cheapest path through them."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from transforms.trends.noise import Flags, Floats, log_ratio

LEVELS: Final = np.array([1.0, 1.4, 1.85, 2.5, 3.4, 4.6, 6.2, 8.5])
"""The share in each state, as a multiple of the baseline's."""
_ENTER_COST: Final = 5.0
_LEVEL_COST: Final = 3.0
_LEAVE_COST: Final = 0.5

Levels = NDArray[np.int8]
_STATES: Final = np.arange(len(LEVELS), dtype=np.int8)


def find_path(counts: Floats, expected: Floats, used: Flags, dispersion: Floats) -> Levels:
    """Return the state of each series in each period: the Viterbi path (Kleinberg 2003).

    As there, entering a burst costs and leaving it is cheap; in place of his Poisson or binomial
    costs stand negative binomial log-likelihoods, in nats. Periods that are not ``used`` cost
    nothing in any state, so that a path keeps its state across them.
    """
    series, periods = counts.shape
    gains = np.where(
        used.T[:, :, None],
        log_ratio(counts.T[:, :, None], expected.T[:, :, None], dispersion.T[:, :, None], LEVELS),
        0.0,
    )
    came_from = np.zeros((periods, series, len(LEVELS)), dtype=np.int8)
    best = gains[0] - np.where(_STATES > 0, _ENTER_COST, 0.0)
    for period in range(1, periods):
        best, came_from[period] = _step(best)
        best += gains[period]
    path = np.zeros((series, periods), dtype=np.int8)
    rows = np.arange(series)
    path[:, -1] = best.argmax(axis=1)
    for period in range(periods - 1, 0, -1):
        path[:, period - 1] = came_from[period, rows, path[:, period]]
    return path


def _step(best: Floats) -> tuple[Floats, Levels]:
    """Return for each state the best score with which it is reached, and from where.

    A state is kept where that is as good. Burst states change into each other at one cost, so that
    the best of them stands for all.
    """
    calm = best[:, 0]
    strongest = (best[:, 1:].argmax(axis=1) + 1).astype(np.int8)
    burst = best[np.arange(len(best)), strongest]
    entered = calm - _ENTER_COST >= burst - _LEVEL_COST
    moved = np.where(entered, calm - _ENTER_COST, burst - _LEVEL_COST)
    origin = np.where(entered, np.int8(0), strongest)
    rivals = np.repeat(moved[:, None], len(LEVELS), axis=1)
    rivals[:, 0] = burst - _LEAVE_COST
    origins = np.repeat(origin[:, None], len(LEVELS), axis=1)
    origins[:, 0] = strongest
    return np.maximum(best, rivals), np.where(best >= rivals, _STATES, origins)


def path_costs(path: Levels) -> Floats:
    """Return the cost of the transitions of each path."""
    before = np.concatenate([np.zeros((len(path), 1), dtype=np.int8), path[:, :-1]], axis=1)
    costs: Floats = (
        _ENTER_COST * ((before == 0) & (path > 0)).sum(axis=1)
        + _LEAVE_COST * ((before > 0) & (path == 0)).sum(axis=1)
        + _LEVEL_COST * ((before > 0) & (path > 0) & (before != path)).sum(axis=1)
    )
    return costs
