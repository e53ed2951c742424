"""Shares of a topic over time, drawn by Vega-Lite at build time: no page needs a script."""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

from markupsafe import Markup

from flows.site.vega import draw_all
from warehouse.answers.topics import Period, TopicBurst
from warehouse.files import remove

_WIDTH: Final = 520
_HEIGHT: Final = 170
_INK, _SOFT, _GRID, _LINE, _RISING = "#010101", "#020202", "#030303", "#040404", "#050505"
"""Stand-ins: the style of the page gives each its colour, light or dark."""
_CLASSES: Final = {_INK: "ink", _SOFT: "soft", _GRID: "grid", _LINE: "line", _RISING: "rising"}
_COLOUR: Final = re.compile(r'(fill|stroke)="(#0[1-5]0[1-5]0[1-5])"')
_ARIA: Final = re.compile(r' (?:role|aria-[a-z]+)="[^"]*"')
_SIZE: Final = re.compile(r'^<svg[^>]*?viewBox="([^"]+)"[^>]*>')
_BACKGROUND: Final = re.compile(r'<rect width="[\d.]+" height="[\d.]+" fill="white"/>')
_LABEL_SIZE: Final = re.compile(r' font-(?:family|size)="[^"]*"')
_SHORT_DAYS: Final = 120
"""A shorter span has the first days of some periods below it, a longer one its months."""
_MOST_TICKS: Final = 5
_MONTHS_APART: Final = (1, 2, 3, 6, 12, 24, 60, 120, 1_200, 12_000, 120_000)
"""Steps from label to label; the first with few enough labels is taken."""
_PADDING: Final = {"left": 44, "right": 26, "top": 10, "bottom": 29}
"""Room for labels, in points: no label is measured, which would take half of the time."""
_BELOW: Final = 20
_BESIDE: Final = 8
"""From the axis to the line that a label stands on, and to its end."""
_HALF_A_LETTER: Final = 4
_DAYS: Final = {"week": 7, "four-weeks": 28, "month": 30}
_METHOD: Final = "4"


@dataclass(frozen=True)
class Drawing:
    """A chart of a page; its name tells of what it was drawn, so that pages need not hold it."""

    name: str
    label: str
    """The same in words."""
    _charts: "Charts" = field(repr=False, compare=False)

    def svg(self) -> Markup:
        """Return the drawing."""
        drawn = self._charts.read(self.name)
        head = Markup('<svg class="chart" viewBox="{}" role="img" aria-label="{}">')
        body = _SIZE.sub("", drawn)
        return head.format(_viewbox(drawn), self.label) + Markup(body)  # noqa: S704 - drawn by us


class Charts:
    """Draws charts, and keeps them in a folder: what is unchanged is not drawn again."""

    def __init__(self, folder: Path) -> None:
        """Keep the charts in this folder."""
        self._folder = folder
        self._asked: dict[str, dict[str, Any]] = {}
        """What each chart is of, by its name."""
        self._forms: dict[str, str] = {}

    def draw_shares(
        self, periods: Sequence[Period], bursts: Sequence[TopicBurst], label: str
    ) -> Drawing | None:
        """Return the shares of a topic in one feed by one grain; None of fewer than two periods.

        The line with its 95 % interval over comparable periods, what the baseline expects as a
        broken line, bursts shaded. ``label`` says the same in words. It is drawn by
        :meth:`draw_missing`.
        """
        compared = [one for one in periods if one.stretch is not None]
        return (
            Drawing(self.ask(_spec(compared, bursts)), label, self) if len(compared) > 1 else None
        )

    def ask(self, spec: dict[str, Any]) -> str:
        """Return the name of a chart in the language of Vega-Lite."""
        text = json.dumps(spec, sort_keys=True)
        name = hashlib.sha256(f"{_METHOD}{text}".encode()).hexdigest()[:24]
        self._asked[name] = spec
        return name

    def draw_missing(self) -> None:
        """Draw the charts that were asked for and are not kept; remove those that were not."""
        missing = [name for name in self._asked if _read(self._path(name)) is None]
        compiled = [json.dumps(self._compiled(self._asked[name])) for name in missing]
        for name, drawn in zip(missing, draw_all(compiled), strict=True):
            self._keep(self._path(name), _with_classes(drawn))
        for path in self._folder.glob("*.svg"):
            if path.stem not in self._asked:
                path.unlink(missing_ok=True)

    def read(self, name: str) -> str:
        """Return a drawing that was asked for."""
        if (kept := _read(self._path(name))) is None:
            self.draw_missing()
            kept = _read(self._path(name)) or ""
        return kept

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.svg"

    def _keep(self, path: Path, made: str) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        remove(path)
        path.write_text(f"{made}\n{_checksum(made)}", encoding="utf-8")

    def _compiled(self, spec: dict[str, Any]) -> dict[str, Any]:
        """Return a chart in the language of Vega: charts that differ in lists of values alone are
        compiled once, and for later builds too, for that takes longer than drawing ten.
        """
        lists: list[list[Any]] = []
        form = _without_values(spec, lists)
        text = json.dumps(form)
        if text not in self._forms:
            self._forms[text] = self._compile(form, text)
        compiled: dict[str, Any] = _with_values(json.loads(self._forms[text]), lists)
        return compiled

    def _compile(self, form: dict[str, Any], text: str) -> str:
        name = hashlib.sha256(f"{_METHOD}{text}".encode()).hexdigest()[:24]
        path = self._folder / f"{name}.json"
        if (kept := _read(path)) is not None:
            return kept
        import vl_convert

        made = json.dumps(vl_convert.vegalite_to_vega(form))
        self._keep(path, made)
        return made


