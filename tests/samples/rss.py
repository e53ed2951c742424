"""Samples of the format rss, with text of our own."""

import html
from typing import Any

ABSTRACT = "We count small things, where a < b."

LABELLED = (
    '<p><img src="https://x.example/1.png" alt="Paper" style="max-width: 300px;" /></p>'
    "<p><b>Authors:</b> Ada Lovelace, Alan Turing</p><p><b>Upvotes:</b> 1.2k</p>"
    f"<p><b>Summary:</b> {ABSTRACT}</p>"
)

HEADED = (
    '<div class="c">\n <p style="color: #666;">Institution: Home | Authors: Ada Lovelace</p>\n'
    ' <h3>arXiv Links</h3>\n <p><a href="https://arxiv.org/abs/2605.13857">arXiv</a> | PDF</p>\n'
    " <h3>AI summary</h3>\n <p>Small.</p>\n"
    f" <h3>Abstract</h3>\n <p>{html.escape(ABSTRACT)}</p>\n</div>"
)

MARKED = f"A machine says: small.  \t\t\tAI-generated summary \t\t {ABSTRACT}"


def item(body: str, number: int = 13857, extra: str = "") -> str:
    """Return an RSS item; the body is put in as it stands."""
    return (
        f"<item><title>Small Things\n  and Others</title>"
        f"<link>https://arxiv.org/abs/2605.{number}</link>"
        f'<description>{body}</description><guid isPermaLink="false">'
        f"https://huggingface.co/papers/2605.{number}</guid>"
        f"<pubDate>Wed, 08 Apr 2026 00:00:00 +0000</pubDate>{extra}</item>"
    )


def rss(*items: str) -> str:
    """Return a feed of some items."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Daily Papers</title>'
        "<link>https://huggingface.co/papers</link><description>x</description>"
        f"<lastBuildDate>Sat, 30 May 2026 00:21:29 +0000</lastBuildDate>{''.join(items)}"
        "</channel></rss>"
    )


FEED: dict[str, Any] = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "Daily Papers",
    "items": [
        {
            "id": "https://huggingface.co/papers/2605.13857",
            "url": "https://huggingface.co/papers/2605.13857",
            "title": "Small Things\n  and Others",
            "content_text": MARKED,
            "date_published": "2026-05-29T07:55:47",
            "authors": [{"name": "Ada Lovelace"}, {"name": "Alan Turing"}],
            "_hf": {"upvotes": 7, "numComments": "2"},
            "tags": ["cs.LG"],
        }
    ],
}
