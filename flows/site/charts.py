"""Shares of a topic over time, drawn by Vega-Lite at build time: no page needs a script."""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from markupsafe import Markup

from flows.site.share_chart import GRID, HEIGHT, INK, LINE, RISING, SOFT, WIDTH, shares_over_time
from flows.site.vega import Drawings
from warehouse.answers.topics import Period, TopicBurst
from warehouse.files import remove

_CLASSES: Final = {INK: "ink", SOFT: "soft", GRID: "grid", LINE: "line", RISING: "rising"}
_COLOUR: Final = re.compile(r'(fill|stroke)="(#0[1-5]0[1-5]0[1-5])"')
_ARIA: Final = re.compile(r' (?:role|aria-[a-z]+)="[^"]*"')
_SIZE: Final = re.compile(r'^<svg[^>]*?viewBox="([^"]+)"[^>]*>')
_BACKGROUND: Final = re.compile(r'<rect width="[\d.]+" height="[\d.]+" fill="white"/>')
_LABEL_SIZE: Final = re.compile(r' font-(?:family|size)="[^"]*"')
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
        self._missing: list[str] = []
        self._drawings: Drawings | None = None
        """Those of ``_missing``."""

    def __enter__(self) -> Self:
        """Begin; in the end nothing is being drawn."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End what is being drawn."""
        if self._drawings is not None:
            self._drawings.close()
            self._drawings = None

    def draw_shares(
        self, periods: Sequence[Period], bursts: Sequence[TopicBurst], label: str
    ) -> Drawing | None:
        """Return the shares of a topic in one feed by one grain; None of fewer than two periods.

        The line with its 95 % interval over comparable periods, what the baseline expects as a
        broken line, bursts shaded. ``label`` says the same in words. It is drawn by
        :meth:`draw_missing`.
        """
        compared = [one for one in periods if one.stretch is not None]
        if len(compared) < 2:
            return None
        return Drawing(self.ask(shares_over_time(compared, bursts)), label, self)

    def ask(self, spec: dict[str, Any]) -> str:
        """Return the name of a chart in the language of Vega-Lite."""
        text = json.dumps(spec, sort_keys=True)
        name = hashlib.sha256(f"{_METHOD}{text}".encode()).hexdigest()[:24]
        self._asked[name] = spec
        return name

    def begin(self) -> Drawings:
        """Begin to draw, beside other work, the charts that were asked for and are not kept."""
        self._missing = [name for name in self._asked if _read(self._path(name)) is None]
        self._drawings = Drawings(
            [json.dumps(self._compiled(self._asked[name])) for name in self._missing]
        )
        return self._drawings

    def draw_missing(self) -> None:
        """Draw the charts that were asked for and are not kept; remove those that were not."""
        with self:
            drawings = self._drawings or self.begin()
            for name, drawn in zip(self._missing, drawings.result(), strict=True):
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
    if not path.is_file():  # a pipe would be waited for
        return None
    try:
        drawn, _, checksum = path.read_text(encoding="utf-8").rpartition("\n")
    except (OSError, UnicodeDecodeError):
        return None
    return drawn if drawn and checksum == _checksum(drawn) else None


def _checksum(drawn: str) -> str:
    return f"<!-- {hashlib.sha256(drawn.encode()).hexdigest()} -->"


def _viewbox(svg: str) -> str:
    found = _SIZE.match(svg)
    return found[1] if found else f"0 0 {WIDTH} {HEIGHT}"


def _with_classes(svg: str) -> str:
    """Return a drawing with the colours and letters of the page, and no words but those of its
    label.
    """
    plain = _LABEL_SIZE.sub("", _ARIA.sub("", _BACKGROUND.sub("", svg)))
    return _COLOUR.sub(lambda found: f'{found[1]}="var(--chart-{_CLASSES[found[2]]})"', plain)
