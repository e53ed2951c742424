"""Runs of elevated periods: where they lie in their series, and upon what they stand."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from transforms.trends.baseline import Basis
from transforms.trends.fitting import Places, Rows
from transforms.trends.noise import Flags, Floats
from transforms.trends.states import LEVELS, Levels, path_costs

_NEW_LEVEL_YEARS: Final = 0.78
"""What lasts longer than nine months is no burst, but a new level, upon which one may stand."""


@dataclass(frozen=True)
class Candidates:
    """Runs of periods above a state, the floor; in the order of rows and periods."""

    row: Places
    first: Places
    last: Places
    floor: Places

    def take(self, places: Places) -> "Candidates":
        """Return some runs, in a given order."""
        parts = (self.row, self.first, self.last, self.floor)
        return Candidates(*(part[places] for part in parts))

    def inside(self, periods: int) -> Flags:
        """Tell which of so many periods lie in each run."""
        places = np.arange(periods)
        inside: Flags = (places >= self.first[:, None]) & (places <= self.last[:, None])
        return inside

    def lower(self, path: Levels) -> Levels:
        """Return the path of each run without it: within it no state is above the floor."""
        floor = self.floor[:, None].astype(path.dtype)
        return np.where(self.inside(path.shape[1]), np.minimum(path, floor), path)

    def change_costs(self, path: Levels) -> Floats:
        """Return what the changes of level within each run cost in its path."""
        inside = self.inside(path.shape[1])
        costs: Floats = path_costs(np.where(inside, path, np.int8(0)))
        return costs - path_costs(inside.astype(np.int8))


@dataclass(frozen=True)
class Span:
    """Where runs lie in their series; ``start`` and ``end`` are used periods."""

    counted: Flags
    start: Places
    end: Places
    years: Floats
    before: Places
    after: Places

    @classmethod
    def of(cls, runs: Candidates, used: Flags, basis: Basis) -> "Span":
        """Measure runs from their first to their last place; ``used`` has a row for each."""
        periods = np.arange(used.shape[1])
        counted = runs.inside(len(periods)) & used
        start = counted.argmax(axis=1)
        end = len(periods) - 1 - counted[:, ::-1].argmax(axis=1)
        years = basis.years[end] - basis.years[start] + basis.period_years
        before = (used & (periods < runs.first[:, None])).sum(axis=1)
        after = (used & (periods > runs.last[:, None])).sum(axis=1)
        return cls(counted, start, end, years, before, after)


def list_candidates(rows: Rows, basis: Basis, path: Levels) -> Candidates:
    """Return the runs above the baseline; within a new level, those above its states."""
    found = []
    within = np.ones(path.shape, dtype=bool)
    for floor in range(len(LEVELS) - 1):
        runs = _list_runs((path > floor) & within, floor)
        is_long = Span.of(runs, rows.used[runs.row], basis).years >= _NEW_LEVEL_YEARS
        found.append(runs.take(np.flatnonzero(~is_long)))
        longest = runs.take(np.flatnonzero(is_long))
        within = np.zeros(path.shape, dtype=bool)
        np.logical_or.at(within, longest.row, longest.inside(path.shape[1]))
    parts = ([getattr(runs, part) for runs in found] for part in ("row", "first", "last", "floor"))
    together = Candidates(*(np.concatenate(part) for part in parts))
    return together.take(np.lexsort((together.first, together.row)))


def _list_runs(elevated: Flags, floor: int) -> Candidates:
    """Return the runs of true values."""
    padded = np.pad(elevated, ((0, 0), (1, 1))).astype(np.int8)
    changes = np.diff(padded, axis=1)
    row, first = np.nonzero(changes == 1)
    _, after = np.nonzero(changes == -1)
    return Candidates(row, first, after - 1, np.full(len(row), floor))
