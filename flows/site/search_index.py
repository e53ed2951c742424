"""What the search of the site looks through: a script a quarter, loaded by the search page."""

import json
import re
from collections.abc import Sequence
from typing import Final

from flows.site.addresses import name_of
from warehouse.answers.lists import Searched
from warehouse.visible import visible

_WORD: Final = re.compile(r"[^\W_](?:[\w'\u2019-]*[^\W_])?")
COMMON: Final = frozenset(
    """
    a about after all also an and any are as at be been between both but by can could do does each
    for from further had has have how however in into is it its many may more most much not of on
    one only or other our over paper propose results same show such than that the their them then
    these they this those through thus to two under up upon use used using very via was we were
    what when where which while who will with within without would you
    """.split()  # noqa: SIM905 - read as words
)


def shard_of(quarter: str, papers: Sequence[Searched]) -> str:
    """Return the script of a quarter: a row a paper, its text as the words that its title lacks."""
    rows = [_row(one) for one in papers]
    text = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
    # as a part of a script: what ends one, and what ends a line of one, is escaped
    safe = text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return f'paperstrata.add("{quarter}",{safe});\n'


def _row(paper: Searched) -> list[object]:
    authors = ", ".join(paper.authors)
    said = {word.lower() for text in (paper.title, authors) for word in _WORD.findall(text)}
    # most words of a text stand in it several times
    found = dict.fromkeys(_WORD.findall(paper.abstract or ""))
    words = dict.fromkeys(
        word
        for word in map(str.lower, found)
        if len(word) > 1 and word not in said and word not in COMMON
    )
    return [
        name_of(paper.paper_id),
        visible(paper.title),
        visible(authors),
        "; ".join(paper.topics),
        paper.known_date.isoformat() if paper.known_date else "",
        paper.votes if paper.votes is not None else -1,
        visible(" ".join(words)),
    ]
