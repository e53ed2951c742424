"""What bytes are, told by their content alone, and why they are none of ours."""

import gzip
import json
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.feeds import TableConfig
from tests.flows.captures import api_body, api_entry, api_page, search_text, wrapped_body
from tests.samples import hf_weekly_text, table
from transforms.parse.entry import Context
from transforms.parse.readers import limits
from transforms.parse.readers.tables import declare
from transforms.parse.recognise import UnknownFormatError, recognise

BROKEN = {
    "nothing at all": (b"", "the file is empty"),
    "white space": (b" \n\t\r\n", "the file is empty"),
    "a PNG": (b"\x89PNG\r\n\x1a\n\x00\x00", "a PNG picture"),
    "a PDF": (b"%PDF-1.7\n", "a PDF document"),
    "a cut gzip file": (gzip.compress(api_page())[:-9], "a gzip file whose end is missing"),
    "a damaged gzip file": (b"\x1f\x8b\x08\xff", "a gzip file that is damaged"),
    "gzip twice": (gzip.compress(gzip.compress(api_page())), "a gzip file within a gzip file"),
    "a gzip bomb": (gzip.compress(b" " * 50_000_000, 1), "a gzip file of more than"),
    "an xz file": (b"\xfd7zXZ\x00", "an xz file"),
    "Windows-1252 and UTF-8 in one": (
        (search_text() + "Müller").encode() + b"M\xfcller",
        "not UTF-8: byte 0xfc",
    ),
    "Chinese of Windows": ("Title: \u4e2d\u6587\u6458\u8981\n".encode("gbk"), "not UTF-8"),
    "a copy of the ranking": (
        (search_text() + "\n\nSubmitted by\n\ncleo" * 3).encode(),
        "a text copy of the trending page",
    ),
    "a truncated list": (api_page()[:-40], "the end is missing"),
    "a list cut inside its first text": (api_page()[:50], "the end is missing"),
    "one bracket": (b"[", "the end is missing"),
    "bytes of zero": (bytes(10_000), "no known format: text that begins with '\\x00"),
    "invalid UTF-8 inside JSON": (api_page().replace(b"Pebbles", b"\xff"), "not UTF-8: byte 0xff"),
    "invalid UTF-8 inside text": (b"plain \xfe", "not UTF-8: byte 0xfe at offset 6"),
    "damaged UTF-16": (api_page().decode().encode("utf-16")[:-1], "not UTF-16: truncated data"),
    "a NUL byte inside JSON": (api_page().replace(b"Pebbles", b"\0"), "control character"),
    "100,000 brackets": (b"[" * 100_000, "not JSON"),
    "100,000 pairs of brackets": (b"[" * 100_000 + b"]" * 100_000, "not JSON"),
    "50,000 papers in each other": (b'[{"paper":' * 50_000, "not JSON"),
    "two documents": (api_page() + api_page(), "not JSON"),
    "NDJSON of other things": (b'{"a": {}}\n{"a": {}}\n', "not JSON"),
    "a trailing comma": (b'[{"paper": {}},]', "not JSON: trailing comma"),
    "a page of HTML": (b"<!DOCTYPE html><html>502", "no known format: "),
    "an error of the API": (b'{"error": "Too many requests"}', "of a list: Too many requests"),
    "another error": (b'{"detail": "Not found"}', "of a list: Not found"),
    "an error with its status": (
        b'{"message": "slow down", "status": 429}',
        "status 429: slow down",
    ),
    "an empty object": (b"{}", "the fields none"),
    "another number": (b"2", "JSON, the value 2"),
    "true": (b"true", "no known format"),
    "null": (b"null", "no known format"),
    "a list of numbers": (b"[1, 2]", "whose first element is '1'"),
    "a list of lists": (b"[[]]", "whose first element is '[]'"),
    "a list of nulls": (b"[null, null]", "whose first element is 'None'"),
    "papers that are texts": (b'[{"paper": "x"}]', "whose first element is"),
    "another page of the site": (b"new\n\nModels\n\nDatasets\n", "text that begins with 'new"),
}


@pytest.mark.parametrize("body, reason", BROKEN.values(), ids=BROKEN.keys())
def test_what_fits_no_format_is_told_by_what_it_looks_like(body: bytes, reason: str) -> None:
    with pytest.raises(UnknownFormatError) as refusal:
        recognise(body)
    assert reason in str(refusal.value)
    assert len(str(refusal.value)) < 400


