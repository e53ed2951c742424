"""What bytes cost to read grows as their number does, for bytes made to cost more."""

import html
import json
import time
from collections.abc import Callable

import pytest

from tests.flows.captures import api_body, api_entry
from tests.samples import arxiv_jsonl, hf_weekly_text, rss, table
from tests.transforms.parse.judged import assert_nothing_is_lost
from transforms.parse.entry import Context
from transforms.parse.recognise import UnknownFormatError, recognise

TABLES = {"picks": table.DECLARED}


def search(line: str) -> Callable[[int], bytes]:
    """Return a maker of search pages full of one line."""
    head = "Get trending papers in your email inbox\nSubscribe\n"
    return lambda n: (head + (line * n)).encode()


def fed(body: str, end: str = "") -> Callable[[int], bytes]:
    """Return a maker of feeds with one long description."""
    return lambda n: rss.rss(rss.item(html.escape(body * n + end))).encode()


def titled(text: str, end: str = "") -> Callable[[int], bytes]:
    """Return a maker of API bodies with one long title and abstract."""
    return lambda n: api_body([api_entry(paper={"title": text * n + end, "summary": text * n})])


def jsonl(**fields: str) -> Callable[[int], bytes]:
    """Return a maker of lines whose fields repeat a piece of text."""
    return lambda n: json.dumps(
        {**arxiv_jsonl.PAPER, **{name: text * n for name, text in fields.items()}}
    ).encode()


GROWING: dict[str, Callable[[int], bytes]] = {
    "elements that never end": lambda n: b"<rss><channel>" + b"<item>" * n,
    "ampersands": lambda n: b"<rss><channel><title>" + b"&" * n + b"</title></channel></rss>",
    "open sections": lambda n: b"<rss><channel>&" + b"<![CDATA[" * n,
    "brackets in a copy": search("[x\n"),
    "nested brackets": lambda n: search("[" * n + "](/x)" * n)(1),
    "links in a copy": search("[x](/y) "),
    "pictures that never end": search("![x](/y"),
    "backslashes": search("\\\n"),
    "dots": search("·\n"),
    "ends of papers": search("3 authors\n·\nJul 14, 2021\n"),
    "footers": search("Previous\nx\n"),
    "blank lines": search("\n"),
    "titles of a dump": lambda n: hf_weekly_text.DUMP.encode() + b"Title:\n" * n,
    "marks of a dump": lambda n: hf_weekly_text.DUMP.encode() + b"**1. " * n,
    "heads of a dump": lambda n: b"Title: x\n" + b"x\n" * n,
    "open tags in a description": fed("<b x=", "</p>"),
    "bars in a description": fed(" | 3 ", "</p>"),
    "labels in a description": fed("Abstract: ", "</p>"),
    "digits of a count": fed("1,111 ", " upvotes</p>"),
    "brackets in names": jsonl(authors="(a, "),
    "half pairs": lambda n: b'[{"paper":{"id":"x","title":"' + b"\\ud800" * n + b'"}}]',
    "backslashes in JSON": lambda n: b'[{"paper":{"x":NaN,"title":"' + b"\\\\" * n + b'"}}]',
    "properties of no page": lambda n: b"<html>DailyPapers" + b' data-props="x"' * n,
    "targets of a page": lambda n: b"<html>" + b'<div data-target="DailyPapers" ' * n,
    "quotes of a table": lambda n: (table.HEADER + "\n").encode() + b'",' * n,
    "commands in a title": titled(r"\emph{"),
    "commands in each other": lambda n: titled(r"\emph{" * n + "x" + "}" * n)(1),
    "switches in a title": titled("{\\it "),
    "accents on one letter": titled("\u0301"),
    "spaces in a title": titled(" \t", "x"),
}


@pytest.mark.slow
@pytest.mark.parametrize("make", GROWING.values(), ids=GROWING.keys())
def test_time_grows_as_the_capture_does(make: Callable[[int], bytes]) -> None:
    def seconds(size: int) -> float:
        body = make(size)
        times = []
        for _ in range(3):
            start = time.process_time()
            try:
                known = recognise(body, TABLES)
                parsed = known.format.parse(known.document, Context())
                assert_nothing_is_lost(parsed, "none")
            except UnknownFormatError:
                pass
            times.append(time.process_time() - start)
        return min(times)

    small, large = seconds(2_000), seconds(16_000)
    # eight times as much: 64 times as long were it quadratic
    assert large < 24 * max(small, 0.005)
