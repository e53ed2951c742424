"""Captures of every format, mutated by structure and by bytes: told, in bounded time and memory.

Longer by hand: ``PAPERSTRATA_EXAMPLES=20000 pytest --timeout 0`` and the path of this file.
"""

import gzip
import html
import json
import tracemalloc
from copy import deepcopy
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.flows.captures import api_body, api_entry, api_page, search_text, wrapped_body
from tests.samples import arxiv_jsonl, arxiv_rss, atom, hf_html, hf_weekly_text, oai, rss, table
from tests.transforms.parse.judged import FEWER, assert_is_sound, assert_nothing_is_lost
from transforms.parse.entry import Context
from transforms.parse.recognise import UnknownFormatError, recognise

TABLES: dict[str, Any] = {"picks": table.DECLARED}
MOST_MEMORY = 8 << 20
MEMORY_PER_BYTE = 300

ENTRY = json.loads(api_page(1))[0]
JSON_SAMPLES: list[Any] = [
    json.loads(api_page(2)),
    json.loads(wrapped_body([api_entry()])),
    [repr(api_entry())],
    [ENTRY["paper"]],
    {"dailyPapers": [ENTRY], "dateString": "2025-06-20", "periodType": "day"},
    [arxiv_jsonl.PAPER, arxiv_jsonl.SNAPSHOT],
    {"papers": [arxiv_jsonl.PAPER], "count": 1},
    rss.FEED,
    {"url": "u", "status_code": 200, "body": atom.HEAD + atom.ENTRY + "</feed>"},
    [{"Paper title": "One", "arXiv": "2309.17401", "Authors": ["Ada"], "Upvotes": "1.44k"}],
]
XML_SAMPLES = [
    rss.rss(rss.item(html.escape(rss.LABELLED)), rss.item(rss.HEADED)),
    arxiv_rss.RSS,
    arxiv_rss.ATOM,
    arxiv_rss.RDF,
    atom.HEAD + atom.ENTRY + atom.ERROR + "</feed>",
    oai.listing(oai.record(oai.DC), oai.DELETED),
    oai.record(oai.ARXIV),
    oai.record(oai.RAW),
]
LINKED = "\n\n".join(
    (
        "Get trending papers in your email inbox!\n\n[Subscribe](https://x.example/login)",
        "# Daily Papers\n\n- Daily\n- Weekly\n- Monthly\n\nOct 2",
        "[101](https://x.example/login)\n\n### [Small\n Things](https://x.example/papers/1)",
        "[We count [1] things\\\\\nin [0, 1).](https://x.example/papers/1)\n\n[![x](/x.png)Home](/x)",
        "·\n\nMay 29[6](https://x.example/papers/1#community)\n\n[\n-\n][31]",
        "### [Other Things][36]\n\n[\n\nWe count others.\n\n][37]\n[\n* 671 authors\n][38]",
        "·\nMar 8, 2024 [ 6][39]\n\nPrevious\n1\nNext\n\nCompany\nTOS",
    )
)
TEXT_SAMPLES = [
    *(search_text(form=form) for form in ("blank", "compact", "dated")),
    LINKED,
    hf_weekly_text.DUMP,
    table.CSV,
    hf_html.page(hf_html.PROPS),
]

_DEEP = etree.XMLParser(huge_tree=True)
ODD = st.sampled_from(
    [
        *(None, True, False, 0, -1, 10**30, -(2**63), 2**64, 1e308, float("nan"), float("inf")),
        *("", " ", "\x00", "\ud83d", "\udc00\ud83d", "\u202e", "\ufeff", "e\u0301" * 40),
        *("9" * 40, "1e999", "2503.0213", "arXiv:2309.17401v0", "9999-12-31T23:59:59-14:00"),
        *("0001-01-01", "Jul 14, 0000", "1.44k", "-0", "\\emph{" * 20, "{\\it " * 20 + "}" * 20),
        *("['a', 'b", "[A, B]", "((((", "<p>Upvotes: 3", "&#xD800;&#1114112;&amp;amp;", "]]>"),
        *([], {}, [[]], [None], {"name": None}, {"": {}}, [{"name": ["x"]}], ["x"] * 50),
    ]
)
WORDS = st.sampled_from(
    [
        *("", " ", "·", "-", "12", "Title:", "**Summary:**", "---", "===", "3 authors", "[", "]("),
        *("](https://x.example)", "][3]", "Previous", "Next", "Jul 14, 2021", "Feb 30", "\x00"),
        *("Get trending papers in your email inbox", "PDF: x", "1. Authors: A", "\\", "Subscribe"),
        *('"', ",", "\t", "<", "&amp;", "data-props=", "'", "Company", "TOS", "\r", "x" * 500),
    ]
)
NUMBERS = st.integers(0, 10_000)


