"""Bytes as they were kept to bytes in UTF-8: unpacked within bounds, and from other encodings."""

import re
import zlib

GZIP_MAGIC = b"\x1f\x8b"
_MOST_UNPACKED = 1 << 26
_EXPANSION = 100
_ALLOWANCE = 1 << 20
"""A packed file may stand for this many bytes more than ``_EXPANSION`` times its own."""
_BLOCK = 1 << 20
_BOMS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_UNLIKELY = re.compile(r"[^\x00-\x7f]{3}|[\x00\u00fe\u00ff]")
_XML_DECLARATION = re.compile(r"\s*<\?xml[^>]{0,200}\?>")
_FOREIGN_SHARE = 0.02
_ASCII = bytes(range(128))


class EncodingError(ValueError):
    """Bytes cannot be unpacked or are no text; the message says why."""


def unpack(body: bytes) -> bytes:
    """Return what a gzip file holds; any other bytes as they are.

    Raises:
        EncodingError: it is damaged or cut off, or holds much more than its size lets expect.
    """
    if not body.startswith(GZIP_MAGIC):
        return body
    most = min(_MOST_UNPACKED, _ALLOWANCE + _EXPANSION * len(body))
    pieces: list[bytes] = []
    size, rest = 0, body
    try:
        while rest:
            # files may stand one behind the other
            stream = zlib.decompressobj(wbits=31)
            while not stream.eof:
                piece = stream.decompress(rest, _BLOCK)
                rest = stream.unconsumed_tail
                if not piece and not stream.eof:
                    raise EncodingError("a gzip file whose end is missing")
                pieces.append(piece)
                size += len(piece)
                if size > most:
                    raise EncodingError(f"a gzip file of more than {most:,} bytes in {len(body):,}")
            rest = stream.unused_data.lstrip(b"\x00")
    except zlib.error as error:
        raise EncodingError(f"a gzip file that is damaged: {error}") from error
    return b"".join(pieces)


def wide_encoding(body: bytes) -> str | None:
    """Return the encoding of a text that takes several bytes for every letter; None for others."""
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return encoding
    if len(body) % 2 == 0 and body[:4].count(0) == 2:
        return {(False, True): "utf-16-le", (True, False): "utf-16-be"}.get(
            (body[0] == 0 == body[2], body[1] == 0 == body[3])
        )
    return None


def as_utf8(body: bytes) -> bytes:
    """Return a text in UTF-8: from UTF-16, UTF-32, and Windows-1252 where it is nothing else.

    JSON, which is UTF-8 or nothing, stays as it is, and so do XML that states its encoding, and
    what is no text.

    Raises:
        EncodingError: it begins as UTF-16 or UTF-32 and does not go on so.
    """
    encoding = wide_encoding(body)
    if encoding:
        try:
            text = body.decode(encoding).removeprefix("\ufeff")
        except UnicodeDecodeError as error:
            raise EncodingError(f"not {encoding.upper()}: {error.reason}") from error
        return _XML_DECLARATION.sub("", text).encode()
    if body.isascii() or body.lstrip()[:5].startswith((b"{", b"[", b"<?xml")):
        return body
    try:
        decode(body)
    except EncodingError:
        return body.decode("cp1252").encode() if _is_western(body) else body
    return body


def decode(body: bytes) -> str:
    """Return bytes as text.

    Raises:
        EncodingError: they are not UTF-8; the reason is fit to be shown.
    """
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        reason = f"not UTF-8: byte 0x{body[error.start]:02x} at offset {error.start}"
        raise EncodingError(reason) from error


def _is_western(body: bytes) -> bool:
    """Tell whether bytes are Windows-1252: lone accents in plain text, none of them in UTF-8."""
    try:
        text = body.decode("cp1252")
    except UnicodeDecodeError:
        return False
    foreign = len(body.translate(None, _ASCII))
    is_rare = 0 < foreign <= _FOREIGN_SHARE * len(body) and not _UNLIKELY.search(text)
    return is_rare and body.decode("utf-8", "ignore").isascii()
