"""JSON lines of arXiv metadata, in two spellings, with broken lines among them."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.samples.arxiv_jsonl import PAPER, SNAPSHOT, lines
from tests.transforms.parse.judged import (
    FEWER,
    assert_is_sound,
    assert_nothing_is_lost,
    damaged,
    judge,
)
from transforms.parse.entry import Context, Parsed
from transforms.parse.formats.arxiv_jsonl import is_arxiv_jsonl, parse


def take(document: Any) -> Parsed:
    """Parse a file."""
    return parse(document, Context())


def test_every_line_is_a_paper() -> None:
    parsed = take(lines(PAPER, {**PAPER, "id": "2504.12352v3", "abs": None, "pdf": None}))
    judged = judge(parsed)
    assert judged.column("source_id") == ["arxiv:2504.12351", "arxiv:2504.12352"]
    assert judged.column("source_version") == [None, 3]
    assert judged.column("abstract") == ["We count small things."] * 2
    assert judged.column("authors")[0] == ["Ada Lovelace", "Alan Turing"]
    assert judged.column("categories")[0] == ["cs.LG", "stat.ML"]
    assert (judged.rejected, judged.issues) == ([], [])
    assert not parsed.unknown_fields
    assert parsed.vanished_fields == []


def test_the_spelling_of_the_bulk_snapshot_is_read_as_well() -> None:
    (entry,) = judge(take(lines(SNAPSHOT))).accepted
    assert (entry["source_id"], entry["source_version"]) == ("arxiv:hep-th/9901001", 2)
    assert entry["title"] == "Small Strings"
    assert entry["abstract"] == "We count strings."
    assert entry["authors"] == ["A. Lovelace", "A. Turing"]
    assert entry["categories"] == ["hep-th", "math.AG"]
    assert entry["published_date"].isoformat() == "1999-01-01"
    assert (entry["comments"], entry["submitter"]) == (None, "Ada Lovelace")


def test_a_broken_line_is_a_rejected_entry_with_its_text() -> None:
    body = lines(
        PAPER, b'{"id": "2504.1', {**PAPER, "id": 2504.1235, "abs": None, "pdf": None}, b"7"
    )
    judged = judge(take(body))
    assert judged.column("source_id") == ["arxiv:2504.12351"]
    assert judged.reasons() == [("entry", "shape"), ("source_id", "type"), ("entry", "shape")]
    assert json.loads(judged.rejected[0]["payload"]) == '{"id": "2504.1'
    assert judged.rejected[0]["reason"].startswith("not JSON: ")


def test_the_end_may_be_cut_off_and_blank_lines_are_nothing() -> None:
    judged = judge(take(b"\xef\xbb\xbf" + lines(PAPER).replace(b"\n", b"\r\n\r\n") + b'{"id"'))
    assert (len(judged.accepted), len(judged.rejected)) == (1, 1)


def test_id_and_links_that_name_two_papers_are_no_identity() -> None:
    judged = judge(take(lines({**PAPER, "id": "2504.99999"})))
    assert judged.reasons() == [("source_id", "ambiguous")]


def test_what_pandas_writes_for_missing_is_missing() -> None:
    line = json.dumps({**PAPER, "authors": float("nan"), "summary": float("nan")}).encode()
    (entry,) = judge(take(lines(line))).accepted
    assert (entry["authors"], entry["abstract"]) == (None, None)


def test_half_a_surrogate_pair_is_read_as_an_unknown_character() -> None:
    line = json.dumps({**PAPER, "title": "x"}).replace('"x"', '"Small\\ud800 Things"').encode()
    judged = judge(take(lines(line, PAPER)))
    assert judged.column("title")[0] == "Small\ufffd Things"
    assert judged.reasons() == []


def test_empty_texts_are_missing_values() -> None:
    empty = dict.fromkeys(("authors", "summary", "published", "comment"), "")
    judged = judge(take([{**PAPER, **empty, "categories": "[]", "abstract": "Words."}]))
    assert (judged.issues, judged.column("abstract")) == ([], ["Words."])
    assert (judged.column("authors"), judged.column("categories")) == ([None], [None])


def test_a_list_of_papers_of_another_site_is_not_arxivs() -> None:
    assert not is_arxiv_jsonl([{**PAPER, "url": "https://huggingface.co/papers/2504.12351"}])


def test_a_list_within_an_object_is_read() -> None:
    document = {"generated_at": "now", "count": 1, "papers": [PAPER]}
    assert is_arxiv_jsonl(document)
    assert judge(take(document)).column("source_id") == ["arxiv:2504.12351"]
    assert not is_arxiv_jsonl({"papers": [{"title": "One"}]})


def test_names_in_parts_come_before_a_text_of_all_names() -> None:
    parted = [["Lov\u00e9lace", "A.", ""], ["Turing", "Alan", "Jr"], ["Counters", "", "", "Home"]]
    source = {**SNAPSHOT, "authors": r"A. Lov\'elace, A. Turing", "authors_parsed": parted}
    assert judge(take([source])).column("authors") == [
        ["A. Lov\u00e9lace", "Alan Turing Jr", "Counters"]
    ]
    broken = {**SNAPSHOT, "authors": "A. Turing", "authors_parsed": [["Turing"], None]}
    assert judge(take([broken])).column("authors") == [["A. Turing"]]


def test_categories_are_told_once_the_primary_one_first() -> None:
    source = {**PAPER, "categories": ["cs.AI", "cs.LG", "cs.AI"], "primary_category": "cs.LG"}
    assert judge(take([source])).column("categories") == [["cs.LG", "cs.AI"]]


def test_other_fields_are_told_and_a_missing_title_rejects() -> None:
    parsed = take(lines({**PAPER, "score": 3}, {**PAPER, "title": None}))
    assert dict(parsed.unknown_fields) == {"score": 1}
    assert judge(parsed).reasons() == [("title", "required")]


def test_files_are_known_by_their_first_objects() -> None:
    assert is_arxiv_jsonl(lines(b"{broken", PAPER))
    assert is_arxiv_jsonl([PAPER])
    assert is_arxiv_jsonl(SNAPSHOT)
    assert not is_arxiv_jsonl(lines({"id": "1", "title": "A table", "summary": "of something"}))
    assert not is_arxiv_jsonl([{**PAPER, "upvotes": 3}])
    assert not is_arxiv_jsonl(b"\n\n")


JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats()
    | st.text(max_size=20),
    lambda values: (
        st.lists(values, max_size=3) | st.dictionaries(st.text(max_size=5), values, max_size=3)
    ),
    max_leaves=3,
)


@pytest.mark.slow
@given(
    st.lists(st.fixed_dictionaries({}, optional=dict.fromkeys((*PAPER, *SNAPSHOT), JSON_VALUES)))
)
def test_objects_of_any_types_lose_nothing(papers: list[dict[str, Any]]) -> None:
    is_arxiv_jsonl(papers)
    assert_is_sound(take(papers))


@pytest.mark.slow
@FEWER
@given(
    st.lists(st.tuples(st.integers(0, 900), st.integers(0, 40), st.text(max_size=20)), max_size=5)
)
def test_a_damaged_file_loses_nothing(cuts: list[tuple[int, int, str]]) -> None:
    body = damaged(lines(PAPER, SNAPSHOT).decode(), cuts).encode("utf-8", "replace")
    is_arxiv_jsonl(body)
    assert_nothing_is_lost(take(body))


@given(st.binary(max_size=200))
def test_any_bytes_lose_nothing(body: bytes) -> None:
    is_arxiv_jsonl(body)
    assert_is_sound(take(body))