def places(value: Any) -> list[tuple[Any, Any]]:
    """Return every place in a document as its container and key, from the top downwards."""
    found: list[tuple[Any, Any]] = []
    waiting = [value]
    while waiting:
        within = waiting.pop(0)
        keys = list(within) if isinstance(within, dict) else range(len(within))
        for key in keys:
            found.append((within, key))
            if isinstance(within[key], dict | list):
                waiting.append(within[key])
    return found


def mutate_json(document: Any, change: str, at: int, value: Any) -> Any:
    """Return a document with one place dropped, doubled, replaced, nested or renamed."""
    found = places(document) if isinstance(document, dict | list) else []
    if not found:
        return value
    within, key = found[at % len(found)]
    if change == "replace":
        within[key] = value
    elif change == "nest":
        within[key] = [within[key]] if at % 2 else {"paper": within[key], "name": within[key]}
    elif change == "bury":
        for _ in range(at % 120):
            within[key] = [within[key]]
    elif change == "drop":
        del within[key]
    elif change == "double" and isinstance(within, list):
        within.extend([within[key]] * (at % 4))
    elif change == "rename" and isinstance(within, dict):
        within[str(value)[:20]] = within.pop(key)
    elif change == "text" and isinstance(within[key], str):
        text = within[key]
        within[key] = text[: at % (len(text) + 1)] + str(value) + text[at % (len(text) + 1) :]
    return document


def mutate_xml(text: str, change: str, at: int, word: Any) -> str:
    """Return an XML document with one element dropped, doubled, moved, renamed or filled."""
    root = etree.fromstring(text.encode(), _DEEP)
    elements = list(root.iter(tag=etree.Element))
    element, other = elements[at % len(elements)], elements[(at * 7 + 3) % len(elements)]
    parent = element.getparent()
    if change == "drop" and parent is not None:
        parent.remove(element)
    elif change == "double" and parent is not None:
        parent.append(deepcopy(element))
    elif change == "nest":
        element.append(deepcopy(other))
    elif change == "bury":
        for _ in range(at % 300):
            element = etree.SubElement(element, element.tag)
    elif change == "rename":
        element.tag = other.tag
    else:
        usable = "".join(c for c in str(word) if c.isprintable() and not "\ud800" <= c < "\ue000")
        element.text = (element.text or "")[: at % 50] + usable
        element.set("type", ("html", "xhtml", "x")[at % 3])
    return str(etree.tostring(root, encoding="unicode"))


CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["replace", "nest", "bury", "drop", "double", "rename", "text"]),
        NUMBERS,
        ODD,
    ),
    min_size=1,
    max_size=6,
)


@st.composite
def json_captures(draw: st.DrawFn) -> bytes:
    """Draw a mutated JSON document: whole, as lines, in a page, or in another's text."""
    document = json.loads(json.dumps(draw(st.sampled_from(JSON_SAMPLES))))
    for change in draw(CHANGES):
        document = mutate_json(document, *json.loads(json.dumps(change)))
    form = draw(st.sampled_from(["whole", "whole", "lines", "page", "indented"]))
    if form == "lines" and isinstance(document, list):
        return b"\n".join(json.dumps(value).encode() for value in document)
    if form == "page" and isinstance(document, dict):
        text = hf_html.page({**hf_html.PROPS, **document})
        return text.encode("utf-8", "replace")
    return json.dumps(document, indent=2 if form == "indented" else None).encode()


