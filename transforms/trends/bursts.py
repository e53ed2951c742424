"""Bursts of many series: when each began, when one could first have known, how strong it was."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from transforms.trends.baseline import Basis, expect
from transforms.trends.fitting import Fit, Places, Rows
from transforms.trends.noise import Flags, Floats, track_dispersion
from transforms.trends.panel import Panel, to_panel
from transforms.trends.search import Runs, search
from transforms.trends.states import LEVELS

BURSTS: Final = pl.Schema(
    {
        "series": pl.String(),
        "start": pl.Date(),
        "confirmed": pl.Date(),
        "peak": pl.Date(),
        "end": pl.Date(),
        "strength": pl.Float64(),
        "status": pl.String(),
        "ratio": pl.Float64(),
    }
)
"""Grain: burst; sorted by series and start. Each date is the first day of a period: ``start`` and
``end`` of the first and the last elevated one (``end`` is null while the burst is active),
``confirmed`` of the first at whose end the same method called it, ``peak`` of the highest share.
``strength`` is a log-likelihood ratio in nats, ``ratio`` the papers in the burst divided by those
that the baseline expects, ``status`` is `active` or `ended`."""

PERIODS: Final = pl.Schema(
    {
        "series": pl.String(),
        "period_start": pl.Date(),
        "expected": pl.Float64(),
        "level": pl.Float64(),
        "dispersion": pl.Float64(),
    }
)
"""Grain: series and testable period. ``expected`` is the count of the baseline, ``level`` the share
as a multiple of it: above 1 in bursts, and on new levels and in single periods, which are none."""

_ENDS_AT_ONCE: Final = 6
_CELLS_AT_ONCE: Final = 400_000


@dataclass(frozen=True)
class Found:
    """The bursts (``BURSTS``) and the baselines (``PERIODS``) of series."""

    bursts: pl.DataFrame
    periods: pl.DataFrame


def find_bursts(counts: pl.DataFrame, periods: pl.Series | None = None) -> Found:
    """Return the bursts of a frame of ``panel.COUNTS``: two states and more, with hindsight.

    Kleinberg 2003 with negative binomial noise, whose dispersion successive differences tell, over
    a baseline that may drift and have a season; kept by likelihood ratio. What is known at a date
    is found by giving the periods up to it. A series is judged for itself: no other changes it; but
    the baseline is one of all periods, which ``periods`` names where the frame is a part of more.

    Raises:
        ValueError: a period of a series stands twice.
    """
    panel = to_panel(counts, periods)
    if not panel.series:
        return Found(BURSTS.to_frame(), PERIODS.to_frame())
    rows = Rows.of(panel)
    basis = Basis(panel.years)
    fitted, runs = search(rows, basis)
    confirmed = find_confirmations(rows, basis, runs)
    return Found(
        _burst_frame(panel, runs, confirmed), _period_frame(panel, basis, fitted, rows.dispersion)
    )


def find_confirmations(rows: Rows, basis: Basis, runs: Runs) -> Places:
    """Return for each burst the first period at whose end the method called it.

    The histories up to the periods from its start on are searched as rows of their own, a few at a
    time, until one holds a burst that overlaps it. That is the last used period at the latest.
    """
    known = track_dispersion(rows.counts, rows.totals, rows.used)
    used = rows.used[runs.row]
    last = used.shape[1] - 1 - used[:, ::-1].argmax(axis=1)
    confirmed: Places = last.copy()
    checked = runs.start - 1
    waiting = np.arange(len(runs.row))
    while len(waiting):
        burst, ends = _next_ends(used, checked, waiting)
        is_called = _call(rows, known, basis, runs, burst, ends)
        for one, end in zip(burst[is_called][::-1], ends[is_called][::-1], strict=True):
            confirmed[one] = end
        np.maximum.at(checked, burst, ends)
        done = np.isin(waiting, burst[is_called]) | (checked[waiting] >= last[waiting])
        waiting = waiting[~done]
    return confirmed


def _next_ends(used: Flags, checked: Places, waiting: Places) -> tuple[Places, Places]:
    """Return the next few used periods of each waiting burst, as pairs of burst and period."""
    later = used[waiting] & (np.arange(used.shape[1]) > checked[waiting][:, None])
    later &= later.cumsum(axis=1) <= _ENDS_AT_ONCE
    place, column = np.nonzero(later)
    burst: Places = waiting[place]
    ends: Places = column
    return burst, ends


def _call(
    rows: Rows, known: Floats, basis: Basis, runs: Runs, burst: Places, ends: Places
) -> Flags:
    """Tell for each pair of a burst and a period whether the method called it at its end."""
    called = np.zeros(len(burst), dtype=bool)
    order = np.argsort(ends, kind="stable")
    while len(order):
        at_once = max(1, _CELLS_AT_ONCE // rows.used.shape[1])
        some, order = order[:at_once], order[at_once:]
        one, row = burst[some], runs.row[burst[some]]
        past = rows.take(row).until(ends[some], known[row, ends[some]][:, None])
        _, seen = search(past, Basis(basis.years[: past.used.shape[1]]))
        overlaps = (seen.start <= runs.end[one][seen.row]) & (seen.end >= runs.start[one][seen.row])
        called[some[seen.row[overlaps]]] = True
    return called


def _burst_frame(panel: Panel, runs: Runs, confirmed: Places) -> pl.DataFrame:
    dates = np.array(panel.periods, dtype="datetime64[D]")
    ends = pl.Series(dates[runs.end]).cast(pl.Date())
    names = np.array(panel.series, dtype=object)
    return pl.DataFrame(
        {
            "series": names[runs.row].tolist(),
            "start": dates[runs.start],
            "confirmed": dates[confirmed],
            "peak": dates[runs.peak],
            "end": pl.select(pl.when(~pl.Series(runs.is_active)).then(ends)).to_series(),
            "strength": runs.strength,
            "status": np.where(runs.is_active, "active", "ended").tolist(),
            "ratio": runs.ratio,
        },
        schema=BURSTS,
    ).sort("series", "start")


def _period_frame(panel: Panel, basis: Basis, fitted: Fit, dispersion: Floats) -> pl.DataFrame:
    row, column = np.nonzero(panel.used)
    dates = np.array(panel.periods, dtype="datetime64[D]")
    names = np.array(panel.series, dtype=object)
    expected = expect(basis, fitted.coefficients, panel.totals)
    return pl.DataFrame(
        {
            "series": names[row].tolist(),
            "period_start": dates[column],
            "expected": expected[row, column],
            "level": LEVELS[fitted.path[row, column]],
            "dispersion": dispersion[row, 0],
        },
        schema=PERIODS,
    )
