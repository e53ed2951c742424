"""Answers of the arXiv API: Atom, bare or recorded as JSON (``url``, ``status_code``, ``body``)."""

from typing import Any

from transforms.parse.entry import Context, Entry, Misfit, Parsed
from transforms.parse.formats.base import Format, where
from transforms.parse.readers.field_values import looked_at
from transforms.parse.readers.fields import Reader
from transforms.parse.readers.limits import bounded
from transforms.parse.readers.markup import (
    Reply,
    children,
    name_of,
    records,
    source_of,
    text_of,
    texts_of,
)

_ERROR = "/api/errors"
_KNOWN = {
    "id", "title", "summary", "author", "category", "published", "updated", "link",
    "arxiv:primary_category", "arxiv:comment", "arxiv:doi", "arxiv:journal_ref",
    "arxiv:affiliation", "rights", "dc:rights",
}  # fmt: skip


def is_atom(reply: Reply) -> bool:
    """Tell whether a document is an answer of the arXiv API."""
    if name_of(reply.root) not in ("feed", "entry"):
        return False
    feed = children(reply.root)
    if "opensearch:totalResults" in feed or "arxiv.org/api" in (text_of(feed.get("id")) or ""):
        return True
    entries = feed.get("entry", [reply.root])[:1]
    return any("/arxiv.org/abs/" in (text_of(children(e).get("id")) or "") for e in entries)


def parse(reply: Reply, context: Context) -> Parsed:
    """Read one answer. An error entry is no paper: it is told as such, and holds the capture."""
    parsed = Parsed()
    feed = children(reply.root)
    is_bare = name_of(reply.root) == "entry"
    found = [reply.root] if is_bare else records(reply.root, "entry")
    for position, entry in enumerate(bounded(found, parsed)):
        parsed.payloads.append(source_of(entry))
        read = Reader(position, parsed.misfits, context.link_hosts)
        parsed.entries.append(_entry(children(entry), read, parsed))
    if reply.status_code is not None and reply.status_code >= 400 and not parsed.envelope_error:
        parsed.envelope_error = f"the API answered with status {reply.status_code}"
    if not is_bare:
        parsed.captured_at, parsed.captured_after = looked_at(text_of(feed.get("updated")))
    _count(parsed, feed)
    return parsed


def _entry(shown: dict[str, list[Any]], read: Reader, parsed: Parsed) -> Entry:
    position = read.position
    link = text_of(shown.get("id"))
    abstract = text_of(shown.get("summary"))
    if link and _ERROR in link:
        reason = f"the API answered with an error: {abstract or 'without a reason'}"[:200]
        parsed.envelope_error = reason
        parsed.misfits.append(Misfit(position, "entry", "api_error", reason, link[:200]))
        return Entry(position)
    parsed.unknown_fields.update(shown.keys() - _KNOWN)
    return Entry(
        position,
        read.identifier([link]) or link,
        text_of(shown.get("title")),
        abstract,
        read.names("authors", _names(shown.get("author", []))),
        published_at=read.time("published_at", text_of(shown.get("published"))),
        categories=_categories(shown),
        author_comment=text_of(shown.get("arxiv:comment")),
        journal_ref=text_of(shown.get("arxiv:journal_ref")),
        licence=text_of(shown.get("rights") or shown.get("dc:rights")),
    )


def _names(authors: list[Any]) -> list[str] | None:
    names = [text_of(children(author).get("name")) for author in authors]
    return [name for name in names if name] or None


def _categories(shown: dict[str, list[Any]]) -> list[str] | None:
    """Return the codes, the primary one first."""
    elements = [*shown.get("arxiv:primary_category", []), *shown.get("category", [])]
    return list(dict.fromkeys(code for e in elements if (code := e.get("term")))) or None


def _count(parsed: Parsed, feed: dict[str, list[Any]]) -> None:
    """Tell what the answer says of its place among all results."""
    total, start, per_page = (
        _number(feed.get(f"opensearch:{name}"))
        for name in ("totalResults", "startIndex", "itemsPerPage")
    )
    if total is None or start is None:
        return
    seen = len(parsed.entries)
    parsed.has_next = start + seen < total
    if per_page is not None:
        # the API is known to answer 200 with fewer entries than there are, even with none
        parsed.is_cut = seen < min(per_page, total - start)


def _number(elements: list[Any] | None) -> int | None:
    texts = texts_of(elements)
    return int(texts[0]) if texts and texts[0].isascii() and texts[0][:12].isdigit() else None


FORMAT = Format(
    name="atom",
    parser_version="atom/5",
    feed_id="arxiv-search",
    parse=parse,
    from_xml=where(is_atom),
)
