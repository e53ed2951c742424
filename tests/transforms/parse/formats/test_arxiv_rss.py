"""arXiv's announcements in three generations of feeds."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transforms.parse.judged import FEWER, assert_nothing_is_lost, damaged, judge
from transforms.errors import MarkupError
from transforms.parse.entry import Context, Parsed
from transforms.parse.formats.arxiv_rss import is_arxiv_rss, parse
from transforms.parse.readers.markup import read_xml

RSS = """<?xml version='1.0' encoding='UTF-8'?>
<rss xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/"
 version="2.0"><channel>
 <title>cs.LG updates on arXiv.org</title>
 <lastBuildDate>Thu, 18 Sep 2025 04:00:02 +0000</lastBuildDate>
 <pubDate>Thu, 18 Sep 2025 00:00:00 -0400</pubDate>
 <skipDays><day>Sunday</day><day>Saturday</day></skipDays>
 <item>
  <title>Small Things: Counted</title>
  <link>https://arxiv.org/abs/2509.13332</link>
  <description>arXiv:2509.13332v1 Announce Type: new
Abstract: We count $a &lt; b$ small things.</description>
  <guid isPermaLink="false">oai:arXiv.org:2509.13332v1</guid>
  <category>cs.LG</category><category>stat.ML</category>
  <pubDate>Thu, 18 Sep 2025 00:00:00 -0400</pubDate>
  <arxiv:announce_type>new</arxiv:announce_type>
  <dc:rights>http://creativecommons.org/licenses/by/4.0/</dc:rights>
  <dc:creator>Ada Lovelace, Alan Turing</dc:creator>
 </item>
 <item>
  <title>Old Things, Revised</title>
  <link>https://arxiv.org/abs/2302.02913</link>
  <description>arXiv:2302.02913v3 Announce Type: replace-cross
Abstract: Revised.</description>
  <guid isPermaLink="false">oai:arXiv.org:2302.02913v3</guid>
  <category>cs.LG</category>
  <pubDate>Thu, 18 Sep 2025 00:00:00 -0400</pubDate>
  <arxiv:announce_type>replace-cross</arxiv:announce_type>
  <dc:creator>Grace Hopper</dc:creator>
 </item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:arxiv="http://arxiv.org/schemas/atom">
 <id>http://rss.arxiv.org/atom/cs.LG</id><title>cs.LG updates on arXiv.org</title>
 <updated>2025-09-18T04:00:02.9+00:00</updated>
 <entry><id>oai:arXiv.org:2509.13332v1</id><title>Small Things: Counted</title>
  <updated>2025-09-18T04:00:02.9+00:00</updated>
  <link href="https://arxiv.org/abs/2509.13332" rel="alternate" type="text/html"/>
  <summary>arXiv:2509.13332v1 Announce Type: new
Abstract: We count $a &lt; b$ small things.</summary>
  <category term="cs.LG"/><category term="stat.ML"/>
  <published>2025-09-18T00:00:00-04:00</published>
  <arxiv:announce_type>new</arxiv:announce_type>
  <dc:creator>Ada Lovelace, Alan Turing</dc:creator></entry></feed>"""
RDF = """<?xml version="1.0" encoding="UTF-8"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="http://arxiv.org/"><title>hep-ex updates on arXiv.org</title>
<dc:date>2018-05-23T20:30:00-05:00</dc:date></channel>
<item rdf:about="http://arxiv.org/abs/1805.08875">
<title>Small Things (and Others). (arXiv:1805.08875v1 [hep-ex])</title>
<link>http://arxiv.org/abs/1805.08875</link>
<description rdf:parseType="Literal">&lt;p&gt;We count $a&amp;lt;b$ small
things.
&lt;/p&gt;</description>
<dc:creator> &lt;a href="http://arxiv.org/find/x"&gt;Ada Lovelace&lt;/a&gt; (SMALL
Collaboration), &lt;a href="http://arxiv.org/find/y"&gt;Alan Turing&lt;/a&gt;</dc:creator>
</item>
<item rdf:about="http://arxiv.org/abs/hep-th/9901001">
<title>Is It Small? (arXiv:hep-th/9901001v3 [nucl-th] UPDATED)</title>
<link>http://arxiv.org/abs/hep-th/9901001</link>
<description>x</description><dc:creator>A. Roe</dc:creator></item>
</rdf:RDF>"""


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
