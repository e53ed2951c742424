"""Mirrors of the daily list as RSS, Atom and JSON Feed, each with its own habits."""

import html
from datetime import datetime
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.samples.rss import ABSTRACT, FEED, HEADED, LABELLED, MARKED, item, rss
from tests.transforms.parse.judged import (
    FEWER,
    assert_is_sound,
    assert_nothing_is_lost,
    damaged,
    judge,
)
from transforms.errors import MarkupError
from transforms.letters import announced_with
from transforms.parse.entry import Context, Parsed
from transforms.parse.formats.rss import is_rss, parse
from transforms.parse.readers.markup import read_xml
from transforms.text import clean_abstracts

MACHINE_FIRST = (
    "<p><strong>Summary:</strong> A machine says: small.</p>"
    f"<p><strong>Abstract:</strong> {html.escape(ABSTRACT)}</p>"
    "<p><strong>Keywords:</strong> counting, small things</p>"
    "<p><strong>Upvotes:</strong> 7</p>"
    '<p><strong>Code:</strong> <a href="https://github.com/x/y">https://github.com/x/y</a></p>'
    "<p><strong>Authors:</strong> Ada Lovelace, Alan Turing +3 more</p>"
)


def announced_facts(abstract: str | None) -> tuple[str, str, str]:
    """Return version, announce type and the author's own words of an abstract as it was parsed."""
    shown = pl.DataFrame({"abstract": [abstract]})
    version_of_text, type_of_text = announced_with(pl.col("abstract"))
    version, announced = shown.select(version=version_of_text, announced=type_of_text).row(0)
    (bare,) = clean_abstracts(shown["abstract"])
    return version, announced, bare


def take(text: str) -> Parsed:
    """Parse a feed in XML."""
    reply = read_xml(text.encode())
    assert is_rss(reply)
    return parse(reply, Context())


@pytest.mark.parametrize("body", [LABELLED, MACHINE_FIRST, HEADED, MARKED, html.escape(ABSTRACT)])
@pytest.mark.parametrize("form", ["escaped", "cdata"])
def test_the_abstract_is_the_papers_own_words_in_every_form(body: str, form: str) -> None:
    shown = html.escape(body) if form == "escaped" else f"<![CDATA[{body}]]>"
    (entry,) = judge(take(rss(item(shown)))).accepted
    assert entry["source_id"] == "arxiv:2605.13857"
    assert entry["title"] == "Small Things and Others"
    assert entry["abstract"] == ABSTRACT


def test_votes_authors_and_links_are_read_out_of_html() -> None:
    parsed = take(rss(item(html.escape(LABELLED)), item(html.escape(MACHINE_FIRST), 13858)))
    first, second = judge(parsed).accepted
    assert (first["votes"], first["authors"]) == (1200, ["Ada Lovelace", "Alan Turing"])
    assert (second["votes"], second["github_url"]) == (7, "https://github.com/x/y")
    assert second["keywords"] == ["counting", "small things"]
    assert first["listed_at"] == datetime.fromisoformat("2026-04-08T00:00:00")


def test_authors_that_are_not_all_of_them_are_none() -> None:
    judged = judge(take(rss(item(html.escape(MACHINE_FIRST)))))
    assert judged.column("authors") == [None]
    assert [(issue["field"], issue["rule"]) for issue in judged.issues] == [
        ("authors", "incomplete")
    ]


def test_the_feed_says_when_it_was_built_and_never_which_days_list_it_is() -> None:
    parsed = take(rss(item("x")))
    assert parsed.captured_at == datetime.fromisoformat("2026-05-30T00:21:29")
    assert (parsed.feed_date, parsed.has_next) == (None, None)


def test_labels_within_a_plain_abstract_stay_in_it() -> None:
    (entry,) = judge(
        take(rss(item("We count.\nCode: https://github.com/x/y\nComments: welcome")))
    ).accepted
    assert entry["abstract"] == "We count. Code: https://github.com/x/y Comments: welcome"
    assert (entry["github_url"], entry["comments"]) == (None, None)


def test_a_machines_summary_alone_is_no_abstract() -> None:
    body = html.escape("<h3>AI summary</h3><p>Small.</p><p>👍 12</p>")
    (entry,) = judge(take(rss(item(body)))).accepted
    assert (entry["abstract"], entry["votes"]) == (None, 12)


def test_votes_that_are_no_number_are_an_issue() -> None:
    judged = judge(take(rss(item(html.escape("<p>Upvotes: many</p><p>Words.</p>")))))
    assert judged.column("votes") == [None]
    assert [(issue["field"], issue["rule"]) for issue in judged.issues] == [("votes", "type")]


