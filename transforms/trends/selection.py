"""Which runs of a series must be bursts: those that the baseline cannot explain, nor a few."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from transforms.trends.baseline import Basis, fit, objective
from transforms.trends.fitting import Fit, Places, Rows
from transforms.trends.noise import Flags, Floats
from transforms.trends.runs import Candidates, Span, list_candidates

_EVIDENCE: Final = 6.8
"""Least log-likelihood ratio, in nats, in a history of two years of weeks, before the height of the
run is paid for: some 8 in all with a dozen papers, 9 with a hundred."""
_USUAL_PERIODS: Final = 104
_LONG_YEARS: Final = 0.4
_EVIDENCE_PER_YEAR: Final = 20.0
"""What lasts longer than 0.4 years resembles a drift: so much more for each further year."""


@dataclass(frozen=True)
class Selection:
    """The runs that are left, and the fit in which no other is elevated."""

    runs: Candidates
    fitted: Fit
    strength: Floats
    """Log-likelihood ratio of each run, in nats, less the cost of changes of level within it."""


def select_runs(rows: Rows, basis: Basis, fitted: Fit) -> Selection:
    """Return the runs without which their history is much less likely, singly and two by two.

    For each run the baseline is fitted anew without it, so that drift and season have every chance
    to explain it (generalised likelihood ratio, Wilks 1938). The weakest run of a series that fails
    is taken out, and the others are weighed again, as Chen and Liu 1993 do with outliers: a run
    that is none would hold the baseline down for the others. Two runs that pass singly must pass
    together too, by the sum of what either needs: each summer looks like a burst while the other is
    taken for one, and so do the two halves of a new level.
    """
    runs = list_candidates(rows, basis, fitted.path)
    strength = np.full(len(runs.row), np.nan)
    is_open = np.ones(len(rows.used), dtype=bool)
    while True:
        unknown = np.flatnonzero(np.isnan(strength))
        strength[unknown] = _weigh(rows, basis, fitted, runs.take(unknown))
        margin = strength - _evidence_needed(rows, basis, runs)
        failing = _lowest_by_row(runs.row, np.where(margin <= 0, margin, np.nan))
        if not len(failing):
            failing = _find_failing_pairs(rows, basis, fitted, runs, margin, is_open[runs.row])
            is_open[:] = False
        if not len(failing):
            return Selection(runs, fitted, strength)
        changed = runs.row[failing]
        fitted = _take_out(rows, basis, fitted, runs.take(failing))
        is_open[changed] = True
        strength[np.isin(runs.row, changed)] = np.nan
        stay = np.delete(np.arange(len(strength)), failing)
        runs, strength = runs.take(stay), strength[stay]


def _lowest_by_row(row: Places, values: Floats) -> Places:
    """Return the place of the lowest value of each row; nan does not count."""
    places = np.flatnonzero(~np.isnan(values))
    order = places[np.lexsort((values[places], row[places]))]
    _, first = np.unique(row[order], return_index=True)
    lowest: Places = order[first]
    return lowest


def _find_failing_pairs(
    rows: Rows, basis: Basis, fitted: Fit, runs: Candidates, margin: Floats, is_open: Flags
) -> Places:
    """Return the weaker run of the pair of each row that fails by most, among some runs."""
    one, other = _list_pairs(runs.row)
    one, other = one[is_open[one]], other[is_open[one]]
    pair = (runs.take(one), runs.take(other))
    joint = _weigh(rows, basis, fitted, *pair)
    joint -= _evidence_needed(rows, basis, pair[0]) + _evidence_needed(rows, basis, pair[1])
    worst = _lowest_by_row(runs.row[one], np.where(joint <= 0, joint, np.nan))
    one, other = one[worst], other[worst]
    weaker: Places = np.where(margin[one] <= margin[other], one, other)
    return weaker


def _list_pairs(row: Places) -> tuple[Places, Places]:
    """Return all pairs of places with the same row; rows are ascending."""
    one = [np.zeros(0, dtype=np.int64)]
    other = [np.zeros(0, dtype=np.int64)]
    for step in range(1, len(row)):
        same = np.flatnonzero(row[step:] == row[:-step])
        if not len(same):
            break
        one.append(same)
        other.append(same + step)
    return np.concatenate(one), np.concatenate(other)


def _evidence_needed(rows: Rows, basis: Basis, runs: Candidates) -> Floats:
    """Return the least strength: a cost of each run, so that chance, drift and misfit are none.

    The height of a run is a parameter more, and costs half the logarithm of the information that
    its papers hold on it (Schwarz 1978). In longer histories chance could have struck in more
    places, and what lasts long resembles a drift.
    """
    own = rows.take(runs.row)
    span = Span.of(runs, own.used, basis)
    papers = np.where(span.counted, own.counts, 0.0).sum(axis=1)
    mean = papers / np.maximum(span.counted.sum(axis=1), 1)
    information = papers / (1 + own.dispersion[:, 0] * mean)
    places = np.log(np.maximum(own.used.sum(axis=1), 1) / _USUAL_PERIODS)
    long = _EVIDENCE_PER_YEAR * np.maximum(span.years - _LONG_YEARS, 0)
    needed: Floats = _EVIDENCE + np.log1p(information) / 2 + places + long
    return needed


def _weigh(rows: Rows, basis: Basis, fitted: Fit, *together: Candidates) -> Floats:
    """Return how much likelier each history is with its runs than with the best baseline without.

    In each place of ``together`` stand runs of the same row.
    """
    row = together[0].row
    path = without = fitted.path[row]
    weight: Floats = fitted.likelihood[row]
    for runs in together:
        without = runs.lower(without)
        weight = weight - runs.change_costs(path)
    arrays = rows.take(row).lift(without).arrays
    coefficients = fit(basis, fitted.coefficients[row], *arrays)
    return weight - objective(basis, coefficients, *arrays)


def _take_out(rows: Rows, basis: Basis, fitted: Fit, runs: Candidates) -> Fit:
    """Return the fit without some runs, one of a row."""
    path, coefficients = fitted.path.copy(), fitted.coefficients.copy()
    likelihood = fitted.likelihood.copy()
    path[runs.row] = runs.lower(path[runs.row])
    arrays = rows.take(runs.row).lift(path[runs.row]).arrays
    coefficients[runs.row] = fit(basis, coefficients[runs.row], *arrays)
    likelihood[runs.row] = objective(basis, coefficients[runs.row], *arrays)
    return replace(fitted, path=path, coefficients=coefficients, likelihood=likelihood)
