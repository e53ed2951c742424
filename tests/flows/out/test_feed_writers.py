"""Atom and JSON Feed: valid whatever a title holds, with addresses where a site is served."""

from dataclasses import replace
from datetime import datetime

import pytest
from lxml import etree
from markupsafe import Markup

from flows.out.atom import write_atom
from flows.out.feed_values import Channel, Item
from flows.out.json_feed import write_json_feed
from tests.flows.out.schemas import assert_atom, assert_json_feed

AT = datetime.fromisoformat("2026-03-02T06:15:00")
HOSTILE = "]]><entry/>&lt;b> \x00\x1b[31m\ufffe\ud800 \u202e<script>alert(1)</script>"
ITEM = Item("tag:example.org,2026:a/b", HOSTILE, Markup("<p>{}</p>").format(HOSTILE), AT, AT)


@pytest.mark.parametrize("site", ["", "https://papers.example.org/"])
@pytest.mark.parametrize("items", [(), (ITEM,)])
def test_feeds_are_valid_with_any_title_and_with_no_entry(
    items: tuple[Item, ...], site: str
) -> None:
    channel = Channel("rising", "tag:example.org,2026:feed", HOSTILE, "what", AT, items, site)
    atom = assert_atom(write_atom(channel))
    feed = assert_json_feed(write_json_feed(channel))
    links = atom.xpath("*[local-name() = 'link' and @rel = 'self']/@href")
    assert links == ([f"{site}feeds/rising.xml"] if site else [])
    assert feed.get("feed_url") == (f"{site}feeds/rising.json" if site else None)
    assert len(atom.xpath("*[local-name() = 'entry']")) == len(items)
    # a title is text: no element of its own, and nothing that steers
    titles = atom.xpath("//*[local-name() = 'title']")
    assert all(not len(title) and title.text.isprintable() for title in titles)


def test_entries_of_one_publication_are_updated_at_instants_of_their_own() -> None:
    items = tuple(replace(ITEM, item_id=f"tag:example.org,2026:{n}") for n in range(50))
    channel = Channel("rising", "tag:example.org,2026:feed", "x", "x", AT, items)
    atom = assert_atom(write_atom(channel))
    feed = assert_json_feed(write_json_feed(channel))
    updated = atom.xpath("*[local-name() = 'entry']/*[local-name() = 'updated']/text()")
    assert len(set(updated)) == len(items)
    assert {one[:20] for one in updated} == {"2026-03-02T06:15:00."}
    assert updated == [one["date_modified"] for one in feed["items"]]
    assert atom.xpath("string(*[local-name() = 'updated'])") == max(updated)


def test_the_grammar_knows_a_feed_without_an_instant() -> None:
    body = write_atom(Channel("x", "tag:example.org,2026:feed", "x", "x", AT, (ITEM,)))
    with pytest.raises(etree.DocumentInvalid):
        assert_atom(body.replace(b"<published>2026-03-02T06:15:00Z", b"<published>2026-03-02"))