KNOWN = {
    "a list": (api_page(), "hf_api"),
    "an empty list": (b"[]", "hf_api"),
    "the body 1": (b"1", "hf_api"),
    "the body 1 with a newline": (b" 1 \n", "hf_api"),
    "an envelope": (wrapped_body([api_entry()]), "hf_api"),
    "an envelope of nothing": (b'{"status": "no_data", "date": "2025-01-11"}', "hf_api"),
    "texts of Python": (api_body([repr(api_entry(n)) for n in range(2)]), "hf_api"),
    "NaN": (b'[{"paper": {"upvotes": NaN}}]', "hf_api"),
    "Infinity": (b'[{"paper": {"upvotes": -Infinity}}]', "hf_api"),
    "a number beyond all doubles": (b'[{"paper": {"upvotes": 1e999}}]', "hf_api"),
    "half of a surrogate pair": (b'[{"paper": {"title": "\\ud800"}}]', "hf_api"),
    "lines of entries": (b'{"paper": {}}\n{"paper": {}}\n', "hf_api"),
    "UTF-16": (api_page().decode().encode("utf-16"), "hf_api"),
    "UTF-16 without a mark": (api_page().decode().encode("utf-16-be"), "hf_api"),
    "a gzip file": (gzip.compress(api_page()), "hf_api"),
    "gzip files in a row": (
        gzip.compress(api_page()[:50]) + gzip.compress(api_page()[50:]) + bytes(20),
        "hf_api",
    ),
    "papers without the objects around them": (api_body([api_entry()["paper"]]), "hf_api"),
    "the properties of the page": (
        b'{"dailyPapers": %b, "dateString": "2025-06-20"}' % api_page(),
        "hf_api",
    ),
    "a text of Western Windows": (
        (search_text() + "\n\nM\u00fcller\u2019s \u2013 machine").encode("cp1252"),
        "hf_search_text",
    ),
    "a text in UTF-16": (search_text().encode("utf-16"), "hf_search_text"),
    "a byte order mark": (b"\xef\xbb\xbf" + api_page(), "hf_api"),
    "a list that begins with rubbish": (api_body([None, 3, "x", api_entry()]), "hf_api"),
    "a text with blank lines": (search_text().encode(), "hf_search_text"),
    "a compact text": (search_text(form="compact").encode(), "hf_search_text"),
    "a text with dates": (search_text(form="dated").encode(), "hf_search_text"),
    "a text from Windows": (
        ("\ufeff" + search_text()).replace("\n", "\r\n").encode(),
        "hf_search_text",
    ),
}


@pytest.mark.parametrize("body, name", KNOWN.values(), ids=KNOWN.keys())
def test_every_known_shape_is_recognised_by_its_content(body: bytes, name: str) -> None:
    assert recognise(body).format.name == name


@given(st.binary(max_size=200))
def test_any_bytes_are_recognised_or_refused_with_a_reason(body: bytes) -> None:
    assert_recognised_or_refused(body)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["paper", "status", "data", "date", "count", "x"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@given(JSON_VALUES)
def test_any_json_is_recognised_or_refused_with_a_reason(document: object) -> None:
    assert_recognised_or_refused(json.dumps(document).encode())


@given(st.data())
def test_a_capture_cut_anywhere_is_refused(data: st.DataObject) -> None:
    page = api_page(1)
    end = data.draw(st.integers(0, len(page) - 1))
    with pytest.raises(UnknownFormatError):
        recognise(page[:end])


def test_the_reason_stays_short_where_a_field_name_is_long() -> None:
    with pytest.raises(UnknownFormatError) as refusal:
        recognise(json.dumps({"x" * 100_000: 1}).encode())
    assert len(str(refusal.value)) < 400


def test_the_body_one_point_zero_is_no_empty_day() -> None:
    with pytest.raises(UnknownFormatError):
        recognise(b"1.0")


def test_a_whole_document_with_something_behind_it_is_not_called_cut() -> None:
    with pytest.raises(UnknownFormatError) as refusal:
        recognise(b"[] ]")
    assert "the end is missing" not in str(refusal.value)


def assert_recognised_or_refused(body: bytes) -> None:
    try:
        assert recognise(body).format.name in ("hf_api", "hf_search_text")
    except UnknownFormatError as refusal:
        assert str(refusal)
        assert "\n" not in str(refusal)


@pytest.mark.parametrize(
    "body",
    [
        b"Title;Id\nA;2506.01234\n",
        b"sep=|\nTitle|Id\nA|x\n",
        b'{"Title": "A", "Id": "2506.01234"}\n',
    ],
    ids=["CSV", "CSV of Excel", "JSON lines"],
)
def test_a_table_of_a_stated_feed_names_the_columns_that_it_lacks(body: bytes) -> None:
    declared = declare(TableConfig(columns={"title": "Paper", "source_id": ["arXiv", "Id"]}))
    with pytest.raises(UnknownFormatError) as refused:
        recognise(body, {"picks": declared}, "picks")
    said = "as a table of picks: no column 'Paper' (title); its columns are 'Title', 'Id'"
    assert said in str(refused.value)
    with pytest.raises(UnknownFormatError) as refused:
        recognise(body, {"picks": declared})
    assert "as a table" not in str(refused.value), "nobody said that it is one"


def test_a_body_that_is_none_of_ours_is_held_once_however_many_tables_it_may_be() -> None:
    body = json.dumps([{"thing": {"id": n}} for n in range(2_000)]).encode()
    picks = declare(TableConfig(columns={"title": "name", "source_id": "number"}))

    def peak(tables: int) -> int:
        tracemalloc.start()
        with pytest.raises(UnknownFormatError, match="no known format: JSON, a list of 2,000"):
            recognise(body, {f"picks-{n}": picks for n in range(tables)})
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    assert peak(3) < 1.3 * peak(0)


@pytest.mark.parametrize("head", [search_text(), hf_weekly_text.DUMP, table.HEADER, ""])
@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_a_text_of_more_lines_than_any_memory_should_hold_is_refused(
    head: str, end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_LINES", 30_000)
    body = (head + "\n" + f"ab{end}" * 30_001).encode()
    with pytest.raises(UnknownFormatError, match="more than 30,000 lines"):
        recognise(body, {"picks": table.DECLARED}, "picks")


@pytest.mark.slow
def test_days_on_more_lines_than_entries_are_read_are_held() -> None:
    body = b'{"date":"2026-05-01","papers":[]}\n' * 100_001
    known = recognise(body)
    parsed = known.format.parse(known.document, Context())
    assert parsed.envelope_error == "more than 100,000 lines"
