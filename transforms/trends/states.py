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


def _transition_costs() -> Floats:
    costs = np.where(np.eye(len(LEVELS), dtype=bool), 0.0, _LEVEL_COST)
    costs[0, 1:] = _ENTER_COST
    costs[1:, 0] = _LEAVE_COST
    return costs


TRANSITION_COSTS: Final = _transition_costs()


def find_path(counts: Floats, expected: Floats, used: Flags, dispersion: Floats) -> Levels:
    """Return the state of each series in each period: the Viterbi path (Kleinberg 2003).

    As there, entering a burst costs and leaving it is cheap; in place of his Poisson or binomial
    costs stand negative binomial log-likelihoods, in nats. Periods that are not ``used`` cost
    nothing in any state, so that a path keeps its state across them.
    """
    series, periods = counts.shape
    gains = np.where(
        used[:, :, None],
        log_ratio(counts[:, :, None], expected[:, :, None], dispersion[:, :, None], LEVELS),
        0.0,
    )
    came_from = np.zeros((periods, series, len(LEVELS)), dtype=np.int8)
    best = -TRANSITION_COSTS[0] + gains[:, 0]
    for period in range(1, periods):
        reached = best[:, :, None] - TRANSITION_COSTS
        came_from[period] = _argmax_staying(reached)
        best = reached.max(axis=1) + gains[:, period]
    path = np.zeros((series, periods), dtype=np.int8)
    rows = np.arange(series)
    path[:, -1] = best.argmax(axis=1)
    for period in range(periods - 1, 0, -1):
        path[:, period - 1] = came_from[period, rows, path[:, period]]
    return path


def _argmax_staying(reached: Floats) -> Levels:
    """Return where each state is best reached from; from itself where that is as good."""
    stay = np.arange(len(LEVELS), dtype=np.int8)
    best = reached.argmax(axis=1).astype(np.int8)
    is_as_good = np.diagonal(reached, axis1=1, axis2=2) >= reached.max(axis=1)
    return np.where(is_as_good, stay, best)


def path_costs(path: Levels) -> Floats:
    """Return the cost of the transitions of each path."""
    entered = np.concatenate([np.zeros((len(path), 1), dtype=np.int8), path], axis=1)
    costs: Floats = TRANSITION_COSTS[entered[:, :-1], entered[:, 1:]].sum(axis=1)
    return costs