def test_creators_and_addresses_are_authors() -> None:
    extra = "<dc:creator>Ada Lovelace, Alan Turing</dc:creator>"
    extra += "<category>cs.LG</category><category>AI</category>"
    (entry,) = judge(take(rss(item("x", extra=extra)))).accepted
    assert entry["authors"] == ["Ada Lovelace", "Alan Turing"]
    assert entry["categories"] == ["cs.LG"]
    extra = "<author>ada@x.example (Ada Lovelace)</author><upvotes>12</upvotes><comments>http://x</comments>"
    (entry,) = judge(take(rss(item("x", extra=extra)))).accepted
    assert (entry["authors"], entry["votes"], entry["comments"]) == (["Ada Lovelace"], 12, None)


def test_items_without_an_id_or_with_two_are_rejected() -> None:
    elsewhere = "<item><title>News</title><link>https://x.example/news</link></item>"
    two = item("x").replace("papers/2605.13857", "papers/2605.99999")
    judged = judge(take(rss(elsewhere, two)))
    assert judged.reasons() == [("source_id", "required"), ("source_id", "ambiguous")]
    assert judge(take(rss(elsewhere)), "arxiv-optional").column("title") == ["News"]


def test_a_title_with_a_lone_ampersand_is_read() -> None:
    parsed = take(rss(item("x").replace("and Others", "& Others")))
    assert judge(parsed).column("title") == ["Small Things & Others"]


ABSTRACT_LAST = [
    f"<p>👍 12</p><p><b>Authors:</b> Ada Lovelace</p><p>{html.escape(ABSTRACT)}</p>",
    f"<p><b>Published:</b> today</p><p>{html.escape(ABSTRACT)}</p><p>⬆️ 12 upvotes | 💬 3</p>",
    (
        f"<p><a href='x'>arXiv</a> | <a href='y'>PDF</a></p><p>{html.escape(ABSTRACT)}</p>"
        "<p>Upvotes: 👍 12</p><p><a href='z'>Read more →</a></p>"
    ),
]


@pytest.mark.parametrize("body", ABSTRACT_LAST)
def test_what_has_no_label_is_the_abstract_wherever_it_stands(body: str) -> None:
    (entry,) = judge(take(rss(item(html.escape(body))))).accepted
    assert (entry["abstract"], entry["votes"]) == (ABSTRACT, 12)


def test_descriptions_of_elements_and_titles_of_html_are_read() -> None:
    text = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>Daily Papers</title><entry>'
        '<title type="html">Small &lt;i&gt;Things&lt;/i&gt;</title>'
        '<link href="https://huggingface.co/papers/2605.13857"/><content type="xhtml">'
        '<h:div xmlns:h="http://www.w3.org/1999/xhtml"><h:p>We count a &lt; b.</h:p>'
        "<h:p>Upvotes: 8</h:p></h:div></content></entry></feed>"
    )
    (entry,) = judge(take(text)).accepted
    assert (entry["title"], entry["abstract"]) == ("Small Things", "We count a < b.")
    assert entry["votes"] == 8


def test_an_atom_mirror_is_read_like_an_rss_one() -> None:
    text = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>Daily Papers</title>'
        "<updated>2026-05-30T00:21:29Z</updated><entry><title>Small Things</title>"
        '<id>tag:x.example,2026:1</id><link href="https://huggingface.co/papers/2605.13857"/>'
        f'<content type="html">{html.escape(LABELLED)}</content><author><name>Ada</name></author>'
        "<published>2026-04-08T00:00:00Z</published></entry></feed>"
    )
    (entry,) = judge(take(text)).accepted
    assert (entry["source_id"], entry["votes"]) == ("arxiv:2605.13857", 1200)
    assert (entry["abstract"], entry["authors"]) == (ABSTRACT, ["Ada"])


def test_a_json_feed_is_read_like_an_rss_one() -> None:
    assert is_rss(FEED)
    parsed = parse({**FEED, "next_url": "https://x.example/2"}, Context())
    (entry,) = judge(parsed).accepted
    assert (entry["source_id"], entry["votes"], entry["comments"]) == ("arxiv:2605.13857", 7, 2)
    assert (entry["abstract"], entry["title"]) == (ABSTRACT, "Small Things and Others")
    assert entry["authors"] == ["Ada Lovelace", "Alan Turing"]
    assert entry["listed_at"] == datetime.fromisoformat("2026-05-29T07:55:47")
    assert parsed.has_next is True