def _without_values(spec: Any, lists: list[list[Any]]) -> Any:
    """Return a chart with a number in place of each list of values, which is added to ``lists``."""
    if isinstance(spec, list):
        return [_without_values(one, lists) for one in spec]
    if not isinstance(spec, dict):
        return spec
    form = {name: _without_values(one, lists) for name, one in spec.items() if name != "values"}
    if "values" in spec:
        lists.append(spec["values"])
        form["values"] = [len(lists) - 1]
    return form


def _with_values(form: Any, lists: Sequence[list[Any]]) -> Any:
    """Return a compiled chart with its lists of values."""
    if isinstance(form, list):
        return [_with_values(one, lists) for one in form]
    if not isinstance(form, dict):
        return form
    return {
        name: _values_of(one[0], lists) if name == "values" else _with_values(one, lists)
        for name, one in form.items()
    }


def _values_of(number: Any, lists: Sequence[list[Any]]) -> list[Any]:
    """Return the list of a number, or of what the compiler made of the number as an instant."""
    if isinstance(number, int):
        return lists[number]
    (found,) = re.findall(r"\d+", number["signal"])
    return [{"signal": f"datetime({one})"} for one in lists[int(found)]]


def _read(path: Path) -> str | None:
    """Return what was kept; None where it is not there, or damaged."""
    try:
        drawn, _, checksum = path.read_text(encoding="utf-8").rpartition("\n")
    except (OSError, UnicodeDecodeError):
        return None
    return drawn if drawn and checksum == _checksum(drawn) else None


def _checksum(drawn: str) -> str:
    return f"<!-- {hashlib.sha256(drawn.encode()).hexdigest()} -->"


def _viewbox(svg: str) -> str:
    found = _SIZE.match(svg)
    return found[1] if found else f"0 0 {_WIDTH} {_HEIGHT}"


def _with_classes(svg: str) -> str:
    """Return a drawing with the colours and letters of the page, and no words but those of its
    label.
    """
    plain = _LABEL_SIZE.sub("", _ARIA.sub("", _BACKGROUND.sub("", svg)))
    return _COLOUR.sub(lambda found: f'{found[1]}="var(--chart-{_CLASSES[found[2]]})"', plain)


def _spec(periods: Sequence[Period], bursts: Sequence[TopicBurst]) -> dict[str, Any]:
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
        _layer("line", {"x": x, "y": usual}, color=_SOFT, strokeDash=[4, 3], strokeWidth=1.2),
        _layer("line", {"x": x, "y": y}, strokeWidth=2),
    ]
    if len(rows) <= 60:
        layers.append(_layer("point", {"x": x, "y": y}, filled=True, size=14, detail=False))
    if any(one["rising"] for one in rows):
        points = _layer(
            "point", {"x": x, "y": y}, filled=True, size=30, color=_RISING, detail=False
        )
        layers.append({**points, "transform": [{"filter": "datum.rising"}]})
    if shaded:
        ends = {"x": {"field": "from", **utc}, "x2": {"field": "to"}}
        shade = {"type": "rect", "opacity": 0.16, "color": _RISING}
        layers.insert(0, {"data": {"values": shaded}, "mark": shade, "encoding": ends})
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": _WIDTH,
        "height": _HEIGHT,
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
    return {"mark": {"type": mark, "color": _LINE, **style}, "encoding": {**encoding, **parts}}


def _axis(form: str, *, grid: bool) -> dict[str, Any]:
    return {
        "title": None,
        "format": form,
        "grid": grid,
        "gridColor": _GRID,
        "domain": not grid,
        "domainColor": _GRID,
        "ticks": False,
        "labelColor": _SOFT,
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
