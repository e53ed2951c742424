"""Saved pages of huggingface.co/papers: the list that the page hands to its own script.

``<div data-target="DailyPapers" data-props="{...}">`` holds the entries of the API, and the date.
The attribute is looked for in the text: no HTML parser at hand reads hostile pages in linear time.
"""

import re
from datetime import date
from typing import Any

import orjson

from transforms.parse import hf_api
from transforms.parse.entry import Context, Parsed
from transforms.parse.markup import unescape

FORMAT = "hf_html"
PARSER_VERSION = f"hf_html/1+{hf_api.PARSER_VERSION}"

_PROPS = re.compile(r"""\bdata-props\s?=\s?(?:"([^"]*)"|'([^']*)')""")
_TARGET = re.compile(r"""\bdata-target\s?=\s?["']?DailyPapers\b""")
_REACH = 2_000
"""Characters around the attribute in which the rest of its tag is looked for."""
_DAY = "day"


def is_hf_html(text: str) -> bool:
    """Tell whether a text is such a page."""
    return "data-props" in text and _TARGET.search(text) is not None


def is_of_a_day(text: str) -> bool:
    """Tell whether the page lists a day's papers; others list a week's, a month's, or a ranking."""
    props = _props(text)
    return props is None or props.get("periodType", _DAY) == _DAY


def parse(document: Any, context: Context) -> Parsed:
    """Read one page. The feed date is the one that the page states, for a day's list only."""
    props = _props(str(document))
    entries = props.get("dailyPapers") if props is not None else None
    if props is None or not isinstance(entries, list):
        reason = "no readable data-props" if props is None else "no list under 'dailyPapers'"
        return Parsed(envelope_error=f"the page has {reason}")
    parsed = hf_api.parse(entries, context)
    if props.get("periodType", _DAY) != _DAY:
        parsed.feed_date = None
    else:
        parsed.feed_date = _stated_date(props.get("dateString")) or parsed.feed_date
    return parsed


def _props(page: str) -> dict[str, Any] | None:
    for found in _PROPS.finditer(page):
        before = page[max(0, found.start() - _REACH) : found.start()].rpartition("<")[2]
        behind = page[found.end() : found.end() + _REACH].partition(">")[0]
        if not (_TARGET.search(before) or _TARGET.search(behind)):
            continue
        try:
            props = orjson.loads(unescape(found[1] or found[2] or ""))
        except orjson.JSONDecodeError:
            continue
        if isinstance(props, dict):
            return props
    return None


def _stated_date(text: object) -> date | None:
    try:
        return date.fromisoformat(text[:10]) if isinstance(text, str) else None
    except ValueError:
        return None
