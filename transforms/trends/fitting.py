"""Baseline and states of many series at once, fitted by turns."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from transforms.trends.baseline import Basis, expect, fit, objective
from transforms.trends.noise import Flags, Floats, estimate_dispersion, gather_used, local_means
from transforms.trends.panel import Panel
from transforms.trends.states import LEVELS, Levels, find_path, path_costs

Places = NDArray[np.int64]

_ROUNDS: Final = 4
_LOW_QUANTILE: Final = 0.3
_REACH: Final = 3
_SAME: Final = 1e-7
"""Largest difference of the logarithms of shares that a turn makes to a baseline at its end."""


@dataclass(frozen=True)
class Rows:
    """Histories that are searched, a row each: series, or their beginnings.

    ``totals`` are positive everywhere; ``dispersion`` has the shape rows by 1.
    """

    counts: Floats
    totals: Floats
    used: Flags
    dispersion: Floats

    @classmethod
    def of(cls, panel: Panel) -> "Rows":
        """Return the whole history of each series."""
        dispersion = estimate_dispersion(panel.counts, panel.totals, panel.used)
        return cls(panel.counts, panel.totals, panel.used, dispersion)

    @property
    def arrays(self) -> tuple[Floats, Floats, Flags, Floats]:
        """Counts, totals, flags and dispersion, in the order in which fits take them."""
        return self.counts, self.totals, self.used, self.dispersion

    def take(self, rows: Places) -> "Rows":
        """Return some rows, in a given order, with repetitions."""
        counts, totals = self.counts[rows], self.totals[rows]
        return Rows(counts, totals, self.used[rows], self.dispersion[rows])

    def lift(self, path: Levels) -> "Rows":
        """Return the rows with totals multiplied by the ratio of each state."""
        return Rows(self.counts, self.totals * LEVELS[path], self.used, self.dispersion)

    def until(self, ends: Places, known_dispersion: Floats) -> "Rows":
        """Return the rows as they were at the end of a period of each, which the last one ends."""
        width = int(ends.max()) + 1
        used = self.used[:, :width] & (np.arange(width) <= ends[:, None])
        return Rows(self.counts[:, :width], self.totals[:, :width], used, known_dispersion)


@dataclass(frozen=True)
class Fit:
    """The baseline and the states of each series."""

    coefficients: Floats
    path: Levels
    likelihood: Floats
    """Logarithm, penalised."""


def fit_states(rows: Rows, basis: Basis) -> Fit:
    """Fit baseline and states by turns, from two beginnings, and keep the likelier end.

    One begins with the whole history as baseline (right where the share drifts), one with a low
    quantile of moving shares (right where bursts are long). Each turn raises the penalised
    likelihood less the costs of transitions.
    """
    whole, low = _beginnings(rows, basis)
    drifting = fit(basis, whole, *rows.arrays)
    one, other = (_alternate(rows, basis, start) for start in (drifting, low))
    score = one.likelihood - path_costs(one.path)
    is_other = other.likelihood - path_costs(other.path) > score
    return Fit(
        np.where(is_other[:, None], other.coefficients, one.coefficients),
        np.where(is_other[:, None], other.path, one.path),
        np.where(is_other, other.likelihood, one.likelihood),
    )


def _beginnings(rows: Rows, basis: Basis) -> tuple[Floats, Floats]:
    """Return coefficients of constant shares: that of the whole history, and a robust low one."""
    seen = rows.used.astype(float)
    whole = (rows.counts * seen).sum(axis=1) / np.maximum((rows.totals * seen).sum(axis=1), 1)
    gathered = gather_used(rows.counts, rows.totals, rows.used)
    moving = np.sort(np.where(gathered[2], local_means(*gathered, _REACH), np.inf), axis=1)
    place = (_LOW_QUANTILE * np.maximum(rows.used.sum(axis=1) - 1, 0)).astype(int)
    low = moving[np.arange(len(moving)), place]
    whole = np.maximum(whole, 1e-7)
    low = np.clip(np.where(np.isfinite(low), low, whole), whole / 10, None)
    shape = (len(whole), basis.values.shape[1])
    beginnings = (np.zeros(shape), np.zeros(shape))
    beginnings[0][:, 0] = np.log(whole)
    beginnings[1][:, 0] = np.log(low)
    return beginnings


def _alternate(rows: Rows, basis: Basis, coefficients: Floats) -> Fit:
    """Return baseline and states from one beginning, of which no state is elevated.

    A series is left alone once a turn changes neither its states nor its baseline: most are calm,
    and have come to their end after one turn.
    """
    fitted = coefficients.copy()
    path = np.zeros(rows.counts.shape, dtype=np.int8)
    moving = np.arange(len(path))
    for _ in range(_ROUNDS):
        part, before = rows.take(moving), fitted[moving]
        expected = expect(basis, before, part.totals)
        states = find_path(part.counts, expected, part.used, part.dispersion)
        after = fit(basis, before, *part.lift(states).arrays, steps=4)
        is_other = (states != path[moving]).any(axis=1)
        is_other |= np.abs((after - before) @ basis.values.T).max(axis=1) > _SAME
        fitted[moving], path[moving] = after, states
        moving = moving[is_other]
        if not len(moving):
            break
    return Fit(fitted, path, objective(basis, fitted, *rows.lift(path).arrays))
