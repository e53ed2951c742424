"""The search for bursts in many series at once: baseline and states by turns, then the proof."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from transforms.trends.baseline import Basis, Choices, evidence, expect, fit
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

_EVIDENCE: Final = 8.5
"""Least log-likelihood ratio, in nats, in a history of two years of weeks."""
_USUAL_PERIODS: Final = 104
_LONG_YEARS: Final = 0.4
_EVIDENCE_PER_YEAR: Final = 20.0
"""What lasts longer than 0.4 years resembles a drift: so much more for each further year."""
_NEW_LEVEL_YEARS: Final = 0.78
"""What lasts longer than nine months is no burst, but a new level."""
_OTHER_EVIDENCE: Final = 4.0
"""Least log-likelihood ratio without the strongest period: none is called for one period alone."""
_LEAST_RATIO: Final = 1.25
_LEAST_BEFORE: Final = 8
_LEAST_PERIODS: Final = 2
_BENEFIT: Final = 2.5
"""Benefit of the doubt of a drift or season, in nats, where the question is whether it explains."""
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
    """Papers in the burst, divided by those that the baseline expects."""
    is_active: Flags
    """No used period of the series follows the burst."""


@dataclass(frozen=True)
class Fit:
    """The baseline and the states of each series, and the evidence for them."""

    choice: Choices
    coefficients: Floats
    path: Levels
    dispersion: Floats
    evidence: Floats


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
    """Fit baseline and states by turns, from four beginnings, and keep the likeliest end.

    Two begin with the whole history as baseline (right where the share drifts), two with a low
    quantile of moving shares (right where bursts are long); each with the tightest prior of drift
    and season and with the loosest.
    """
    dispersion = estimate_dispersion(rows.counts, rows.totals, rows.used)
    overall, low = _beginnings(rows, basis)
    best: Fit | None = None
    for prior in (0, len(basis.precisions) - 1):
        choice = np.full(len(rows.counts), prior)
        whole = fit(basis, choice, overall, *rows.arrays, dispersion)
        for beginning in (whole, low):
            ended = _alternate(rows, basis, choice, dispersion, beginning)
            best = ended if best is None else _better(best, ended)
    assert best is not None  # noqa: S101 - tells the type
    return best


def _better(one: Fit, other: Fit) -> Fit:
    """Return for each series the fit that is likelier, transitions paid for."""
    score = one.evidence - path_costs(one.path)
    is_other = other.evidence - path_costs(other.path) > score
    return Fit(
        np.where(is_other, other.choice, one.choice),
        np.where(is_other[:, None], other.coefficients, one.coefficients),
        np.where(is_other[:, None], other.path, one.path),
        one.dispersion,
        np.where(is_other, other.evidence, one.evidence),
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


def _alternate(
    rows: Rows, basis: Basis, choice: Choices, dispersion: Floats, coefficients: Floats
) -> Fit:
    for _ in range(_ROUNDS):
        expected = expect(basis, coefficients, rows.totals)
        path = find_path(rows.counts, expected, rows.used, dispersion)
        lifted = rows.lift(path).arrays
        coefficients = fit(basis, choice, coefficients, *lifted, dispersion, steps=4)
    weight = evidence(basis, choice, coefficients, *lifted, dispersion)
    return Fit(choice, coefficients, path, dispersion, weight - basis.looseness[choice])


def prove(rows: Rows, basis: Basis, fitted: Fit) -> Runs:
    """Return the runs of elevated periods that the baseline alone cannot explain.

    For each run the baseline is fitted anew without it, so that drift and season have every chance
    to explain it; the generalised likelihood ratio (Wilks 1938, with the threshold raised for the
    many intervals in which chance could have struck) decides.
    """
    row, first, end = _list_runs(fitted.path > 0)
    periods = np.arange(rows.used.shape[1])
    inside = (periods >= first[:, None]) & (periods <= end[:, None])
    own = rows.take(row)
    counted = inside & own.used
    start, end = counted.argmax(axis=1), len(periods) - 1 - counted[:, ::-1].argmax(axis=1)
    path = np.where(inside, fitted.path[row], 0)
    dispersion = fitted.dispersion[row]
    expected = expect(basis, fitted.coefficients, rows.totals)[row]
    gains = np.where(counted, log_ratio(own.counts, expected, dispersion, LEVELS[path]), 0.0)
    start_from = fitted.coefficients[row]
    without = own.lift(np.where(inside, 0, fitted.path[row]))
    strength = _weigh(own.lift(fitted.path[row]), basis, dispersion, start_from, -basis.looseness)
    strength -= _weigh(without, basis, dispersion, start_from, _BENEFIT * basis.looseness)
    strength -= path_costs(path) - path_costs(inside.astype(np.int8))
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
        & (lengths < _NEW_LEVEL_YEARS)
    )
    is_active = ~(own.used & (periods > end[:, None])).any(axis=1)
    found = (row, start, end, shares.argmax(axis=1), strength, ratio, is_active)
    return Runs(*(values[is_kept] for values in found))


def _list_runs(elevated: Flags) -> tuple[Places, Places, Places]:
    """Return row, first and last place of each run of true values."""
    padded = np.pad(elevated, ((0, 0), (1, 1))).astype(np.int8)
    changes = np.diff(padded, axis=1)
    row, first = np.nonzero(changes == 1)
    _, after = np.nonzero(changes == -1)
    return row, first, after - 1


def _weigh(rows: Rows, basis: Basis, dispersion: Floats, start: Floats, bonus: Floats) -> Floats:
    """Return the evidence of each row under the prior that suits it best, each with its bonus."""
    weights = []
    for prior in range(len(basis.precisions)):
        choice = np.full(len(rows.counts), prior)
        coefficients = fit(basis, choice, start, *rows.arrays, dispersion)
        weight = evidence(basis, choice, coefficients, *rows.arrays, dispersion)
        weights.append(weight + bonus[prior])
    best: Floats = np.max(weights, axis=0)
    return best
