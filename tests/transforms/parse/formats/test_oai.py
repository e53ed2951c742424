"""OAI-PMH in three metadata formats, whole replies and bare records, deletions and errors."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.samples.oai import ARXIV, DC, DELETED, RAW, listing, record
from tests.transforms.parse.judged import FEWER, assert_nothing_is_lost, damaged, judge
from transforms.errors import MarkupError
from transforms.parse.entry import Context, Parsed
from transforms.parse.formats.oai import is_oai, parse
from transforms.parse.readers.markup import Reply, read_xml


def take(text: str) -> Parsed:
    """Parse a reply."""
    reply: Reply = read_xml(text.encode())
    assert is_oai(reply)
    return parse(reply, Context())


def test_dublin_core_is_read_by_arxivs_habits() -> None:
    (entry,) = judge(take(listing(record(DC)))).accepted
    assert (entry["source_id"], entry["source_version"]) == ("arxiv:math/0306266", None)
    assert entry["title"] == "Small Things and Their Number"
    assert entry["abstract"] == "We count small things."
    assert entry["authors"] == ["Ada Lovelace", "A. von Turing", "Society of Counters"]
    assert entry["published_date"] == date(2003, 6, 18)
    assert entry["keywords"] == ["Mathematics - Combinatorics"]
    assert entry["categories"] == ["math.CO", "cs"]


def test_arxivs_own_formats_say_the_same_paper() -> None:
    native = judge(take(listing(record(ARXIV)))).accepted[0]
    raw = judge(take(listing(record(RAW)))).accepted[0]
    assert native["content_key"] == raw["content_key"]
    assert native["source_id"] == raw["source_id"] == "arxiv:math/0306266"
    assert (native["source_version"], raw["source_version"]) == (None, 10)
    assert native["authors"] == ["Ada Lovelace Jr", "Society of Counters"]
    assert raw["authors"] == ["Ada Lovelace", "A. Turing"]
    assert native["published_date"] == raw["published_date"] == date(2003, 6, 18)
    assert raw["published_at"] == datetime.fromisoformat("2003-06-18T08:00:00")
    assert native["categories"] == raw["categories"] == ["math.CO", "cs.DM"]
    assert raw["submitter"] == "Ada Lovelace"


def test_a_long_namespace_within_a_record_is_not_repeated_for_all_that_stands_in_it() -> None:
    text = record("<a:x/>" * 2).replace("<metadata>", '<metadata xmlns:a="{}">')
    assert take(listing(text.format("u"))).misfits
    with pytest.raises(MarkupError, match="namespaces"):
        take(listing(text.format("u" * 3_000)))


@pytest.mark.parametrize("metadata", [DC, ARXIV, RAW])
def test_bare_records_and_bare_metadata_are_read_too(metadata: str) -> None:
    for text in (record(metadata), metadata, f"<GetRecord>{record(metadata)}</GetRecord>"):
        parsed = take(text)
        assert judge(parsed).column("source_id") == ["arxiv:math/0306266"]
        assert not parsed.unknown_fields


def test_a_resumption_token_says_that_there_is_more() -> None:
    more = take(
        listing(record(DC), token='<resumptionToken cursor="0">6460044|1001</resumptionToken>')
    )
    assert more.has_next is True
    assert more.captured_at == datetime.fromisoformat("2023-01-25T18:45:11")
    assert take(listing(record(DC))).has_next is False
    assert take(record(DC)).has_next is None


def test_a_deleted_record_is_an_issue_at_its_place_and_no_paper() -> None:
    parsed = take(
        listing(record(ARXIV), DELETED, record(ARXIV, "math/0306266").replace("26<", "26<"))
    )
    judged = judge(parsed)
    assert judged.column("position") == [0, 2]
    assert [(issue["position"], issue["rule"], issue["value"]) for issue in judged.issues] == [
        (1, "deleted", "oai:arXiv.org:math/0306267 2017-11-17")
    ]
    assert judged.rejected == []
    assert_nothing_is_lost(parsed)


def test_header_and_metadata_that_name_two_papers_are_no_identity() -> None:
    assert judge(take(listing(record(ARXIV, "math/0306299")))).reasons() == [
        ("source_id", "ambiguous")
    ]


def test_records_of_other_archives_keep_their_identifiers() -> None:
    text = record(DC).replace("oai:arXiv.org:math/0306266", "oai:zenodo.org:123")
    text = text.replace("<dc:identifier>http://arxiv.org/abs/math/0306266</dc:identifier>", "")
    doi = "<dc:identifier>doi:10.1017/S0963548305006826</dc:identifier>"
    assert take(text.replace(doi, "")).entries[0].source_id == "oai:zenodo.org:123"
    assert judge(take(text)).reasons() == [("source_id", "id_scheme")]
    # where an arXiv id is not asked for, the DOI is the id
    assert judge(take(text), "arxiv-optional").column("source_id") == [
        "doi:10.1017/s0963548305006826"
    ]


def test_a_record_in_another_format_is_rejected() -> None:
    assert judge(take(record("<rfc1807/>"))).reasons() == [("entry", "shape")]


@pytest.mark.parametrize(
    ("inside", "error"),
    [
        ('<error code="noRecordsMatch">none</error>', None),
        ('<error code="badResumptionToken">old</error>', "badResumptionToken: old"),
        ("<Identify/>", "an OAI-PMH reply without records: Identify"),
    ],
)
def test_an_answer_without_records_is_empty_or_an_error(inside: str, error: str | None) -> None:
    parsed = take(f"<OAI-PMH>{inside}</OAI-PMH>")
    assert (parsed.entries, parsed.envelope_error) == ([], error)


@FEWER
@given(
    st.lists(st.tuples(st.integers(0, 3_500), st.integers(0, 60), st.text(max_size=20)), max_size=4)
)
def test_a_damaged_reply_is_refused_or_loses_nothing(cuts: list[tuple[int, int, str]]) -> None:
    text = damaged(listing(record(DC), DELETED, record(ARXIV), record(RAW)), cuts)
    try:
        reply = read_xml(text.encode("utf-8", "replace"))
    except MarkupError:
        return
    is_oai(reply)
    assert_nothing_is_lost(parse(reply, Context()))


def test_records_of_two_lists_in_one_reply_have_a_place_each() -> None:
    reply = listing(record(DC))
    start = reply.index("<ListRecords>")
    end = reply.index("</ListRecords>") + len("</ListRecords>")
    parsed = take(reply[:end] + reply[start:end] + reply[end:])
    assert [entry.position for entry in parsed.entries] == [0, 1]