@st.composite
def xml_captures(draw: st.DrawFn) -> bytes:
    """Draw a mutated XML document, sometimes recorded as the text of an answer."""
    text = draw(st.sampled_from(XML_SAMPLES))
    for change in draw(CHANGES):
        text = mutate_xml(text, *change)
    if draw(NUMBERS) % 5 == 0:
        return json.dumps({"url": "u", "status_code": 200, "body": text}).encode()
    return text.encode()


@st.composite
def text_captures(draw: st.DrawFn) -> bytes:
    """Draw a text with lines dropped, doubled, swapped or put in, perhaps of another sample."""
    lines = draw(st.sampled_from(TEXT_SAMPLES)).split("\n")
    others = draw(st.sampled_from(TEXT_SAMPLES)).split("\n")
    for kind, at, word in draw(st.lists(st.tuples(NUMBERS, NUMBERS, WORDS), max_size=12)):
        place = at % (len(lines) + 1)
        new = {0: [word], 1: lines[place : place + 3], 2: others[: at % 9], 3: [word] * 30}
        cut = place + (kind % 5 == 4)
        lines[place:cut] = new.get(kind % 5, [])
    return (
        draw(st.sampled_from(["\n", "\n", "\r\n", "\n\n"])).join(lines).encode("utf-8", "replace")
    )


@st.composite
def damaged_bytes(draw: st.DrawFn) -> bytes:
    """Draw a capture cut, spliced with another, repeated, packed, or in another encoding."""
    samples = [json_captures(), xml_captures(), text_captures()]
    body = draw(st.one_of(samples))
    change = draw(st.sampled_from(["cut", "splice", "repeat", "noise", "encode", "gzip"]))
    at = draw(NUMBERS) % (len(body) + 1)
    if change == "cut":
        return body[:at]
    if change == "splice":
        other = draw(st.one_of(samples))
        return body[:at] + other[at % (len(other) + 1) :]
    if change == "repeat":
        return body[:20_000] * draw(st.integers(2, 3))
    if change == "noise":
        return body[:at] + draw(st.binary(max_size=20)) + body[at:]
    if change == "gzip":
        return gzip.compress(body)[: None if at % 3 else at]
    names = ["utf-16", "utf-16-be", "utf-32", "latin-1", "gbk", "utf-8-sig"]
    return body.decode("utf-8", "replace").encode(draw(st.sampled_from(names)), "replace")


def take(body: bytes, feed_id: str | None = None) -> Any:
    """Recognise and parse within the bound of memory; None where it is refused."""
    tracemalloc.start()
    try:
        known = recognise(body, TABLES, feed_id)
        parsed = known.format.parse(known.document, Context())
    except UnknownFormatError as error:
        assert 0 < len(str(error)) < 600
        parsed = None
    finally:
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert peak < MOST_MEMORY + MEMORY_PER_BYTE * len(body)
    return parsed


def judge_all(body: bytes, feed_id: str | None, scheme: str) -> None:
    """Take a capture all the way; nothing is lost and everything has a reason."""
    parsed = take(body, feed_id)
    if parsed is not None:
        assert_is_sound(parsed)
        assert_nothing_is_lost(parsed, scheme)


FEEDS = st.sampled_from([None, "picks"])
SCHEMES = st.sampled_from(["arxiv", "arxiv-optional", "none"])


@FEWER
@given(json_captures(), FEEDS, SCHEMES)
def test_mutated_json_is_refused_or_loses_nothing(body: bytes, feed: Any, scheme: str) -> None:
    judge_all(body, feed, scheme)


@FEWER
@given(xml_captures(), SCHEMES)
def test_mutated_xml_is_refused_or_loses_nothing(body: bytes, scheme: str) -> None:
    judge_all(body, None, scheme)


@FEWER
@given(text_captures(), FEEDS, SCHEMES)
def test_mutated_text_is_refused_or_loses_nothing(body: bytes, feed: Any, scheme: str) -> None:
    judge_all(body, feed, scheme)


@settings(max_examples=max(60, settings.default.max_examples))
@given(damaged_bytes(), FEEDS)
@example(api_body([1, None]), None)
def test_damaged_bytes_are_refused_or_read(body: bytes, feed: Any) -> None:
    parsed = take(body, feed)
    if parsed is not None:
        assert_is_sound(parsed)
