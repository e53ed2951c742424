"""Where a list begins to show something else: changes of the mix of its papers that last."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from transforms.trends.noise import Floats

Ints = NDArray[np.int64]

_REACH: Final = 4
_LEAST_AFTER: Final = 2
_LEAST_DISTANCE: Final = 0.25
_LEAST_PAPERS: Final = 20
_CELLS_AT_ONCE: Final = 1_000_000
"""Places times values: a bound on memory."""


def find_changes(papers: Floats) -> list[int]:
    """Return the places of the periods with which the mix becomes another one, ascending.

    ``papers`` is periods by values of one attribute. The mix of four periods before a place is held
    against that of up to four after it (two at least), by total variation distance: the share of
    papers that would have to be others. A change is a distance of a quarter more than numbers so
    small give by chance, at least twice as large as between the halves of either side, of which the
    first period alone makes half. What drifts, and a single odd period, is none.
    """
    places: list[int] = []
    distances = _list_changes(papers)
    while distances.size and distances.max() > 0:
        place = int(distances.argmax())
        places.append(place)
        distances[max(0, place - _REACH) : place + _REACH + 1] = 0
    return sorted(places)


def _list_changes(papers: Floats) -> Floats:
    """Return by period the distance of the mixes before and after it, or 0 where that is no
    change.
    """
    changes = np.zeros(len(papers))
    until = np.vstack([np.zeros(papers.shape[1]), np.cumsum(papers, axis=0)])
    places = np.arange(_REACH, len(papers) - _LEAST_AFTER + 1)
    at_once = max(1, _CELLS_AT_ONCE // max(1, papers.shape[1]))
    for begin in range(0, len(places), at_once):
        part = places[begin : begin + at_once]
        changes[part] = _changes_at(until, part)
    return changes


def _changes_at(until: Floats, place: Ints) -> Floats:
    """Return the distances at some places; ``until`` are the papers before each period, summed."""
    first, last = place - _REACH, np.minimum(place + _REACH, len(until) - 1)
    before, after = until[place] - until[first], until[last] - until[place]
    distance = _distance(before, after)
    is_enough = np.minimum(before.sum(axis=1), after.sum(axis=1)) >= _LEAST_PAPERS
    # few places are far enough, and all else is asked of these
    far = np.flatnonzero(is_enough & (distance >= _LEAST_DISTANCE))
    place, first, last = place[far], first[far], last[far]
    of_first = _distance(before[far], until[place + 1] - until[place])
    steady = np.maximum(_between_halves(until, first, place), _between_halves(until, place, last))
    is_change = (of_first >= distance[far] / 2) & (distance[far] >= 2 * steady)
    changes = np.zeros(len(distance))
    changes[far[is_change]] = distance[far[is_change]]
    return changes


def _between_halves(until: Floats, first: Ints, last: Ints) -> Floats:
    middle = first + (last - first) // 2
    return _distance(until[middle] - until[first], until[last] - until[middle])


def _distance(one: Floats, other: Floats) -> Floats:
    """Return the distances of pairs of mixes, a row each, less what chance gives where both are
    the same; 0 where one of them has no paper.
    """
    ones, others = one.sum(axis=1, keepdims=True), other.sum(axis=1, keepdims=True)
    shares = one / np.maximum(ones, 1), other / np.maximum(others, 1)
    both = (one + other) / np.maximum(ones + others, 1)
    # the mean of |difference| of two binomial shares, as if normal: sqrt(2 / pi) deviations
    inverse = 1 / np.maximum(ones, 1) + 1 / np.maximum(others, 1)
    chance = np.sqrt(2 / np.pi * both * (1 - both) * inverse)
    distance = (np.abs(shares[0] - shares[1]) - chance).sum(axis=1) / 2
    has_both = (ones[:, 0] > 0) & (others[:, 0] > 0)
    return np.where(has_both, np.maximum(0.0, distance), 0.0)
