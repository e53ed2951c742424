"""Bytes to format, by content alone, or the reason why not."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias, TypeVar

import orjson

from transforms.errors import EncodingError, MarkupError, ParquetError, UnknownFormatError
from transforms.parse.formats import base
from transforms.parse.formats.registry import FORMATS
from transforms.parse.readers.encoding import UTF8_MARK, as_utf8, decode, unpack
from transforms.parse.readers.envelopes import say_failure
from transforms.parse.readers.json_lines import read_json
from transforms.parse.readers.limits import say_excess, say_excess_of_text
from transforms.parse.readers.markup import Reply, is_recorded, read_recorded, read_xml
from transforms.parse.readers.parquet import PARQUET_MAGIC
from transforms.parse.readers.tables import Declared, say_missing_columns

__all__ = ["FORMATS", "Format", "Recognised", "UnknownFormatError", "recognise"]

Format: TypeAlias = base.Format[Any]
Source = TypeVar("Source")

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
    b"ARROW1": "a Feather or Arrow file; a table may be Parquet, CSV or JSON",
    b"\xd0\xcf\x11\xe0": "a file of Excel or Word before 2007; a table may be CSV",
    b"SQLite format 3": "a SQLite database; a table may be Parquet, CSV or JSON",
    PARQUET_MAGIC: "a Parquet file, and no feed declares such a table",
}
_HEAD_LENGTH = 2_000
_HTML_HEADS = (b"<html", b"<!doctype html")
_HTML_MARKS = tuple(mark for format_ in FORMATS.values() for mark in format_.html_marks)
_RECORDING = {"url", "status_code", "body"}

_IN_ORDER = tuple(FORMATS.values())
_OF_USUAL_JSON = [(f, f.from_usual_json) for f in _IN_ORDER if f.from_usual_json]
_OF_JSON = [(f, f.from_json) for f in _IN_ORDER if f.from_json]
_OF_XML = [(f, f.from_xml) for f in _IN_ORDER if f.from_xml]
_OF_HTML = [(f, f.from_html) for f in _IN_ORDER if f.from_html]
_OF_TEXT = [(f, f.from_text) for f in _IN_ORDER if f.from_text]
_OF_TABLES = [(f, f.from_table) for f in _IN_ORDER if f.from_table]
_OF_JSON_LINES = [
    (f, f.from_json_lines)
    for f in sorted(_IN_ORDER, key=lambda format_: format_.yields_lines)
    if f.from_json_lines
]


@dataclass(frozen=True)
class Recognised:
    """A format and the body decoded for its parser, so that nothing is decoded twice."""

    format: Format
    document: Any
    feed_id: str | None = None
    """The feed that the body itself says it is of: the one whose table it is, or a ranking."""
    size: int = 0
    """The bytes of the body as they were decoded: unpacked, in UTF-8."""


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
    if excess := say_excess(body):
        raise UnknownFormatError(excess)
    found = _recognise_table(body, {name: tables[name] for name in tables if name == feed_id})
    if found:
        return replace(found, size=len(body))
    try:
        return replace(_recognise_known(body), size=len(body))
    except UnknownFormatError as error:
        # not the error itself: it holds all that was decoded, beside which a table is decoded
        reason = str(error)
    found = _recognise_table(body, tables)
    if found:
        return replace(found, size=len(body))
    declared = tables.get(feed_id or "")
    missing = say_missing_columns(body, declared) if declared else None
    raise UnknownFormatError(f"{reason}; as a table of {feed_id}: {missing}" if missing else reason)


def _ask(
    formats: Iterable[tuple[Format, Callable[[Source], base.Found[Any] | None]]], source: Source
) -> Recognised | None:
    """Return what the first of some formats makes of a body."""
    for format_, find in formats:
        found = find(source)
        if found:
            return Recognised(format_, found.document, found.feed_id)
    return None


def _recognise_table(body: bytes, tables: Mapping[str, Declared]) -> Recognised | None:
    try:
        for feed_id, declared in tables.items():
            for format_, find in _OF_TABLES:
                found = find(body, declared)
                if found:
                    return Recognised(format_, found.document, feed_id)
    except ParquetError as error:
        raise UnknownFormatError(str(error)) from error
    return None


def _recognise_known(body: bytes) -> Recognised:
    for signature, meaning in _SIGNATURES.items():
        if body.startswith(signature):
            raise UnknownFormatError(f"no known format: it is {meaning}")
    bare = body.removeprefix(UTF8_MARK).strip()
    if bare[:1] in (b"[", b"{") or bare[:1].isdigit():
        return _recognise_json(bare)
    if bare[:1] == b"<":
        return _recognise_markup(body)
    text = _decode_lines(body)
    found = _ask(_OF_TEXT, text)
    if found:
        return found
    raise UnknownFormatError(f"no known format: text that begins with {text.strip()[:40]!r}")


def _decode(body: bytes) -> str:
    try:
        return decode(body)
    except EncodingError as error:
        raise UnknownFormatError(str(error)) from error


def _decode_lines(body: bytes) -> str:
    """Return a body as text that may be taken apart into lines."""
    if excess := say_excess_of_text(body):
        raise UnknownFormatError(excess)
    return _decode(body)


def _recognise_markup(body: bytes) -> Recognised:
    if _is_html(body[:_HEAD_LENGTH]):
        found = _ask(_OF_HTML, _decode(body))
        if found:
            return found
        raise UnknownFormatError("no known format: an HTML page without a list of papers")
    try:
        return _recognise_xml(read_xml(body))
    except MarkupError as error:
        raise UnknownFormatError(str(error)) from error


def _is_html(head: bytes) -> bool:
    lowered = head.lower()
    return any(mark in lowered for mark in _HTML_HEADS) or any(m in head for m in _HTML_MARKS)


def _recognise_xml(reply: Reply) -> Recognised:
    found = _ask(_OF_XML, reply)
    if found:
        return found
    raise UnknownFormatError(f"no known format: XML, an element {str(reply.root.tag)[:100]!r}")


def _recognise_json(body: bytes) -> Recognised:
    found = _ask(_OF_USUAL_JSON, body)
    if found:
        return found
    try:
        document = read_json(body)
    except orjson.JSONDecodeError as error:
        return _recognise_json_lines(body, error)
    if is_recorded(document):
        try:
            return _recognise_xml(read_recorded(document))
        except MarkupError as error:
            raise UnknownFormatError(f"a recorded answer: {error}") from error
    if isinstance(document, dict) and document.keys() >= _RECORDING:
        shown = f"status {str(document['status_code'])[:20]}, {str(document['body'])[:40]!r}"
        raise UnknownFormatError(f"a recorded answer without XML in it: {shown}")
    found = _ask(_OF_JSON, document)
    if found:
        return found
    cause = say_error(document)
    if cause:
        raise UnknownFormatError(f"an error instead of a list: {cause}")
    raise UnknownFormatError(f"no known format: JSON, {_describe(document)}")


def say_error(document: Any) -> str | None:
    """Return what a JSON object says went wrong; None where it says no such thing."""
    said = document if isinstance(document, dict) else {}
    failure = say_failure(said)
    if failure or any(isinstance(said[name], list) for name in said):
        return failure
    return str(said["message"])[:200] if said.get("message") else None


def _recognise_json_lines(body: bytes, error: orjson.JSONDecodeError) -> Recognised:
    # a text may begin with a number or a link in brackets
    found = _ask(_OF_JSON_LINES, body) or _ask(_OF_TEXT, _decode_lines(body))
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
