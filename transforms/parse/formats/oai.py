"""OAI-PMH records: oai_dc, arXiv and arXivRaw, in a ListRecords or GetRecord reply or bare; of a
ListIdentifiers reply the deletions.

A deleted record is no paper: it is noted as an issue at its place on the page, with its identifier
and, behind a space, the datestamp of its deletion.
"""

import re
from collections.abc import Iterable
from itertools import chain
from typing import Any

from transforms.parse.entry import Context, Entry, Misfit, Parsed
from transforms.parse.formats.base import Format, where
from transforms.parse.readers.arxiv_ids import base_id, categories, doi_id, is_arxiv_link
from transforms.parse.readers.field_values import iso_date, looked_at, state_in_words
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
from transforms.parse.readers.names import forename_first

_METADATA = ("oai_dc:dc", "arXiv", "arXivRaw")
_LISTS = ("ListRecords", "GetRecord", "ListIdentifiers")
_ROOTS = ("OAI-PMH", "record", *_LISTS, *_METADATA)
_NAME = ("forenames", "keyname", "suffix")
_COMMENT = re.compile(r"Comments?:\s*", re.IGNORECASE)
_DOI = re.compile(r"doi:|10\.\d{4}|[a-z]{2,5}:\S", re.IGNORECASE)
"""How an identifier begins that is no reference to a journal."""
_NO_SIZE = re.compile(r"0\s?(?:[kK]?[bB])?")
_WORD = re.compile(r"[A-Za-z]{2}")
_SUBJECT = re.compile(r"[a-z]{3}")
_KNOWN = {
    "oai_dc:dc": {
        "dc:title", "dc:creator", "dc:subject", "dc:description", "dc:date", "dc:type",
        "dc:identifier", "dc:rights", "dc:language", "dc:publisher", "dc:format", "dc:relation",
    },
    "arXiv": {
        "id", "created", "updated", "authors", "title", "categories", "comments", "proxy",
        "report-no", "msc-class", "acm-class", "journal-ref", "doi", "license", "abstract",
    },
    "arXivRaw": {
        "id", "submitter", "version", "title", "authors", "categories", "comments", "proxy",
        "report-no", "msc-class", "acm-class", "journal-ref", "doi", "license", "abstract",
    },
}  # fmt: skip


def is_oai(reply: Reply) -> bool:
    """Tell whether a document is an OAI-PMH reply or one of its records."""
    return name_of(reply.root) in _ROOTS


def parse(reply: Reply, context: Context) -> Parsed:
    """Read one reply. Only the newest version of a paper is in it; its text is that version's."""
    root = reply.root
    parsed = Parsed()
    envelope = children(root)
    parsed.captured_at, parsed.captured_after = looked_at(text_of(envelope.get("responseDate")))
    if name_of(root) in ("record", *_METADATA):
        _read_records([root], parsed, context)
        return parsed
    lists = [root] if name_of(root) in _LISTS else [e for n in _LISTS for e in envelope.get(n, [])]
    found = chain.from_iterable(records(holder, "record", "header") for holder in lists)
    _read_records(found, parsed, context)
    if lists:
        parsed.has_next = any(texts_of(children(e).get("resumptionToken")) for e in lists)
    else:
        _read_error(envelope, parsed)
    return parsed


def _read_error(envelope: dict[str, list[Any]], parsed: Parsed) -> None:
    error = next(iter(envelope.get("error", [])), None)
    if error is None:
        parsed.envelope_error = f"an OAI-PMH reply without records: {', '.join(envelope)[:100]}"
    elif error.get("code") == "noRecordsMatch":
        parsed.has_next = False
    else:
        parsed.envelope_error = f"{error.get('code')}: {text_of([error]) or ''}"[:200]


def _read_records(found: Any, parsed: Parsed, context: Context) -> None:
    for position, record in enumerate(bounded(found, parsed)):
        parsed.payloads.append(source_of(record))
        is_header = name_of(record) == "header"
        shown = children(record)
        header = record if is_header else next(iter(shown.get("header", [])), None)
        if header is not None and header.get("status") == "deleted":
            head = children(header)
            said = (text_of(head.get(name)) for name in ("identifier", "datestamp"))
            reason = "the source says that this record is deleted"
            misfit = Misfit(position, "record", "deleted", reason, " ".join(filter(None, said)))
            parsed.misfits.append(misfit)
            continue
        if is_header:
            # a list of identifiers shows no papers, but which of them are deleted
            continue
        read = Reader(position, parsed.misfits, context.link_hosts)
        parsed.entries.append(_entry(read, record, shown, header, parsed))


def _entry(
    read: Reader, record: Any, shown: dict[str, list[Any]], header: Any, parsed: Parsed
) -> Entry:
    is_bare = name_of(record) in _METADATA
    held = (one for holder in shown.get("metadata", []) for one in records(holder, *_METADATA))
    metadata = record if is_bare else next(held, None)
    if metadata is None:
        reason = "the record holds no metadata in oai_dc, arXiv or arXivRaw"
        parsed.misfits.append(Misfit(read.position, "entry", "shape", reason, None))
        return Entry(read.position)
    kind, said = name_of(metadata), children(metadata)
    parsed.unknown_fields.update(said.keys() - _KNOWN[kind])
    head = children(header) if header is not None else {}
    of_kind = {"oai_dc:dc": _dublin_core, "arXiv": _arxiv, "arXivRaw": _arxiv_raw}[kind]
    return of_kind(read, said, head)


