"""Shares of a topic over time as a chart in the language of Vega-Lite."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from warehouse.answers.topics import Period, TopicBurst

WIDTH: Final = 520
HEIGHT: Final = 170
INK, SOFT, GRID, LINE, RISING = "#010101", "#020202", "#030303", "#040404", "#050505"
"""Stand-ins: the style of the page gives each its colour, light or dark."""
_SHORT_DAYS: Final = 120
"""A shorter span has the first days of some periods below it, a longer one its months."""
_MOST_TICKS: Final = 6
_MONTHS_APART: Final = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1_200, 6_000, 24_000)
"""Steps from label to label; the first with few enough labels is taken."""
_PADDING: Final = {"left": 44, "right": 26, "top": 10, "bottom": 33}
"""Room for labels, in points: no label is measured, which would take half of the time."""
_BELOW: Final = 24
_BESIDE: Final = 8
"""From the axis to the line that a label stands on, and to its end."""
_HALF_A_LETTER: Final = 4
_DAYS: Final = {"week": 7, "four-weeks": 28, "month": 30}


def shares_over_time(periods: Sequence[Period], bursts: Sequence[TopicBurst]) -> dict[str, Any]:
    """Return the chart of the shares of a topic by one grain, two periods at least.

    The line with its 95 % interval, what the baseline expects as a broken line, bursts shaded.
    """
    rows = [_row(one) for one in periods]
    last = periods[-1].period_start
    end = last + timedelta(days=_DAYS[periods[0].grain])
    shaded = [{"from": _iso(one.start_period), "to": _iso(min(_end(one), end))} for one in bursts]
    drawn = [one.period_start for one in periods]
    first = min([*drawn, *(one.start_period for one in bursts)])
    form, ticks = _ticks(first, drawn)
    under = {**_axis(form, grid=False), "values": [_milliseconds(day) for day in ticks]}
    under |= {"labelPadding": _BELOW}
    # without it days move by one west of Greenwich
    utc = {"type": "temporal", "scale": {"type": "utc"}}
    x = {"field": "day", **utc, "axis": under}
    beside = {**_axis("%", grid=True), "tickCount": 4}
    beside |= {"labelPadding": _BESIDE, "labelOffset": _HALF_A_LETTER}
    y = {"field": "share", "type": "quantitative", "axis": beside}
    usual = {**y, "field": "usual"}
    layers: list[dict[str, Any]] = [
        _layer("area", {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}}, opacity=0.18),
        _layer("line", {"x": x, "y": usual}, color=SOFT, strokeDash=[4, 3], strokeWidth=1.2),
        _layer("line", {"x": x, "y": y}, strokeWidth=2),
    ]
    if len(rows) <= 60:
        layers.append(_layer("point", {"x": x, "y": y}, filled=True, size=14, detail=False))
    if any(one["rising"] for one in rows):
        points = _layer("point", {"x": x, "y": y}, filled=True, size=30, color=RISING, detail=False)
        layers.append({**points, "transform": [{"filter": "datum.rising"}]})
    if shaded:
        ends = {"x": {"field": "from", **utc}, "x2": {"field": "to"}}
        shade = {"type": "rect", "opacity": 0.16, "color": RISING}
        layers.insert(0, {"data": {"values": shaded}, "mark": shade, "encoding": ends})
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": WIDTH,
        "height": HEIGHT,
        "autosize": "none",
        "padding": _PADDING,
        "data": {"values": rows},
        "config": {"view": {"stroke": None}},
        "layer": layers,
    }


def _ticks(first: date, days: Sequence[date]) -> tuple[str, Sequence[date]]:
    """Return how the labels below a chart read, and where they stand; ``first`` is its left end,
    ``days`` are those of its periods.
    """
    last = days[-1]
    if (last - first).days < _SHORT_DAYS:
        return "%-d %b", days[:: -(-len(days) // _MOST_TICKS)]
    months = range(12 * first.year + first.month - (first.day == 1), 12 * last.year + last.month)
    steps = ([one for one in months if one % apart == 0] for apart in _MONTHS_APART)
    shown = next(one for one in steps if len(one) <= _MOST_TICKS)
    return "%b %Y", [date(month // 12, month % 12 + 1, 1) for month in shown]


def _row(period: Period) -> dict[str, Any]:
    return {
        "day": period.period_start.isoformat(),
        "share": period.share,
        "low": period.share_low,
        "high": period.share_high,
        "usual": None if period.expected is None else period.expected / period.observed,
        "stretch": period.stretch,
        "rising": bool(period.is_rising),
    }


def _layer(
    mark: str, encoding: dict[str, Any], *, detail: bool = True, **style: Any
) -> dict[str, Any]:
    parts = {"detail": {"field": "stretch", "type": "nominal"}} if detail else {}
    return {"mark": {"type": mark, "color": LINE, **style}, "encoding": {**encoding, **parts}}


def _axis(form: str, *, grid: bool) -> dict[str, Any]:
    return {
        "title": None,
        "format": form,
        "grid": grid,
        "gridColor": GRID,
        "domain": not grid,
        "domainColor": GRID,
        "ticks": False,
        "labelColor": SOFT,
        "labelFontSize": 0,
        "labelOverlap": False,
        "labelFlush": False,
    }


def _end(burst: TopicBurst) -> date:
    """Return the day after a burst, as far as it is known."""
    return burst.known_until + timedelta(days=_DAYS[burst.grain])


def _milliseconds(day: date) -> float:
    return datetime.combine(day, time(), UTC).timestamp() * 1_000


def _iso(day: date) -> str:
    return day.isoformat()
