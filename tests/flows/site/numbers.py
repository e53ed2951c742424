"""Which numbers of a page the queries that it shows do not give."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import duckdb
from lxml import html

from warehouse.connection import rows_as_dicts
from warehouse.visible import visible

_NUMBER: Final = re.compile(r"\d[\d,]*(?:\.\d+)?")
_LEFT_OUT: Final = (
    "//details[@class='sql']",
    "//svg",
    "//nav[@class='steps']",
    # the digest of the file itself
    "//code[@class='long']",
    # the beginnings of the ids of captures
    "//td/code",
    # refused files are in no warehouse
    "//tr[td[1] = 'files refused']",
    "//script",
    # phrases are compared in Python, as the page "About these numbers" says
    "//span[@class='phrase']",
)
_CODE: Final = re.compile(r"\{[{%#].*?[}%#]\}|<[^>]*>", re.DOTALL)


_TEMPLATES: Final = {"topics": "topic", "days": "day", "papers": "paper"}


def unexplained_of(
    site: Path, names: Iterable[str], connection: duckdb.DuckDBPyConnection
) -> dict[str, list[str]]:
    """Return what :func:`unexplained` finds on pages of a site, by page."""
    found = {}
    for name in names:
        folder, _, own = name.rpartition("/")
        template = folder if own == "index.html" and folder else _TEMPLATES.get(folder, own[:-5])
        page = html.fromstring((site / name).read_text(encoding="utf-8"))
        if left := unexplained(page, f"{template}.html.j2", connection):
            found[name] = left
    return found


def unexplained(
    page: html.HtmlElement, template: str, connection: duckdb.DuckDBPyConnection
) -> list[str]:
    """Return the numbers that a page shows, and neither its queries nor its template have."""
    given = set(_of_template(template))
    for query in page.xpath("//details[@class='sql']//code"):
        rows = rows_as_dicts(connection.execute(query.text_content()))
        given |= set(_of_rows(rows))
    for path in _LEFT_OUT:
        for part in page.xpath(path):
            part.drop_tree()
    shown = " ".join(page.xpath("//main//text()[normalize-space()]"))
    return [one for one in _numbers(shown) if one not in given]


def _numbers(text: str) -> list[str]:
    return [one.rstrip(",") for one in _NUMBER.findall(text)]


def _of_template(template: str) -> Iterator[str]:
    for name in (template, "macros.html.j2"):
        text = (files("flows") / "site" / "templates" / name).read_text(encoding="utf-8")
        yield from _numbers(_CODE.sub(" ", text))


def _of_rows(rows: list[dict[str, Any]]) -> Iterator[str]:
    """Yield each value as a page may say it, sums, and how many rows there are of each kind."""
    yield from _of_value(len(rows))
    for name in rows[0] if rows else ():
        values = [row[name] for row in rows]
        yield from _of_value(sum(value is not None for value in values))
        yield from _of_value(sum(value for value in values if isinstance(value, int)))
        for value, count in Counter(map(str, values)).items():
            yield from _of_value(count)
            yield from _numbers(visible(value))
        for value in values:
            yield from _of_value(value)


def _of_value(value: object) -> Iterator[str]:
    if isinstance(value, datetime):
        yield from (f"{value:%H}", f"{value:%M}")
    if isinstance(value, date):
        yield from (f"{value.day}", f"{value:%d}", f"{value:%m}", f"{value:%Y}")
    elif isinstance(value, bool):
        return
    elif isinstance(value, int):
        yield from (f"{value:,}", f"{abs(value):,}", f"{value}")
    elif isinstance(value, float):
        for digits in (0, 1, 2):
            yield from (f"{abs(value):,.{digits}f}", f"{abs(100 * value):,.{digits}f}")
    elif isinstance(value, str):
        yield from _numbers(visible(value))
    elif isinstance(value, Mapping):
        yield from _of_value(list(value.values()))
    elif isinstance(value, Iterable):
        several = list(value)
        yield f"{len(several):,}"
        for one in several:
            yield from _of_value(one)
