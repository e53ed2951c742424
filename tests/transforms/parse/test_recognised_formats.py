"""Every format is told from every other by its bytes alone, and what is none says why."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.samples import arxiv_jsonl, arxiv_rss, atom, hf_html, hf_weekly_text, oai, rss, table
from tests.transforms.parse.judged import FEWER, assert_is_sound, damaged
from transforms.parse.entry import Context
from transforms.parse.recognise import FORMATS, UnknownFormatError, recognise

ATOM = atom.HEAD + atom.ENTRY + "</feed>"
SAMPLES: list[tuple[str, str]] = [
    ("hf_weekly_text", hf_weekly_text.DUMP),
    ("arxiv_jsonl", arxiv_jsonl.lines(arxiv_jsonl.PAPER, b"{broken").decode()),
    ("arxiv_jsonl", json.dumps([arxiv_jsonl.SNAPSHOT])),
    ("arxiv_jsonl", json.dumps(arxiv_jsonl.PAPER)),
    ("atom", ATOM),
    ("atom", json.dumps({"url": "u", "status_code": 200, "body": ATOM})),
    ("oai", oai.listing(oai.record(oai.DC))),
    ("oai", oai.record(oai.RAW)),
    ("hf_html", hf_html.page(hf_html.PROPS)),
    ("rss", rss.rss(rss.item("x"))),
    ("rss", json.dumps(rss.FEED)),
    ("arxiv_rss", arxiv_rss.RSS),
    ("arxiv_rss", arxiv_rss.ATOM),
    ("arxiv_rss", arxiv_rss.RDF),
]


@pytest.mark.parametrize(("name", "text"), SAMPLES)
@pytest.mark.parametrize("before", ["", "\ufeff", "\n \n"])
def test_each_format_is_known_by_its_bytes(name: str, text: str, before: str) -> None:
    known = recognise((before + text).encode())
    assert known.format is FORMATS[name]
    assert known.format.parse(known.document, Context()).entries


def test_a_table_is_known_by_the_columns_that_a_feed_declares() -> None:
    tables = {"picks": table.DECLARED}
    body = table.CSV.encode()
    known = recognise(body, tables)
    assert (known.format.name, known.feed_id) == ("table", "picks")
    with pytest.raises(UnknownFormatError, match="text that begins with"):
        recognise(body)
    parquet = table.parquet({"Paper title": ["One"], "arXiv": ["2309.17401"]})
    assert recognise(parquet, tables).feed_id == "picks"
    with pytest.raises(UnknownFormatError, match="no feed declares such a table"):
        recognise(parquet)


def test_the_stated_feeds_table_comes_before_the_other_formats() -> None:
    rows = json.dumps([{**arxiv_jsonl.PAPER, "Paper title": "One", "arXiv": "2309.17401"}])
    tables = {"picks": table.DECLARED}
    assert recognise(rows.encode(), tables).format.name == "arxiv_jsonl"
    assert recognise(rows.encode(), tables, "picks").format.name == "table"
    assert recognise(rows.encode(), tables, "other").format.name == "arxiv_jsonl"


def test_a_page_of_a_week_is_of_the_ranking() -> None:
    text = hf_html.page({**hf_html.PROPS, "periodType": "week"})
    assert recognise(text.encode()).feed_id == "hf-trending"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'<!DOCTYPE a [<!ENTITY x "y">]><rss a="&x;"/>', "document type"),
        (b"<!doctype html><html><p>Not found</html>", "an HTML page without a list of papers"),
        (b"<rss><channel>", "not XML: "),
        (b"<svg/>", "XML, an element 'svg'"),
        (b"Rate exceeded.", "text that begins with 'Rate exceeded.'"),
        (b'{"url": "u", "status_code": 429, "body": "Rate exceeded."}', "status 429"),
        (b'{"url": "u", "status_code": 200, "body": "<feed"}', "a recorded answer: not XML"),
    ],
)
def test_what_is_no_format_says_what_it_looks_like(body: bytes, reason: str) -> None:
    with pytest.raises(UnknownFormatError, match=reason):
        recognise(body)


def take(body: bytes) -> None:
    """Take bytes as far as parsing goes."""
    tables: dict[str, Any] = {"picks": table.DECLARED}
    try:
        known = recognise(body, tables)
    except UnknownFormatError as error:
        assert str(error)
        return
    assert_is_sound(known.format.parse(known.document, Context()))


@given(
    st.sampled_from([text for _, text in SAMPLES] + [table.CSV]),
    st.lists(st.tuples(st.integers(0, 3_000), st.integers(0, 90), st.text(max_size=9)), max_size=5),
)
def test_a_damaged_capture_is_refused_or_read(text: str, cuts: list[tuple[int, int, str]]) -> None:
    take(damaged(text, cuts).encode("utf-8", "replace"))


@FEWER
@given(st.binary(max_size=200), st.sampled_from([b"", b"<", b"[", b"{", b"\xff\xfe<", b"PAR1"]))
def test_any_bytes_are_refused_or_read(body: bytes, head: bytes) -> None:
    take(head + body)