NAMED = ["Ada Example", "Ben Sample"]


@pytest.mark.parametrize(
    "body",
    [
        "Ada Example, Ben Sample — We count small things.",
        "Ada Example and Ben Sample \u2013 We count small things.",
        "Authors: Ada Example, Ben Sample. Abstract: We count small things.",
        "<p>By Ada Example, Ben Sample</p><p>We count small things.</p>",
        "<p>Upvotes: 3 | Authors: Ada Example and Ben Sample</p><p>We count small things.</p>",
    ],
)
def test_authors_before_an_abstract_are_no_part_of_it(body: str) -> None:
    (entry,) = parse(read_xml(rss(item(html.escape(body))).encode()), Context()).entries
    assert (entry.authors, entry.abstract) == (NAMED, "We count small things.")


@pytest.mark.parametrize("break_", [" ", "\n"])
def test_what_arxiv_writes_before_an_abstract_is_kept_for_its_facts(break_: str) -> None:
    body = f"arXiv:2506.13857v2 Announce Type: replace{break_}Abstract: We count small things."
    (entry,) = parse(read_xml(rss(item(body)).encode()), Context()).entries
    assert announced_facts(entry.abstract) == ("2", "replace", "We count small things.")


def test_one_name_before_a_dash_counts_where_the_feed_shows_several_elsewhere() -> None:
    bodies = ["Ada Example, Ben Sample — We count.", "Ada Example — We count.", "We — us — count."]
    text = rss(*(item(body, 13857 + n) for n, body in enumerate(bodies)))
    shown = [(e.authors, e.abstract) for e in parse(read_xml(text.encode()), Context()).entries]
    assert shown == [
        (NAMED, "We count."),
        (["Ada Example"], "We count."),
        (None, "We — us — count."),
    ]
    (alone,) = parse(read_xml(rss(item(bodies[1])).encode()), Context()).entries
    assert (alone.authors, alone.abstract) == (None, bodies[1])


def test_what_is_no_item_is_rejected_with_its_source() -> None:
    judged = judge(parse({**FEED, "items": [7, *FEED["items"]]}, Context()))
    assert judged.reasons() == [("entry", "shape")]
    assert judged.rejected[0]["payload"] == "7"
    assert judged.column("position") == [1]


def test_other_documents_are_not_taken_for_feeds() -> None:
    assert not is_rss({"version": "2.0", "items": []})
    assert not is_rss({"version": "https://jsonfeed.org/version/1", "items": {}})
    assert not is_rss(read_xml(b"<html/>"))


@pytest.mark.slow
@FEWER
@given(
    st.lists(st.tuples(st.integers(0, 1_800), st.integers(0, 60), st.text(max_size=20)), max_size=4)
)
def test_a_damaged_feed_is_refused_or_loses_nothing(cuts: list[tuple[int, int, str]]) -> None:
    text = damaged(rss(item(html.escape(LABELLED)), item(f"<![CDATA[{HEADED}]]>", 13858)), cuts)
    try:
        reply = read_xml(text.encode("utf-8", "replace"))
    except MarkupError:
        return
    if is_rss(reply):
        assert_nothing_is_lost(parse(reply, Context()))


LINES = [
    "<p>Abstract:",
    "Upvotes: 3",
    "Summary",
    "</p>",
    "👍 7",
    "text",
    "&lt;b&gt;",
    "AI summary",
    " | ",
]


@given(st.lists(st.sampled_from(LINES) | st.text(max_size=10), max_size=12))
def test_any_description_is_read(lines: list[str]) -> None:
    items = [{**FEED["items"][0], "content_html": "\n".join(lines)}]
    assert_is_sound(parse({**FEED, "items": items}, Context()))


VALUES = (
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text(max_size=9)
)


@given(
    st.dictionaries(
        st.sampled_from(list(FEED["items"][0])),
        VALUES | st.lists(VALUES, max_size=2) | st.dictionaries(st.just("upvotes"), VALUES),
    )
)
def test_items_of_any_types_are_read(found: dict[str, Any]) -> None:
    assert_is_sound(parse({**FEED, "items": [found]}, Context()))


def test_a_feed_of_one_error_keeps_its_cause() -> None:
    entry = "<entry><title>Error</title><summary>incorrect id for 1</summary></entry>"
    body = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title>{entry}</feed>'
    parsed = parse(read_xml(body.encode()), Context())
    assert parsed.envelope_error == "an error instead of a list: Error: incorrect id for 1"
