"""Answers of the arXiv API: papers, no papers, and errors that look like a paper."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.samples.atom import ENTRY, ERROR, HEAD
from tests.transforms.parse.judged import FEWER, assert_nothing_is_lost, damaged, judge
from transforms.errors import MarkupError
from transforms.parse.entry import Context, Parsed
from transforms.parse.formats.atom import is_atom, parse
from transforms.parse.readers.markup import Reply, read_recorded, read_xml

SECOND = ENTRY.replace("hep-th/9901001v2", "2404.00002v1")


def answer(*entries: str, head: str = HEAD) -> Reply:
    """Return an answer with some entries."""
    return read_xml((head + "".join(entries) + "</feed>").encode())


def take(reply: Reply) -> Parsed:
    """Parse an answer."""
    return parse(reply, Context())


def test_every_entry_is_a_paper() -> None:
    parsed = take(answer(ENTRY, SECOND))
    judged = judge(parsed)
    entry = judged.accepted[0]
    assert judged.column("source_id") == ["arxiv:hep-th/9901001", "arxiv:2404.00002"]
    assert judged.column("source_version") == [2, 1]
    assert entry["title"] == "Small Things & Their Number"
    assert entry["abstract"] == "We count $a < b$ small things."
    assert entry["authors"] == ["Ada Lovelace", "Alan Turing"]
    assert entry["categories"] == ["hep-th", "cs.LG"]
    assert entry["published_at"] == datetime.fromisoformat("1999-01-01T10:00:00")
    assert (judged.rejected, judged.issues) == ([], [])
    assert not parsed.unknown_fields


def test_an_answer_says_when_it_was_made_and_whether_there_is_more() -> None:
    parsed = take(answer(ENTRY, SECOND))
    assert parsed.captured_at == datetime.fromisoformat("2026-04-12T22:09:26")
    assert (parsed.has_next, parsed.is_cut) == (True, False)
    midnight = HEAD.replace("2026-04-12T22:09:26Z", "2026-04-12T00:00:00-04:00")
    parsed = take(answer(head=midnight.replace(">5<", ">0<")))
    assert (parsed.captured_at, parsed.captured_after) == (None, date(2026, 4, 12))
    assert (parsed.has_next, parsed.is_cut, parsed.entries) == (False, False, [])


def test_an_answer_with_fewer_entries_than_it_counts_is_cut() -> None:
    parsed = take(answer(ENTRY))
    assert (parsed.has_next, parsed.is_cut) == (True, True)


@pytest.mark.parametrize("status", [200, 400])
def test_an_error_is_no_paper_and_holds_the_answer(status: int) -> None:
    body = HEAD.replace(">5<", ">1<") + ERROR + "</feed>"
    parsed = take(read_recorded({"url": "u", "status_code": status, "body": body}))
    assert parsed.envelope_error == "the API answered with an error: incorrect id format for abc"
    assert judge(parsed).reasons() == [("entry", "api_error")]


def test_a_status_that_is_an_error_holds_an_answer_that_looks_empty() -> None:
    body = HEAD.replace(">5<", ">0<") + "</feed>"
    parsed = take(read_recorded({"url": "u", "status_code": 503, "body": body}))
    assert parsed.envelope_error == "the API answered with status 503"


def test_an_entry_without_an_arxiv_id_is_rejected_with_its_source() -> None:
    judged = judge(take(answer(ENTRY.replace("arxiv.org/abs/hep-th/9901001v2", "x.example/1"))))
    assert judged.reasons() == [("source_id", "id_scheme")]
    assert "<title>Small Things" in judged.rejected[0]["payload"]


def test_an_entry_on_its_own_is_read() -> None:
    entry = ENTRY.replace(
        "<entry>",
        '<entry xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom">',
    )
    reply = read_xml(entry.encode())
    assert is_atom(reply)
    assert [found.source_id for found in take(reply).entries] == ["hep-th/9901001v2"]


def test_other_feeds_are_not_taken_for_answers() -> None:
    assert is_atom(answer())
    assert not is_atom(read_xml(b'<feed xmlns="http://www.w3.org/2005/Atom"><id>x</id></feed>'))
    assert not is_atom(read_xml(b"<rss/>"))


@FEWER
@given(
    st.lists(st.tuples(st.integers(0, 2_500), st.integers(0, 60), st.text(max_size=20)), max_size=4)
)
def test_a_damaged_answer_is_refused_or_loses_nothing(cuts: list[tuple[int, int, str]]) -> None:
    text = damaged(HEAD + ENTRY + ERROR + SECOND + "</feed>", cuts)
    try:
        reply = read_xml(text.encode("utf-8", "replace"))
    except MarkupError:
        return
    is_atom(reply)
    assert_nothing_is_lost(take(reply))
