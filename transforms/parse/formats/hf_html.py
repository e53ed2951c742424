"""Saved pages of huggingface.co/papers: the list that the page hands to its own script.

``<div data-target="DailyPapers" data-props="{...}">`` holds the entries of the API, and the date.
The attribute is looked for in the text: no HTML parser at hand reads hostile pages in linear time.
"""

import re
from dataclasses import dataclass
from typing import Any

import orjson

from transforms.parse.entry import Context, Parsed
from transforms.parse.formats import hf_api
from transforms.parse.formats.base import Format, Found
from transforms.parse.readers.json_lines import read_json
from transforms.parse.readers.limits import MOST_ENTRIES
from transforms.parse.readers.markup import unescape

_TARGET = re.compile(r"""\bdata-target\s?=\s?["']?DailyPapers["'\s/>]""")
_ATTRIBUTES = re.compile(
    rf"""(?P<start><)|(?P<target>{_TARGET.pattern})"""
    r"""|\bdata-props\s?=\s?(?P<props>"[^"]*"|'[^']*')"""
)
_LIST = "dailyPapers"
_DAY = "day"


@dataclass(frozen=True)
class Page:
    """What a page hands to its script; None where that cannot be read."""

    props: dict[str, Any] | None

    @property
    def is_of_a_day(self) -> bool:
        """Whether it lists a day's papers; other pages list a week's, a month's, or a ranking."""
        return self.props is None or self.props.get("periodType", _DAY) == _DAY


_AROUND = ("dateString", "periodType", "error", "errors")
"""What the page says beside its list, under the names of the API."""


def is_hf_html(text: str) -> bool:
    """Tell whether a text is such a page."""
    return "data-props" in text and _TARGET.search(text) is not None


def read_page(text: str) -> Page:
    """Return what a page hands to its script."""
    return Page(_props(text))


def parse(page: Page, context: Context) -> Parsed:
    """Read one page. The feed date is the one that the page states, for a day's list only."""
    entries = page.props.get(_LIST) if page.props is not None else None
    if page.props is None or not isinstance(entries, list):
        reason = "no readable data-props" if page.props is None else "no list under 'dailyPapers'"
        return Parsed(envelope_error=f"the page has {reason}")
    if len(entries) > MOST_ENTRIES:
        return Parsed(envelope_error=f"the page has more than {MOST_ENTRIES:,} entries")
    # as a body of the API: the day that the page states stands around its list
    kept = {name: page.props[name] for name in _AROUND if name in page.props}
    parsed = hf_api.parse({_LIST: entries, **kept}, context)
    if not page.is_of_a_day:
        parsed.feed_date = None
    return parsed


def _props(page: str) -> dict[str, Any] | None:
    """Return the object in the first tag that has both attributes, in any order."""
    is_target, shown = False, None
    for found in _ATTRIBUTES.finditer(page):
        if found["start"]:
            is_target, shown = False, None
            continue
        is_target = is_target or bool(found["target"])
        shown = found["props"] or shown
        if is_target and shown:
            props = _decode(shown[1:-1])
            if isinstance(props, dict):
                return props
            shown = None
    return None


def _decode(attribute: str) -> Any:
    try:
        return read_json(unescape(attribute).encode())
    except orjson.JSONDecodeError:
        return None


def _find(text: str) -> Found[Page] | None:
    if not is_hf_html(text):
        return None
    page = read_page(text)
    return Found(page, None if page.is_of_a_day else "hf-trending")


FORMAT = Format(
    name="hf_html",
    parser_version=f"hf_html/3+{hf_api.FORMAT.parser_version}",
    feed_id="hf-daily",
    parse=parse,
    from_html=_find,
    html_marks=(b"DailyPapers",),
)
