"""Small pieces of HTML; everything that comes from outside is escaped here."""

import ast
import json
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from warehouse.visible import visible

_LONG_CELL = 30
_LONGEST_CELL = 400


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


def text(value: Any) -> Html:
    """Return a value as escaped text; HTML stays as it is, None is empty."""
    if isinstance(value, Html):
        return value
    if value is None:
        return Html("")
    if isinstance(value, bool):
        return Html("yes" if value else "no")
    if isinstance(value, int):
        return Html(f"{value:,}")
    return Html(escape(visible(str(value))))


def element(tag: str, *children: Any, **attributes: Any) -> Html:
    """Return an element; ``class_`` and ``aria_label`` become class and aria-label."""
    written = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(str(value))}"'
        for name, value in attributes.items()
        if value is not None
    )
    return Html(f"<{tag}{written}>{join(children)}</{tag}>")


def join(parts: Iterable[Any], between: str = "") -> Html:
    """Return pieces one after the other, each escaped unless it is HTML."""
    return Html(between.join(text(part) for part in parts))


def count(number: int, noun: str) -> str:
    """Return a number with its noun: ``1 day``, ``2 days``, ``3 entries``."""
    if number == 1:
        return f"1 {noun}"
    plural = f"{noun[:-1]}ies" if noun.endswith("ry") else f"{noun}s"
    return f"{number:,} {plural}"


def table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Html:
    """Return a table that scrolls where it is too wide, and on a phone is a list of its rows."""
    head = element("tr", *(element("th", column, scope="col") for column in columns))
    body = [
        element("tr", *(_cell(value, column) for value, column in zip(row, columns, strict=True)))
        for row in rows
    ]
    whole = element("table", element("thead", head), element("tbody", *body), class_="rows")
    return scroll(whole)


def scroll(content: Html) -> Html:
    """Return a region that scrolls sideways; by keyboard too, hence the tab index."""
    return element("div", content, class_="scroll", tabindex=0)


def read_rows(failing_rows: str | None) -> list[dict[str, Any]]:
    """Return the failing rows of a result; a text that holds none is one row with that text."""
    if not failing_rows:
        return []
    for read in (json.loads, ast.literal_eval):
        try:
            rows = read(failing_rows)
        except (ValueError, SyntaxError, RecursionError):
            continue
        if isinstance(rows, list) and all(isinstance(row, dict) for row in rows):
            return rows
    return [{"rows": failing_rows}]


def _cell(value: Any, column: str) -> Html:
    class_ = None
    if isinstance(value, int | float) and not isinstance(value, bool):
        class_ = "number"
    elif isinstance(value, str) and not isinstance(value, Html) and len(value) > _LONG_CELL:
        class_ = "long"
        value = f"{value[:_LONGEST_CELL]} …" if len(value) > _LONGEST_CELL else value
    return element("td", value, class_=class_, data_column=column)
