"""The search for bursts in many series at once: elevated runs, and the proof of each."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from transforms.trends.baseline import Basis, expect, fit, objective
from transforms.trends.fitting import Fit, Places, Rows, fit_states
from transforms.trends.noise import Flags, Floats, log_ratio
from transforms.trends.states import LEVELS, Levels, path_costs

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
_STEP: Final = 1.4
"""A step, not a burst: its ratio is less than so many times the rise of the baseline meanwhile."""
_LEAST_BEFORE: Final = 6
_LEAST_PERIODS: Final = 2


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


def search(rows: Rows, basis: Basis) -> tuple[Fit, Runs]:
    """Return the baselines and the bursts of all rows; each row is judged for itself."""
    fitted = fit_states(rows, basis)
    return fitted, prove(rows, basis, fitted)


def prove(rows: Rows, basis: Basis, fitted: Fit) -> Runs:
    """Return the runs of elevated periods that the baseline alone cannot explain.

    For each run the baseline is fitted anew without it, so that drift and season have every chance
    to explain it; the generalised likelihood ratio (Wilks 1938, with the threshold raised for the
    many intervals in which chance could have struck) decides.
    """
    runs = _list_candidates(rows, basis, fitted.path)
    own = rows.take(runs.row)
    span = _Span.of(own.used, basis, runs.first, runs.last)
    floor = runs.floor[:, None]
    expected = expect(basis, fitted.coefficients, rows.totals)[runs.row] * LEVELS[floor]
    relative = LEVELS[fitted.path[runs.row]] / LEVELS[floor]
    gains = log_ratio(own.counts, expected, own.dispersion, relative)
    gains = np.where(span.counted, gains, 0.0)
    papers = np.where(span.counted, own.counts, 0.0).sum(axis=1)
    ratio = papers / np.maximum(np.where(span.counted, expected, 0.0).sum(axis=1), 1e-9)
    at = np.arange(len(ratio))
    shares = expected / own.totals
    rise = shares[at, span.end] / shares[at, span.start]
    strength = _weigh(own, basis, fitted, runs, span.inside)
    is_kept = (
        (strength > _evidence_needed(own.used, span.years))
        & (gains.sum(axis=1) - gains.max(axis=1, initial=0) > _OTHER_EVIDENCE)
        & (ratio > np.maximum(_LEAST_RATIO, _STEP * rise))
        & (span.counted.sum(axis=1) >= _LEAST_PERIODS)
        & (span.before >= _LEAST_BEFORE)
    )
    peak = np.where(span.counted, own.counts / own.totals, -1.0).argmax(axis=1)
    found = (runs.row, span.start, span.end, peak, strength, ratio, span.after == 0)
    return Runs(*(values[is_kept] for values in found))


def _weigh(own: Rows, basis: Basis, fitted: Fit, runs: "_Candidates", inside: Flags) -> Floats:
    """Return how much likelier each history is with its run than with the best baseline without."""
    path = fitted.path[runs.row]
    lowered = np.where(inside, np.minimum(path, runs.floor[:, None]), path)
    without = own.lift(lowered).arrays
    coefficients = fit(basis, fitted.coefficients[runs.row], *without)
    strength = fitted.likelihood[runs.row] - objective(basis, coefficients, *without)
    changes = path_costs(np.where(inside, path, 0)) - path_costs(inside.astype(np.int8))
    weight: Floats = strength - changes
    return weight


def _evidence_needed(used: Flags, years: Floats) -> Floats:
    """Return the least strength: more in longer histories, and for runs that resemble a drift."""
    places = np.log(np.maximum(used.sum(axis=1), 1) / _USUAL_PERIODS)
    needed: Floats = _EVIDENCE + places + _EVIDENCE_PER_YEAR * np.maximum(years - _LONG_YEARS, 0)
    return needed


@dataclass(frozen=True)
class _Span:
    """Where runs lie in their series; ``start`` and ``end`` are used periods."""

    inside: Flags
    counted: Flags
    start: Places
    end: Places
    years: Floats
    before: Places
    after: Places

    @classmethod
    def of(cls, used: Flags, basis: Basis, first: Places, last: Places) -> "_Span":
        """Measure runs from their first to their last place."""
        periods = np.arange(used.shape[1])
        inside = (periods >= first[:, None]) & (periods <= last[:, None])
        counted = inside & used
        start = counted.argmax(axis=1)
        end = len(periods) - 1 - counted[:, ::-1].argmax(axis=1)
        years = basis.years[end] - basis.years[start] + basis.period_years
        before = (used & (periods < first[:, None])).sum(axis=1)
        after = (used & (periods > last[:, None])).sum(axis=1)
        return cls(inside, counted, start, end, years, before, after)


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
        is_long = _Span.of(rows.used[row], basis, first, last).years >= _NEW_LEVEL_YEARS
        found.append(np.stack([row, first, last, np.full(len(row), floor)])[:, ~is_long])
        within = np.zeros(path.shape, dtype=bool)
        for place in np.flatnonzero(is_long):
            within[row[place], first[place] : last[place] + 1] = True
    runs = np.concatenate(found, axis=1)
    return _Candidates(*runs[:, np.lexsort((runs[1], runs[0]))])


def _list_runs(elevated: Flags) -> tuple[Places, Places, Places]:
    """Return row, first and last place of each run of true values."""
    padded = np.pad(elevated, ((0, 0), (1, 1))).astype(np.int8)
    changes = np.diff(padded, axis=1)
    row, first = np.nonzero(changes == 1)
    _, after = np.nonzero(changes == -1)
    return row, first, after - 1
