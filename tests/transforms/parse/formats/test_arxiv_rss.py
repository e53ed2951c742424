"""arXiv's announcements in three generations of feeds."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.samples.arxiv_rss import ATOM, RDF, RSS
from tests.transforms.parse.judged import FEWER, assert_nothing_is_lost, damaged, judge
from transforms.errors import MarkupError
from transforms.parse.entry import Context, Parsed
from transforms.parse.formats.arxiv_rss import is_arxiv_rss, parse
from transforms.parse.readers.markup import read_xml


def take(text: str) -> Parsed:
    """Parse a feed."""
    reply = read_xml(text.encode())
    assert is_arxiv_rss(reply)
    return parse(reply, Context())


@pytest.mark.parametrize("text", [RSS, ATOM])
def test_todays_feeds_say_the_same_in_both_forms(text: str) -> None:
    parsed = take(text)
    entry = judge(parsed).accepted[0]
    assert (entry["source_id"], entry["source_version"]) == ("arxiv:2509.13332", 1)
    assert entry["title"] == "Small Things: Counted"
    assert entry["abstract"] == "We count $a < b$ small things."
    assert entry["authors"] == ["Ada Lovelace", "Alan Turing"]
    assert entry["categories"] == ["cs.LG", "stat.ML"]
    assert entry["listed_at"] == datetime.fromisoformat("2025-09-18T04:00:00")
    assert parsed.feed_date == date(2025, 9, 18)
    assert parsed.captured_at is not None
    assert parsed.captured_at.replace(microsecond=0) == datetime.fromisoformat(
        "2025-09-18T04:00:02"
    )


def test_a_replacement_is_known_by_its_version() -> None:
    judged = judge(take(RSS))
    assert judged.column("source_id") == ["arxiv:2509.13332", "arxiv:2302.02913"]
    assert judged.column("source_version") == [1, 3]
    assert judged.column("abstract")[1] == "Revised."
    assert (judged.rejected, judged.issues) == ([], [])


def test_the_feeds_of_old_have_it_all_in_the_title() -> None:
    parsed = take(RDF)
    first, second = judge(parsed).accepted
    assert (first["source_id"], first["source_version"]) == ("arxiv:1805.08875", 1)
    assert first["title"] == "Small Things (and Others)"
    assert first["abstract"] == "We count $a<b$ small things."
    assert first["authors"] == ["Ada Lovelace", "Alan Turing"]
    assert (second["source_id"], second["source_version"]) == ("arxiv:hep-th/9901001", 3)
    assert (second["title"], second["categories"]) == ("Is It Small?", ["nucl-th"])


def test_how_a_paper_is_announced_is_kept() -> None:
    assert {entry.announce_type for entry in take(RSS).entries} == {"new", "replace-cross"}
    marks = {"": "new", " UPDATED": "replace", " CROSS LISTED": "cross"}
    marks[" UPDATED CROSS LISTED"] = "replace-cross"
    for mark, kind in marks.items():
        old = RDF.replace("[hep-ex])", f"[hep-ex]{mark})", 1)
        assert take(old).entries[0].announce_type == kind


def test_what_is_announced_in_the_evening_is_the_next_days_list() -> None:
    assert take(RDF).feed_date == date(2018, 5, 24)


def test_a_day_without_announcements_has_a_date_and_no_papers() -> None:
    text = RSS[: RSS.index(" <item>")] + "</channel></rss>"
    parsed = take(text)
    assert (parsed.feed_date, parsed.entries) == (date(2025, 9, 18), [])


def test_link_and_guid_that_name_two_papers_are_no_identity() -> None:
    judged = judge(take(RSS.replace("abs/2509.13332", "abs/2509.99999")))
    assert judged.reasons() == [("source_id", "ambiguous")]
    assert "<title>Small Things" in judged.rejected[0]["payload"]


def test_feeds_are_known_by_their_title_or_their_first_item() -> None:
    for text in (RSS, ATOM, RDF):
        assert is_arxiv_rss(read_xml(text.replace("on arXiv.org<", "here<").encode()))
    mirror = "<rss><channel><title>Daily</title><item><link>https://arxiv.org/abs/2509.1</link></item></channel></rss>"
    assert not is_arxiv_rss(read_xml(mirror.encode()))
    assert not is_arxiv_rss({"version": "https://jsonfeed.org/version/1", "items": []})


@FEWER
@given(
    st.sampled_from([RSS, ATOM, RDF]),
    st.lists(
        st.tuples(st.integers(0, 2_200), st.integers(0, 60), st.text(max_size=20)), max_size=4
    ),
)
def test_a_damaged_feed_is_refused_or_loses_nothing(
    text: str, cuts: list[tuple[int, int, str]]
) -> None:
    try:
        reply = read_xml(damaged(text, cuts).encode("utf-8", "replace"))
    except MarkupError:
        return
    is_arxiv_rss(reply)
    assert_nothing_is_lost(parse(reply, Context()))


def test_a_feed_is_known_by_where_it_comes_from() -> None:
    text = (
        "<rss><channel><title>stat.ML</title><link>https://rss.arxiv.org/rss/stat.ML</link><item>"
        "<title>One</title><link>https://arxiv.org/abs/2607.01234v2</link></item></channel></rss>"
    )
    assert is_arxiv_rss(read_xml(text.encode()))
    assert not is_arxiv_rss(read_xml(text.replace("rss.arxiv.org", "x.example").encode()))


def test_an_error_feed_is_known_also_where_it_does_not_say_arxiv() -> None:
    title = "<title>Feed error for query: cs.XX</title>"
    parsed = take(f"<rss><channel>{title}</channel></rss>")
    assert parsed.envelope_error == "arXiv answered with an error: Feed error for query: cs.XX"
    parsed = take(f"<rss><channel>{title}<description>Bad archive</description></channel></rss>")
    assert str(parsed.envelope_error).endswith("Feed error for query: cs.XX: Bad archive")
