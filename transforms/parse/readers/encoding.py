"""Bytes as they were kept to bytes in UTF-8: unpacked within bounds, and from other encodings.

The one table of encodings: the readers decode by it, and :mod:`transforms.redact.bodies` rewrites
by it, so that no name can be read that cannot be erased.
"""

import codecs
import re
import zlib
from collections.abc import Iterator
from typing import NamedTuple

from transforms.errors import EncodingError
from transforms.parse.readers.limits import most_unpacked

GZIP_MAGIC = b"\x1f\x8b"
UTF8_MARK = codecs.BOM_UTF8
WESTERN = "cp1252"
"""Windows-1252: what a text may be in that is no UTF-8 and has no mark."""
WIDE_MARKS = {
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
"""Byte order marks, the longer ones first: that of UTF-16 begins that of UTF-32."""
_MOST_UNPACKED = 1 << 26
_BLOCK = 1 << 20
_LEAST_FED, _MOST_FED = 1 << 10, 1 << 16
_MOST_FILES = 10_000
_PADDING = re.compile(rb"\x00*")
_UNLIKELY = re.compile(r"[^\x00-\x7f]{3}|[\x00\u00fe\u00ff]")
_DECLARED = re.compile(rb"\s*<\?xml[^>]{0,200}?encoding=[\"']([\w-]{1,40})")
_FIRST_LETTERS = tuple(b"%c" % letter for letter in b"<[{0123456789")
_XML_DECLARATION = re.compile(r"\s*<\?xml[^>]{0,200}\?>")
_FOREIGN_SHARE = 0.12
"""French has an accent on every fifteenth letter."""
_LONE_LETTER = re.compile(r"(?<![^\x00-\x7f])[À-ÖØ-öø-ÿŒœŠšŽžŸ](?![^\x00-\x7f])")
_LETTERS_SIDE_BY_SIDE = re.compile(
    r"(?<=[A-Za-z])[ß-öø-ÿ]{2}(?![^\x00-\x7f])|(?<![^\x00-\x7f])[ß-öø-ÿ]{2}(?=[A-Za-z])"
)
"""As in the Portuguese "ção", the French "créée" and the German "Größe": next to a plain letter."""
_WESTERN_SIGN = re.compile(
    "[\u2018\u2019\u201c\u201d\u2013\u2014…•€«»°§·£\u00a0]|(?<![^\\W\\d_])[¿¡](?=\\w)|(?<=\\d)[ªº]"
)
_MACINTOSH = re.compile("(?<=[a-z])[ŽŠŒŸƒ‡‰\u02c6•]|[‡‰\u02c6•ƒ](?=[a-z])")
"""Letters of Mac OS Roman, read as Windows-1252: ``Na•ve cafŽ``."""
_LONE_SHARE = 0.9
_ASCII = bytes(range(128))


class WideEncoding(NamedTuple):
    """An encoding that takes several bytes for every letter, and the mark that says so."""

    name: str
    mark: bytes = b""
    """Empty where the encoding shows in the first letters alone."""


def unpack(body: bytes) -> bytes:
    """Return what a gzip file holds; any other bytes as they are.

    Raises:
        EncodingError: it is damaged or cut off, or holds much more than its size lets expect.
    """
    if not body.startswith(GZIP_MAGIC):
        return body
    most = min(_MOST_UNPACKED, most_unpacked(len(body)))
    pieces: list[bytes] = []
    size = 0
    try:
        for piece in _inflate(body):
            pieces.append(piece)
            size += len(piece)
            if size > most:
                raise EncodingError(f"a gzip file of more than {most:,} bytes in {len(body):,}")
    except zlib.error as error:
        raise EncodingError(f"a gzip file that is damaged: {error}") from error
    return b"".join(pieces)


def _inflate(body: bytes) -> Iterator[bytes]:
    """Yield what a gzip file holds, in pieces; files may stand one behind the other.

    It is fed by small pieces: zlib copies what lies behind the end of each file.
    """
    at, files, view = 0, 0, memoryview(body)
    while at < len(body):
        files += 1
        if files > _MOST_FILES:
            raise EncodingError(f"a gzip file of more than {_MOST_FILES:,} files")
        stream, fed = zlib.decompressobj(wbits=31), _LEAST_FED
        while not stream.eof:
            given = view[at : at + fed]
            piece = stream.decompress(given, _BLOCK)
            used = len(given) - len(stream.unconsumed_tail) - len(stream.unused_data)
            if not used and not piece:
                raise EncodingError("a gzip file whose end is missing")
            at, fed = at + used, min(2 * fed, _MOST_FED)
            yield piece
        padding = _PADDING.match(body, at)
        at = padding.end() if padding else at


def wide_encoding(body: bytes) -> WideEncoding | None:
    """Return the encoding of a text that takes several bytes for every letter; None for others."""
    for mark, name in WIDE_MARKS.items():
        if body.startswith(mark):
            return WideEncoding(name, mark)
    if len(body) % 2 == 0 and body[:4].count(0) == 2:
        if body[0] == 0 == body[2]:
            return WideEncoding("utf-16-be")
        if body[1] == 0 == body[3]:
            return WideEncoding("utf-16-le")
    return None


def parser_encoding(body: bytes) -> str | None:
    """Return the encoding that the parsers of XML and JSON take bytes for; None for UTF-8.

    They tell it by the first letters, though no mark says so, and even where the end is cut off; or
    it is what XML declares, as it is spelled there.
    """
    if len(body) > 3 and body[:1] in _FIRST_LETTERS and body[1] == 0 == body[3]:
        return "utf-16-le" if body[2] else "utf-32-le"
    declared = _DECLARED.match(body)
    return declared[1].decode() if declared else None


def as_utf8(body: bytes) -> bytes:
    """Return a text in UTF-8: from UTF-16, UTF-32, and Windows-1252 where it is nothing else.

    JSON, which is UTF-8 or nothing, stays as it is, and so do XML that states its encoding, and
    what is no text.

    Raises:
        EncodingError: it begins as UTF-16 or UTF-32 and does not go on so.
    """
    wide = wide_encoding(body)
    if wide:
        try:
            text = body.removeprefix(wide.mark).decode(wide.name).removeprefix("\ufeff")
        except UnicodeDecodeError as error:
            # UTF-16 where a mark tells the order of bytes, else UTF-16-LE or UTF-16-BE
            shown = wide.name.upper()[: len("utf-16") if wide.mark else None]
            raise EncodingError(f"not {shown}: {error.reason}") from error
        # what it declares is no longer so
        declared = _XML_DECLARATION.match(text)
        return text[declared.end() if declared else 0 :].encode()
    if body.isascii() or body.lstrip()[:5].startswith((b"{", b"[", b"<?xml")):
        return body
    try:
        decode(body)
    except EncodingError:
        return body.decode(WESTERN).encode() if _is_western(body) else body
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
    """Tell whether bytes are Windows-1252: few accents in plain text, none of them in UTF-8."""
    try:
        text = body.decode(WESTERN)
    except UnicodeDecodeError:
        return False
    foreign = len(body.translate(None, _ASCII))
    if not 0 < foreign <= _FOREIGN_SHARE * len(body) or _UNLIKELY.search(text):
        return False
    if _MACINTOSH.search(text):
        return False
    # accents stand alone or in twos within words; else it is a sign, such as a curved apostrophe
    lone = len(_LONE_LETTER.findall(text)) + len(_WESTERN_SIGN.findall(text))
    lone += sum(map(len, _LETTERS_SIDE_BY_SIDE.findall(text)))
    return lone >= _LONE_SHARE * foreign and body.decode("utf-8", "ignore").isascii()
