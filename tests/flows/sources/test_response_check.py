"""A body is read or refused, whatever it holds."""

from contextlib import suppress
from datetime import datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from flows.sources.errors import FailedTryError
from flows.sources.http_client import Answer
from flows.sources.response_check import count_entries, read_top_elements

TEXTS_KEPT = frozenset({"a/b"})


def answer(body: bytes) -> Answer:
    return Answer("http://127.0.0.1/", body, datetime(2026, 5, 20))  # noqa: DTZ001 - naive UTC


@given(
    st.one_of(
        st.binary(max_size=200), st.text("<>/ab&;!?[]\"'= {}:,0", max_size=80).map(str.encode)
    )
)
@example(b"[" * 100_000)
@example(b"<a>" * 100_000)
@example(b'<?xml version="1.0" encoding="utf-16"?><a/>')
@example(b'<?xml version="1.0" encoding="idna"?><a/>')
@example(b'{"error":' + b"[" * 1_000 + b"]" * 1_000 + b"}")
@example(b"\x00")
@example(b'"\\ud800"')
def test_a_body_is_understood_or_a_failed_try(body: bytes) -> None:
    with suppress(FailedTryError):
        assert count_entries(answer(body)) >= 0
    with suppress(FailedTryError):
        assert read_top_elements(answer(body), TEXTS_KEPT, frozenset({"a"})).root == "a"


@pytest.mark.parametrize(
    ("body", "entries"),
    [(b"[]", 0), (b"\xef\xbb\xbf[1, 2]\n", 2), (b"1", 0), (b'{"status": "no_data"}', 0)],
)
def test_entries_of_a_list_are_counted(body: bytes, entries: int) -> None:
    assert count_entries(answer(body)) == entries


def test_a_body_of_millions_of_parts_is_refused_before_each_of_them_takes_memory() -> None:
    with pytest.raises(FailedTryError, match="more than 4,000,000 objects and lists"):
        count_entries(answer(b"[" + b"{}," * 4_000_000 + b"{}]"))
    for part in (b"<b/>", b'b="" '):
        with pytest.raises(FailedTryError, match="more than 1,000,000 tags or attributes"):
            read_top_elements(answer(b"<a>" + part * 1_000_001), TEXTS_KEPT, frozenset({"a"}))


def test_top_elements_keep_the_first_text_of_a_path_and_ignores_what_lies_deeper() -> None:
    body = b'<x:a xmlns:x="u"><b code="c">one<i>no</i></b><b>two</b><c><d><b>deep</b></d></c></x:a>'
    top = read_top_elements(answer(body), TEXTS_KEPT, frozenset({"a"}))
    assert top.texts == {"a/b": "one"}
    assert top.codes == {"a/b": "c"}
    assert (top.counts["a/b"], top.counts["a/c/d"]) == (2, 1)


@pytest.mark.parametrize(("text", "number"), [("12", 12), (" 12 ", 12), ("-1", None), ("", None)])
def test_a_number_is_a_number_or_none(text: str, number: int | None) -> None:
    top = read_top_elements(answer(f"<a><b>{text}</b></a>".encode()), TEXTS_KEPT, frozenset({"a"}))
    assert top.number("a/b") == number


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        (b"Rate exceeded.", "no XML: syntax error: line 1, column 0; it says 'Rate exceeded.'"),
        (
            b"<rss><channel><title>Error: x</title><description>Bad</description></channel></rss>",
            "<rss> instead of <feed>: Error: x: Bad",
        ),
        (
            b"<html><head><title>Too many</title></head></html>",
            "<html> instead of <feed>: Too many",
        ),
        (b"<other/>", "<other> instead of <feed>"),
    ],
)
def test_an_answer_that_is_no_list_keeps_what_it_says(body: bytes, cause: str) -> None:
    with pytest.raises(FailedTryError) as caught:
        read_top_elements(answer(body), frozenset(), frozenset({"feed"}))
    assert str(caught.value) == cause


def test_a_text_in_place_of_json_keeps_what_it_says() -> None:
    with pytest.raises(FailedTryError, match=r"no JSON: .*; it says 'Rate exceeded\.'"):
        count_entries(answer(b"Rate\nexceeded."))


def test_a_text_without_an_end_is_read_in_linear_time_and_cut() -> None:
    body = b"<a><b>" + b"x\n" * 4_000_000 + b"</b></a>"
    top = read_top_elements(answer(body), TEXTS_KEPT, frozenset({"a"}))
    assert top.texts == {"a/b": "x\n" * 5_000}


def test_a_long_name_of_an_element_is_not_kept_for_each_element_below() -> None:
    name = b"a" * 100_000
    body = b"<" + name + b">" + b"<b/>" * 1_000 + b"</" + name + b">"
    root = "a" * 100
    top = read_top_elements(answer(body), TEXTS_KEPT, frozenset({root}))
    assert top.counts == {root: 1, f"{root}/b": 1_000}


def test_an_error_without_an_end_is_cut() -> None:
    with pytest.raises(FailedTryError) as raised:
        count_entries(answer(b'{"error": "' + b"x" * 1_000_000 + b'"}'))
    assert len(str(raised.value)) < 11_000
