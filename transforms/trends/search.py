"""The search for bursts in many series at once: baseline and states by turns, then the proof."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from transforms.trends.baseline import Basis, expect, fit, objective
from transforms.trends.noise import (
    Flags,
    Floats,
    estimate_dispersion,
    gather_used,
    local_means,
    log_ratio,
)
from transforms.trends.states import LEVELS, Levels, find_path, path_costs

Places = NDArray[np.int64]

_EVIDENCE: Final = 9.0
"""Least log-likelihood ratio, in nats, in a history of two years of weeks."""
_USUAL_PERIODS: Final = 104
_LONG_YEARS: Final = 0.4
_EVIDENCE_PER_YEAR: Final = 20.0
"""What lasts longer than 0.4 years resembles a drift: so much more for each further year."""
_NEW_LEVEL_YEARS: Final = 0.78
"""What lasts longer than nine months is no burst, but a new level, upon which one may stand."""
_OTHER_EVIDENCE: Final = 5.0
"""Least log-likelihood ratio without the strongest period: none is called for one period alone."""
_LEAST_RATIO: Final = 1.25
_LEAST_BEFORE: Final = 6
_LEAST_PERIODS: Final = 2
_ROUNDS: Final = 4
_LOW_QUANTILE: Final = 0.3
_REACH: Final = 3


@dataclass(frozen=True)
class Runs:
    """Bursts that were found, one in each place of the arrays, by series and start."""

    row: Places
    start: Places
    end: Places
    """First and last elevated period that was used."""
    peak: Places
    """The period of the highest share."""
    strength: Floats
    """Log-likelihood ratio, in nats, less the cost of changes of level within the burst."""
    ratio: Floats
    """Papers in the burst, divided by those that the baseline (or the new level) expects."""
    is_active: Flags
    """No used period of the series follows the burst."""


@dataclass(frozen=True)
class Fit:
    """The baseline and the states of each series."""

    coefficients: Floats
    path: Levels
    dispersion: Floats
    likelihood: Floats
    """Logarithm, penalised."""


@dataclass(frozen=True)
class Rows:
    """The arrays of a panel, or of some of its rows; ``totals`` are positive everywhere."""

    counts: Floats
    totals: Floats
    used: Flags

    def take(self, rows: Places) -> "Rows":
        """Return some rows, in a given order, with repetitions."""
        return Rows(self.counts[rows], self.totals[rows], self.used[rows])

    def lift(self, path: Levels) -> "Rows":
        """Return the rows with totals multiplied by the ratio of each state."""
        return Rows(self.counts, self.totals * LEVELS[path], self.used)

    @property
    def arrays(self) -> tuple[Floats, Floats, Flags]:
        """Counts, totals and flags, in the order in which fits take them."""
        return self.counts, self.totals, self.used

    def until(self, ends: Places) -> "Rows":
        """Return the rows as they were seen at the end of a period of each."""
        seen = np.arange(self.used.shape[1]) <= ends[:, None]
        return Rows(self.counts, self.totals, self.used & seen)


def search(rows: Rows, basis: Basis) -> tuple[Fit, Runs]:
    """Return the baselines and the bursts of all rows; each row is judged for itself."""
    fitted = fit_states(rows, basis)
    return fitted, prove(rows, basis, fitted)


def fit_states(rows: Rows, basis: Basis) -> Fit:
    """Fit baseline and states by turns, from two beginnings, and keep the likelier end.

    One begins with the whole history as baseline (right where the share drifts), one with a low
    quantile of moving shares (right where bursts are long). Each turn raises the penalised
    likelihood less the costs of transitions.
    """
    dispersion = estimate_dispersion(*rows.arrays)
    whole, low = _beginnings(rows, basis)
    drifting = fit(basis, whole, *rows.arrays, dispersion)
    one, other = (_alternate(rows, basis, dispersion, start) for start in (drifting, low))
    score = one.likelihood - path_costs(one.path)
    is_other = other.likelihood - path_costs(other.path) > score
    return Fit(
        np.where(is_other[:, None], other.coefficients, one.coefficients),
        np.where(is_other[:, None], other.path, one.path),
        dispersion,
        np.where(is_other, other.likelihood, one.likelihood),
    )


def _beginnings(rows: Rows, basis: Basis) -> tuple[Floats, Floats]:
    """Return coefficients of constant shares: that of the whole history, and a robust low one."""
    seen = rows.used.astype(float)
    whole = (rows.counts * seen).sum(axis=1) / np.maximum((rows.totals * seen).sum(axis=1), 1)
    gathered = gather_used(*rows.arrays)
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


def _alternate(rows: Rows, basis: Basis, dispersion: Floats, coefficients: Floats) -> Fit:
    for _ in range(_ROUNDS):
        expected = expect(basis, coefficients, rows.totals)
        path = find_path(rows.counts, expected, rows.used, dispersion)
        lifted = rows.lift(path).arrays
        coefficients = fit(basis, coefficients, *lifted, dispersion, steps=4)
    likelihood = objective(basis, coefficients, *lifted, dispersion)
    return Fit(coefficients, path, dispersion, likelihood)


def prove(rows: Rows, basis: Basis, fitted: Fit) -> Runs:
    """Return the runs of elevated periods that the baseline alone cannot explain.

    For each run the baseline is fitted anew without it, so that drift and season have every chance
    to explain it; the generalised likelihood ratio (Wilks 1938, with the threshold raised for the
    many intervals in which chance could have struck) decides.
    """
    runs = _list_candidates(rows, basis, fitted.path)
    periods = np.arange(rows.used.shape[1])
    own = rows.take(runs.row)
    inside = (periods >= runs.first[:, None]) & (periods <= runs.last[:, None])
    counted = inside & own.used
    start, end = counted.argmax(axis=1), len(periods) - 1 - counted[:, ::-1].argmax(axis=1)
    floor = runs.floor[:, None]
    path = fitted.path[runs.row]
    lowered = np.where(inside, np.minimum(path, floor), path)
    dispersion = fitted.dispersion[runs.row]
    expected = expect(basis, fitted.coefficients, rows.totals)[runs.row] * LEVELS[floor]
    gain = log_ratio(own.counts, expected, dispersion, LEVELS[path] / LEVELS[floor])
    gains = np.where(counted, gain, 0.0)
    without = own.lift(lowered).arrays
    coefficients = fit(basis, fitted.coefficients[runs.row], *without, dispersion)
    strength = fitted.likelihood[runs.row] - objective(basis, coefficients, *without, dispersion)
    strength -= path_costs(np.where(inside, path, 0)) - path_costs(inside.astype(np.int8))
    seen = own.counts * counted
    ratio = seen.sum(axis=1) / np.maximum((expected * counted).sum(axis=1), 1e-9)
    shares = np.where(counted, own.counts / own.totals, -1.0)
    lengths = basis.years[end] - basis.years[start] + basis.period_years
    needed = (
        _EVIDENCE
        + np.log(np.maximum(own.used.sum(axis=1), 1) / _USUAL_PERIODS)
        + _EVIDENCE_PER_YEAR * np.maximum(lengths - _LONG_YEARS, 0)
    )
    is_kept = (
        (strength > needed)
        & (gains.sum(axis=1) - gains.max(axis=1, initial=0) > _OTHER_EVIDENCE)
        & (ratio > _LEAST_RATIO)
        & (counted.sum(axis=1) >= _LEAST_PERIODS)
        & ((own.used & (periods < start[:, None])).sum(axis=1) >= _LEAST_BEFORE)
    )
    is_active = ~(own.used & (periods > end[:, None])).any(axis=1)
    found = (runs.row, start, end, shares.argmax(axis=1), strength, ratio, is_active)
    return Runs(*(values[is_kept] for values in found))


@dataclass(frozen=True)
class _Candidates:
    """Runs of periods above a state, the floor; in the order of rows and periods."""

    row: Places
    first: Places
    last: Places
    floor: Places


def _list_candidates(rows: Rows, basis: Basis, path: Levels) -> _Candidates:
    """Return the runs above the baseline; within a new level, those above its states."""
    found = []
    within = np.ones(path.shape, dtype=bool)
    for floor in range(len(LEVELS) - 1):
        row, first, last = _list_runs((path > floor) & within)
        length = _length_of_use(rows.used[row], basis, first, last)
        is_long = length >= _NEW_LEVEL_YEARS
        found.append(np.stack([row, first, last, np.full(len(row), floor)])[:, ~is_long])
        within = np.zeros(path.shape, dtype=bool)
        for place in np.flatnonzero(is_long):
            within[row[place], first[place] : last[place] + 1] = True
    runs = np.concatenate(found, axis=1)
    return _Candidates(*runs[:, np.lexsort((runs[1], runs[0]))])


def _length_of_use(used: Flags, basis: Basis, first: Places, last: Places) -> Floats:
    """Return the years from the first to the last used period of each run."""
    periods = np.arange(used.shape[1])
    counted = used & (periods >= first[:, None]) & (periods <= last[:, None])
    start, end = counted.argmax(axis=1), len(periods) - 1 - counted[:, ::-1].argmax(axis=1)
    length: Floats = basis.years[end] - basis.years[start] + basis.period_years
    return length


def _list_runs(elevated: Flags) -> tuple[Places, Places, Places]:
    """Return row, first and last place of each run of true values."""
    padded = np.pad(elevated, ((0, 0), (1, 1))).astype(np.int8)
    changes = np.diff(padded, axis=1)
    row, first = np.nonzero(changes == 1)
    _, after = np.nonzero(changes == -1)
    return row, first, after - 1
