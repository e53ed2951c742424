"""Atom (RFC 4287), written with lxml: the library for it, feedgen, had its last release in 2023."""

import re

from lxml import etree

from flows.out.feed_values import Channel, Item, say_instant, say_updated
from warehouse.visible import visible

_ATOM = "http://www.w3.org/2005/Atom"
_NOT_IN_XML = re.compile("[\ufffe\uffff]")
"""What XML 1.0 cannot hold and ``visible`` leaves."""


def write_atom(channel: Channel) -> bytes:
    """Return the feed as a document of XML."""
    root = etree.Element(f"{{{_ATOM}}}feed", nsmap={None: _ATOM})
    _add(root, "id", channel.channel_id)
    _add(root, "title", channel.title)
    _add(root, "subtitle", channel.subtitle)
    newest = max(map(say_updated, channel.items), default=say_instant(channel.updated_at))
    _add(root, "updated", newest)
    _add(_add(root, "author"), "name", "paperstrata")
    _add(root, "generator", "paperstrata")
    if own := channel.address(".xml"):
        _add(root, "link", rel="self", type="application/atom+xml", href=own)
        _add(root, "link", rel="alternate", type="text/html", href=channel.site_address)
    for item in channel.items:
        _add_entry(root, item)
    body: bytes = etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)
    return body


def _add_entry(root: etree._Element, item: Item) -> None:
    entry = _add(root, "entry")
    _add(entry, "id", item.item_id)
    _add(entry, "title", item.title)
    _add(entry, "updated", say_updated(item))
    _add(entry, "published", say_instant(item.published_at))
    if item.url:
        _add(entry, "link", rel="alternate", href=item.url)
    for tag in item.tags:
        _add(entry, "category", term=tag)
    _add(entry, "content", str(item.content), type="html")


def _add(
    parent: etree._Element, name: str, text: str | None = None, **values: str
) -> etree._Element:
    element = etree.SubElement(parent, f"{{{_ATOM}}}{name}", values)
    if text is not None:
        element.text = _NOT_IN_XML.sub("\ufffd", visible(text))
    return element
