"""Samples of the format hf_html, with text of our own."""

import html
import json
from typing import Any

LISTED: dict[str, Any] = {
    "paper": {
        "id": "2603.01234",
        "title": 'Small "Things" & <Others>',
        "summary": "We count a < b small things.",
        "authors": [{"_id": "1", "name": "Ada Lovelace"}],
        "publishedAt": "2026-03-05T00:00:00.000Z",
        "submittedOnDailyAt": "2026-03-09T01:22:24.366Z",
        "upvotes": 42,
    },
    "title": 'Small "Things" & <Others>',
    "numComments": 2,
}

PROPS: dict[str, Any] = {
    "dailyPapers": [LISTED],
    "dateString": "2026-03-10",
    "periodType": "day",
    "prevDate": "2026-03-09",
    "isLoggedIn": False,
}

AROUND = '<!doctype html><html><head><div data-target="SiteBanner" data-props="{}"></div>'


def page(
    props: Any, form: str = '<div class="x" data-target="DailyPapers" data-props={}></div>'
) -> str:
    """Return a saved page with some props in it."""
    text = props if isinstance(props, str) else json.dumps(props)
    return AROUND + form.format(f'"{html.escape(text)}"') + "</html>"
