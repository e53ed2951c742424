"""Bytes to format, by content alone, or the reason why not."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

import orjson

from transforms.errors import EncodingError, MarkupError, ParquetError, UnknownFormatError
from transforms.parse.entry import Context, Parsed
from transforms.parse.formats import (
    arxiv_jsonl,
    arxiv_rss,
    atom,
    hf_api,
    hf_api_typed,
    hf_html,
    hf_search_text,
    hf_weekly_text,
    oai,
    rss,
    table,
)
from transforms.parse.readers.encoding import as_utf8, decode, unpack
from transforms.parse.readers.json_lines import first_objects, read_json, read_lines
from transforms.parse.readers.markup import Reply, is_recorded, read_recorded, read_xml
from transforms.parse.readers.parquet import PARQUET_MAGIC
from transforms.parse.readers.tables import Declared, read_table

__all__ = ["FORMATS", "Format", "Recognised", "UnknownFormatError", "recognise"]

_SIGNATURES = {
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"%PDF": "a PDF document",
    b"PK\x03\x04": "a zip archive",
    b"\x1f\x8b": "a gzip file within a gzip file",
    b"BZh": "a bzip2 file",
    b"\xfd7zXZ": "an xz file",
    b"\x28\xb5\x2f\xfd": "a Zstandard file",
    b"\x7fELF": "a program",
    PARQUET_MAGIC: "a Parquet file, and no feed declares such a table",
}
_TRENDING_TEXT = (
    "no known format: a text copy of the trending page, where a machine's summary stands in place"
    " of many abstracts; its saved HTML can be read"
)


@dataclass(frozen=True)
class Format:
    """One capture format: how it is read, and the feed that it is of where nobody says."""

    name: str
    parser_version: str
    parse: Callable[[Any, Context], Parsed]
    feed_id: str
    dated_feed_id: str | None = None
    """The feed that it is of where nobody says which, but its date is stated."""


def _format(module: Any, feed_id: str, dated_feed_id: str | None = None) -> Format:
    return Format(module.FORMAT, module.PARSER_VERSION, module.parse, feed_id, dated_feed_id)


FORMATS = {
    format_.name: format_
    for format_ in (
        _format(hf_api, "hf-daily"),
        _format(hf_search_text, "hf-search"),
        _format(hf_html, "hf-daily"),
        _format(hf_weekly_text, "hf-weekly"),
        _format(rss, "hf-rss", "hf-daily"),
        _format(arxiv_rss, "arxiv-new"),
        _format(arxiv_jsonl, "arxiv-harvest", "arxiv-new"),
        _format(atom, "arxiv-search"),
        _format(oai, "arxiv-harvest"),
        _format(table, ""),
    )
}

_XML_FORMATS: tuple[tuple[Callable[[Any], bool], str], ...] = (
    (oai.is_oai, oai.FORMAT),
    (arxiv_rss.is_arxiv_rss, arxiv_rss.FORMAT),
    (atom.is_atom, atom.FORMAT),
    (rss.is_rss, rss.FORMAT),
)
"""The first that fits: the general ones last."""

_JSON_FORMATS: tuple[tuple[Callable[[Any], bool], str], ...] = (
    (hf_api.is_hf_api, hf_api.FORMAT),
    (rss.is_rss, rss.FORMAT),
    (arxiv_jsonl.is_arxiv_jsonl, arxiv_jsonl.FORMAT),
)


@dataclass(frozen=True)
class Recognised:
    """A format and the body decoded for its parser, so that nothing is decoded twice."""

    format: Format
    document: Any
    feed_id: str | None = None
    """The feed that the body itself says it is of: the one whose table it is, or a ranking."""


def recognise(
    body: bytes, tables: Mapping[str, Declared] | None = None, feed_id: str | None = None
) -> Recognised:
    """Return the format of a body and the decoded document; a body packed by gzip is unpacked.

    ``tables`` are the tables that feeds declare, by feed; that of the feed which the caller states
    comes before every other format, the rest after them.

    Raises:
        UnknownFormatError: with the reason, fit to be shown to the one who gave the file.
    """
    tables = tables or {}
    try:
        body = as_utf8(unpack(body))
    except EncodingError as error:
        raise UnknownFormatError(str(error)) from error
    if not body.strip():
        raise UnknownFormatError("the file is empty")
    found = _recognise_table(body, {name: tables[name] for name in tables if name == feed_id})
    if found:
        return found
    try:
        return _recognise_known(body)
    except UnknownFormatError:
        found = _recognise_table(body, tables)
        if found:
            return found
        raise


def _recognise_table(body: bytes, tables: Mapping[str, Declared]) -> Recognised | None:
    try:
        for feed_id, declared in tables.items():
            read = read_table(body, declared)
            if read:
                return Recognised(FORMATS[table.FORMAT], read, feed_id)
    except ParquetError as error:
        raise UnknownFormatError(str(error)) from error
    return None


def _recognise_known(body: bytes) -> Recognised:
    for signature, meaning in _SIGNATURES.items():
        if body.startswith(signature):
            raise UnknownFormatError(f"no known format: it is {meaning}")
    bare = body.removeprefix(b"\xef\xbb\xbf").strip()
    if bare[:1] in (b"[", b"{") or bare[:1].isdigit():
        return _recognise_json(bare)
    if bare[:1] == b"<":
        return _recognise_markup(body)
    text = _decode(body)
    found = _recognise_text(text)
    if found:
        return found
    raise UnknownFormatError(f"no known format: text that begins with {text.strip()[:40]!r}")


def _recognise_text(text: str) -> Recognised | None:
    if hf_search_text.is_hf_search_text(text):
        if hf_search_text.is_trending_text(text):
            raise UnknownFormatError(_TRENDING_TEXT)
        return Recognised(FORMATS[hf_search_text.FORMAT], text)
    if hf_weekly_text.is_hf_weekly_text(text):
        return Recognised(FORMATS[hf_weekly_text.FORMAT], text)
    return None


def _decode(body: bytes) -> str:
    try:
        return decode(body)
    except EncodingError as error:
        raise UnknownFormatError(str(error)) from error


def _recognise_markup(body: bytes) -> Recognised:
    head = body[:2_000].lower()
    if b"<html" in head or b"<!doctype html" in head or b"DailyPapers" in body[:2_000]:
        text = _decode(body)
        if not hf_html.is_hf_html(text):
            raise UnknownFormatError("no known format: an HTML page without a list of papers")
        page = hf_html.read_page(text)
        feed_id = None if page.is_of_a_day else "hf-trending"
        return Recognised(FORMATS[hf_html.FORMAT], page, feed_id)
    try:
        return _recognise_xml(read_xml(body))
    except MarkupError as error:
        raise UnknownFormatError(str(error)) from error


def _recognise_xml(reply: Reply) -> Recognised:
    for fits, name in _XML_FORMATS:
        if fits(reply):
            return Recognised(FORMATS[name], reply)
    raise UnknownFormatError(f"no known format: XML, an element {str(reply.root.tag)[:100]!r}")


def _recognise_json(body: bytes) -> Recognised:
    usual = hf_api_typed.decode(body)
    if usual is not None:
        return Recognised(FORMATS[hf_api.FORMAT], usual)
    try:
        document = read_json(body)
    except orjson.JSONDecodeError as error:
        return _recognise_json_lines(body, error)
    if is_recorded(document):
        try:
            return _recognise_xml(read_recorded(document))
        except MarkupError as error:
            raise UnknownFormatError(f"a recorded answer: {error}") from error
    if isinstance(document, dict) and {"url", "status_code", "body"} <= document.keys():
        shown = f"status {str(document['status_code'])[:20]}, {str(document['body'])[:40]!r}"
        raise UnknownFormatError(f"a recorded answer without XML in it: {shown}")
    for fits, name in _JSON_FORMATS:
        if fits(document):
            return Recognised(FORMATS[name], document)
    raise UnknownFormatError(f"no known format: JSON, {_describe(document)}")


def _recognise_json_lines(body: bytes, error: orjson.JSONDecodeError) -> Recognised:
    if arxiv_jsonl.is_arxiv_jsonl(body):
        return Recognised(FORMATS[arxiv_jsonl.FORMAT], body)
    if any(map(hf_api.is_entry, first_objects(body))):
        lines = list(islice(read_lines(body), hf_api.MOST_ENTRIES + 1))
        return Recognised(FORMATS[hf_api.FORMAT], lines)
    # a text may begin with a number or a link in brackets
    found = _recognise_text(_decode(body))
    if found:
        return found
    cut = " (the end is missing)" if "end of data" in str(error) else ""
    raise UnknownFormatError(f"not JSON: {error}{cut}") from error


def _describe(document: Any) -> str:
    if isinstance(document, dict):
        names = [repr(name[:40]) for name in list(document)[:8]]
        return "an object with the fields " + (", ".join(names) or "none")
    if isinstance(document, list) and isinstance(document[0], dict):
        return f"a list of {len(document):,} whose first element is {_describe(document[0])}"
    if isinstance(document, list):
        return f"a list of {len(document):,} whose first element is {str(document[0])[:60]!r}"
    return f"the value {str(document)[:60]}"
