"""Bytes to format, by content alone, or the reason why not."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson

from transforms.parse import hf_api, hf_api_typed, hf_search_text
from transforms.parse.entry import Context, Parsed

_SIGNATURES = {
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"%PDF": "a PDF document",
    b"PK\x03\x04": "a zip archive",
    b"\x1f\x8b": "a gzip file",
    b"\x7fELF": "a program",
}


class UnknownFormatError(ValueError):
    """No known format fits the bytes; the message says what they look like."""


@dataclass(frozen=True)
class Format:
    """One capture format: how it is read, and the feed that it is of where nobody says."""

    name: str
    parser_version: str
    parse: Callable[[Any, Context], Parsed]
    feed_id: str


FORMATS = {
    module.FORMAT: Format(module.FORMAT, module.PARSER_VERSION, module.parse, feed_id)
    for module, feed_id in ((hf_api, "hf-daily"), (hf_search_text, "hf-search"))
}


@dataclass(frozen=True)
class Recognised:
    """A format and the body decoded for its parser, so that nothing is decoded twice."""

    format: Format
    document: Any


def recognise(body: bytes) -> Recognised:
    """Return the format of a body and the decoded document.

    Raises:
        UnknownFormatError: with the reason, fit to be shown to the one who gave the file.
    """
    if not body.strip():
        raise UnknownFormatError("the file is empty")
    for signature, meaning in _SIGNATURES.items():
        if body.startswith(signature):
            raise UnknownFormatError(f"no known format: it is {meaning}")
    json_body = body.removeprefix(b"\xef\xbb\xbf").strip()
    if json_body[:1] in (b"[", b"{") or json_body[:1].isdigit():
        return _recognise_json(json_body)
    text = _decode(body)
    if hf_search_text.is_hf_search_text(text):
        return Recognised(FORMATS[hf_search_text.FORMAT], text)
    raise UnknownFormatError(f"no known format: text that begins with {text.strip()[:40]!r}")


def _decode(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        reason = f"not UTF-8: byte 0x{body[error.start]:02x} at offset {error.start}"
        raise UnknownFormatError(reason) from error


def _recognise_json(body: bytes) -> Recognised:
    usual = hf_api_typed.decode(body)
    if usual is not None:
        return Recognised(FORMATS[hf_api.FORMAT], usual)
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        _decode(body)
        cut = " (the end is missing)" if "end of data" in str(error) else ""
        raise UnknownFormatError(f"not JSON: {error}{cut}") from error
    if hf_api.is_hf_api(document):
        return Recognised(FORMATS[hf_api.FORMAT], document)
    raise UnknownFormatError(f"no known format: JSON, {_describe(document)}")


def _describe(document: Any) -> str:
    if isinstance(document, dict):
        names = [repr(name[:40]) for name in list(document)[:8]]
        return "an object with the fields " + (", ".join(names) or "none")
    if isinstance(document, list):
        return f"a list of {len(document):,} whose first element is {str(document[0])[:60]!r}"
    return f"the value {str(document)[:60]}"
