"""Where a list begins to show something else: changes of the mix of its papers that last."""

from typing import Final

import numpy as np

from transforms.trends.noise import Floats

_REACH: Final = 4
_LEAST_AFTER: Final = 2
_LEAST_DISTANCE: Final = 0.25
_LEAST_PAPERS: Final = 20


def find_changes(papers: Floats) -> list[int]:
    """Return the places of the periods with which the mix becomes another one, ascending.

    ``papers`` is periods by values of one attribute. The mix of four periods before a place is held
    against that of up to four after it (two at least), by total variation distance: the share of
    papers that would have to be others. A change is a distance of a quarter more than numbers so
    small give by chance, at least twice as large as between the halves of either side, of which the
    first period alone makes half. What drifts, and a single odd period, is none.
    """
    distances = np.array([_change_at(papers, place) for place in range(len(papers))])
    places: list[int] = []
    while distances.size and distances.max() > 0:
        place = int(distances.argmax())
        places.append(place)
        distances[max(0, place - _REACH) : place + _REACH + 1] = 0
    return sorted(places)


def _change_at(papers: Floats, place: int) -> float:
    """Return the distance of the mixes before and after a place, or 0 where that is no change."""
    before, after = papers[max(0, place - _REACH) : place], papers[place : place + _REACH]
    if len(before) < _REACH or len(after) < _LEAST_AFTER:
        return 0.0
    if min(before.sum(), after.sum()) < _LEAST_PAPERS:
        return 0.0
    distance = _distance(before, after)
    if distance < _LEAST_DISTANCE or _distance(before, after[:1]) < distance / 2:
        return 0.0
    halves = (_distance(side[: len(side) // 2], side[len(side) // 2 :]) for side in (before, after))
    return distance if distance >= 2 * max(halves) else 0.0


def _distance(one: Floats, other: Floats) -> float:
    """Return the distance of two mixes, less what chance gives where both are the same."""
    papers = np.stack([one.sum(axis=0), other.sum(axis=0)])
    totals = papers.sum(axis=1, keepdims=True)
    if not totals.all():
        return 0.0
    first, second = papers / totals
    both = papers.sum(axis=0) / papers.sum()
    # the mean of |difference| of two binomial shares, as if normal: sqrt(2 / pi) deviations
    chance = np.sqrt(2 / np.pi * both * (1 - both) * (1 / totals).sum())
    return float(max(0.0, (np.abs(first - second) - chance).sum() / 2))