def _dublin_core(read: Reader, said: dict[str, list[Any]], head: dict[str, list[Any]]) -> Entry:
    identifiers = texts_of(said.get("dc:identifier"))
    links = [text for text in identifiers if is_arxiv_link(text)]
    others = (text for text in identifiers if not _DOI.match(text) and not is_arxiv_link(text))
    descriptions = texts_of(said.get("dc:description"))
    comments = (_COMMENT.sub("", text, 1) for text in descriptions if _COMMENT.match(text))
    dates = [iso_date(text) for text in texts_of(said.get("dc:date"))]
    # classes of mathematics (05C80) and computing (I.2.7) stand among the subjects
    subjects = [text for text in texts_of(said.get("dc:subject")) if _SUBJECT.search(text)]
    return Entry(
        read.position,
        _identifier(read, head, links, filter(doi_id, identifiers)),
        text_of(said.get("dc:title")),
        next((text for text in descriptions if not _COMMENT.match(text)), None),
        read.names("authors", list(map(forename_first, texts_of(said.get("dc:creator")))) or None),
        published_date=min(filter(None, dates), default=None),
        keywords=subjects or None,
        categories=_set_categories(head),
        author_comment=next(comments, None),
        journal_ref=next((text for text in others if _WORD.search(text)), None),
        licence=text_of(said.get("dc:rights")),
    )


def _arxiv(read: Reader, said: dict[str, list[Any]], head: dict[str, list[Any]]) -> Entry:
    authors = [children(a) for holder in said.get("authors", []) for a in records(holder, "author")]
    names = [" ".join(filter(None, (text_of(a.get(part)) for part in _NAME))) for a in authors]
    codes = text_of(said.get("categories"))
    return Entry(
        read.position,
        _identifier(read, head, texts_of(said.get("id"))),
        text_of(said.get("title")),
        text_of(said.get("abstract")),
        read.names("authors", [name for name in names if name] or None),
        published_date=read.day("published_date", text_of(said.get("created"))),
        categories=categories(codes) if codes else None,
        author_comment=text_of(said.get("comments")),
        journal_ref=text_of(said.get("journal-ref")),
        licence=text_of(said.get("license")),
        is_withdrawn=True if any(map(_is_marked_withdrawn, said.get("version", []))) else None,
    )


def _arxiv_raw(read: Reader, said: dict[str, list[Any]], head: dict[str, list[Any]]) -> Entry:
    shown = {
        number: version
        for version in said.get("version", [])
        if (number := _version_number(version.get("version")))
    }
    versions = {number: text_of(children(one).get("date")) for number, one in shown.items()}
    is_withdrawn = bool(shown) and _is_marked_withdrawn(shown[max(shown)])
    identifier = _identifier(read, head, texts_of(said.get("id")))
    if identifier and versions:
        identifier = f"{base_id(identifier)}v{max(versions)}"
    names, codes = text_of(said.get("authors")), text_of(said.get("categories"))
    return Entry(
        read.position,
        identifier,
        text_of(said.get("title")),
        text_of(said.get("abstract")),
        read.names("authors", names),
        published_at=read.time("published_at", versions.get(1)),
        submitter=text_of(said.get("submitter")),
        categories=categories(codes) if codes else None,
        author_comment=text_of(said.get("comments")),
        journal_ref=text_of(said.get("journal-ref")),
        licence=text_of(said.get("license")),
        withdrawn_at=read.time("withdrawn_at", versions[max(versions)]) if is_withdrawn else None,
        is_withdrawn=True if is_withdrawn else None,
    )


def _is_marked_withdrawn(version: Any) -> bool:
    """Tell whether a version is marked as withdrawn: in so many words, by the source type I (there
    is no paper) or by a size of nothing.
    """
    inside = children(version)
    marks = [*version.attrib.values(), *(text_of(found) or "" for found in inside.values())]
    return (
        any(map(state_in_words, marks))
        or "I" in (text_of(inside.get("source_type")) or "")
        or _NO_SIZE.fullmatch(text_of(inside.get("size")) or "") is not None
    )


def _identifier(
    read: Reader, head: dict[str, list[Any]], others: list[str], dois: Iterable[str] = ()
) -> str | None:
    """Return the arXiv id that the texts agree in, else the DOI, else the identifier as it is."""
    texts = [*texts_of(head.get("identifier")), *others]
    noted = len(read.misfits)
    found = read.identifier(texts)
    is_ambiguous = len(read.misfits) > noted
    if found or is_ambiguous:
        return found
    # another archive's identifier stays, for a feed whose ids are not arXiv's
    return read.identifier(dois) or next(iter(texts), None)


def _version_number(name: str | None) -> int | None:
    found = re.fullmatch(r"v(\d{1,3})", name or "")
    return int(found[1]) if found else None


def _set_categories(head: dict[str, list[Any]]) -> list[str] | None:
    """Return the codes that the sets stand for: ``cs:cs:LG``, ``physics:hep-th``, ``math``."""
    codes = []
    for name in texts_of(head.get("setSpec")):
        parts = name.split(":")
        codes.append(".".join(parts[1:3]) if len(parts) == 3 else parts[-1])
    return list(dict.fromkeys(codes)) or None


FORMAT = Format(
    name="oai",
    parser_version="oai/6",
    feed_id="arxiv-harvest",
    parse=parse,
    from_xml=where(is_oai),
)
