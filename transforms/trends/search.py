"""The search for bursts in many series at once: elevated runs, and the proof of each."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from transforms.trends.baseline import Basis, expect
from transforms.trends.fitting import Fit, Places, Rows, fit_states
from transforms.trends.noise import Flags, Floats, log_ratio
from transforms.trends.runs import Span
from transforms.trends.selection import Selection, select_runs
from transforms.trends.states import LEVELS

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


def may_burst(counts: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of a frame of ``panel.COUNTS`` whose series can have a burst at all.

    A burst needs so many periods, and so much evidence beside its strongest one; a paper adds at
    most the logarithm of the highest level to it (see ``noise.log_ratio``).
    """
    is_used = pl.col("is_testable") & pl.col("count").is_not_null() & (pl.col("total") > 0)
    papers = pl.col("count").filter(is_used)
    beside = papers.sum() - papers.max().fill_null(0)
    enough = counts.group_by("series").agg(
        (
            (papers.len() >= _LEAST_BEFORE + _LEAST_PERIODS)
            & (beside * float(np.log(LEVELS[-1])) > _OTHER_EVIDENCE)
        ).alias("may_burst")
    )
    return counts.join(enough.filter("may_burst"), on="series", how="semi")


def search(rows: Rows, basis: Basis) -> tuple[Fit, Runs]:
    """Return the baselines and the bursts of all rows; each row is judged for itself."""
    selection = select_runs(rows, basis, fit_states(rows, basis))
    return selection.fitted, describe(rows, basis, selection)


def describe(rows: Rows, basis: Basis, selection: Selection) -> Runs:
    """Return those of the selected runs that are bursts, neither a step nor a single period."""
    runs, fitted = selection.runs, selection.fitted
    own = rows.take(runs.row)
    span = Span.of(runs, own.used, basis)
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
    is_kept = (
        (gains.sum(axis=1) - gains.max(axis=1, initial=0) > _OTHER_EVIDENCE)
        & (ratio > np.maximum(_LEAST_RATIO, _STEP * rise))
        & (span.counted.sum(axis=1) >= _LEAST_PERIODS)
        & (span.before >= _LEAST_BEFORE)
    )
    peak = np.where(span.counted, own.counts / own.totals, -1.0).argmax(axis=1)
    found = (runs.row, span.start, span.end, peak, selection.strength, ratio, span.after == 0)
    return Runs(*(values[is_kept] for values in found))
