"""What RSS 2.0, RSS 1.0 (RDF), Atom and JSON Feed have in common: a channel with items."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from transforms.parse.readers.markup import (
    LONGEST_TEXT,
    Reply,
    children,
    name_of,
    plain_text,
    records,
    source_of,
    text_of,
    texts_of,
)

_ROOTS = ("rss", "rdf:RDF", "feed")
_ITEMS = ("item", "entry")
_PREFIX = re.compile(r"(</?)[\w-]{1,20}:")


@dataclass(frozen=True)
class Item:
    """One item, its values as they stand; None or empty is "not there"."""

    source: Any
    title: str | None = None
    identifiers: list[str] = field(default_factory=list)
    """Link, guid and whatever else may name the paper."""
    bodies: list[str] = field(default_factory=list)
    """Descriptions, possibly HTML, the fullest first."""
    authors: list[str] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)
    listed_at: str | None = None
    announce_type: str | None = None
    author_comment: str | None = None
    journal_ref: str | None = None
    rights: str | None = None
    """The licence."""
    numbers: dict[str, Any] = field(default_factory=dict)
    """Fields of an extension that counts something."""


@dataclass(frozen=True)
class Channel:
    """What a feed says of itself."""

    title: str = ""
    links: list[str] = field(default_factory=list)
    """Where the feed says that it comes from: its link and, in Atom, its id."""
    built_at: str | None = None
    published_at: str | None = None
    has_next: bool | None = None
    description: str = ""
    """In Atom, its subtitle."""


def is_syndication(document: object) -> bool:
    """Tell whether a document is a feed in one of these formats."""
    if isinstance(document, Reply):
        return name_of(document.root) in _ROOTS
    return (
        isinstance(document, dict)
        and str(document.get("version")).startswith("https://jsonfeed.org/version/")
        and isinstance(document.get("items"), list)
    )


def read_channel(document: Any) -> Channel:
    """Return what a feed says of itself."""
    if not isinstance(document, Reply):
        return Channel(
            str(document.get("title") or ""), [], has_next=bool(document.get("next_url"))
        )
    head = children(_holder(document.root))
    if name_of(document.root) == "rdf:RDF":
        head = children(next(iter(children(document.root).get("channel", [])), document.root))
    return Channel(
        text_of(head.get("title")) or "",
        [text for e in (*head.get("link", []), *head.get("id", [])) if (text := _link(e))],
        text_of(head.get("lastBuildDate") or head.get("updated")),
        text_of(head.get("pubDate") or head.get("dc:date")),
        any(link.get("rel") == "next" for link in head.get("link", [])) or None,
        text_of(head.get("description") or head.get("subtitle")) or "",
    )


def read_items(document: Any) -> Iterator[Item | Any]:
    """Yield the items in order; what is no item (JSON Feed only) as it stands."""
    if isinstance(document, Reply):
        return map(_xml_item, records(_holder(document.root), *_ITEMS))
    return (_json_item(item) if isinstance(item, dict) else item for item in document["items"])


def _holder(root: Any) -> Any:
    """Return the element that the items stand in."""
    return next(iter(children(root).get("channel", [])), root) if name_of(root) == "rss" else root


def _xml_item(element: Any) -> Item:
    shown = children(element)
    links = [text for link in shown.get("link", []) if (text := _link(link))]
    names = ("guid", "id", "dc:identifier", "arxivAbs", "arxivPdf")
    bodies = ("content:encoded", "content", "abstractFull", "description", "summary")
    authors = [*shown.get("dc:creator", []), *shown.get("author", [])]
    dates = ("pubDate", "published", "dc:date", "updated")
    return Item(
        source_of(element),
        _title(shown.get("title", [])),
        [*links, *(text for name in names for text in texts_of(shown.get(name)))],
        [text for name in bodies for body in shown.get(name, []) if (text := _body(body))],
        [name for author in authors if (name := _author(author))],
        [
            code
            for category in shown.get("category", [])
            if (code := category.get("term") or text_of([category]))
        ],
        next((text for name in dates if (text := text_of(shown.get(name)))), None),
        text_of(shown.get("arxiv:announce_type")),
        text_of(shown.get("arxiv:comment")),
        text_of(shown.get("arxiv:journal_reference") or shown.get("arxiv:journal_ref")),
        text_of(shown.get("dc:rights") or shown.get("rights")),
        {name.removeprefix("other:"): text_of(found) for name, found in shown.items()},
    )


def _title(titles: list[Any]) -> str | None:
    """Return a title; where Atom says that it is HTML, as text."""
    text = text_of(titles)
    is_html = bool(titles) and titles[0].get("type") == "html"
    return plain_text(text) if text and is_html else text


def _body(body: Any) -> str | None:
    """Return a description; what stands there as elements, not as text, as HTML."""
    if len(body) == 0:
        return text_of([body])
    text_of([body])  # which refuses one that is too long
    source = source_of(body)
    inner = source[source.index(">") + 1 : source.rindex("</")]
    return _PREFIX.sub(r"\1", inner).strip() or None


def _link(link: Any) -> str | None:
    href = link.get("href")
    return text_of([link]) or (href.strip() if href and link.get("rel") != "self" else None)


def _author(author: Any) -> str | None:
    """Return a name; RSS has it in brackets behind an address."""
    name = text_of(children(author).get("name")) or text_of([author])
    if name and "@" in name and name.endswith(")"):
        return name.partition("(")[2][:-1].strip()
    return name


def _json_item(item: dict[str, Any]) -> Item:
    def texts(*names: str) -> list[str]:
        return [
            text[:LONGEST_TEXT]
            for name in names
            if isinstance(text := item.get(name), str) and text.strip()
        ]

    authors = item.get("authors")
    authors = authors if isinstance(authors, list) else [item.get("author")]
    named = [author.get("name") if isinstance(author, dict) else author for author in authors]
    extensions = [item[name] for name in item if name[:1] == "_" and isinstance(item[name], dict)]
    tags = item.get("tags")
    return Item(
        item,
        next(iter(texts("title")), None),
        texts("url", "external_url", "id"),
        texts("content_html", "content_text", "summary"),
        [name for name in named if isinstance(name, str) and name.strip()],
        [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else [],
        next(iter(texts("date_published", "date_modified")), None),
        numbers={name: value for source in (*extensions, item) for name, value in source.items()},
    )
