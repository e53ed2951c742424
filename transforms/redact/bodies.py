"""Bodies without names: texts in every encoding that the readers read, gzip and Parquet."""

import codecs
import gzip
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from transforms.errors import EncodingError, ParquetError, UnreadableError
from transforms.parse.readers.encoding import (
    GZIP_MAGIC,
    UTF8_MARK,
    WESTERN,
    parser_encoding,
    unpack,
    wide_encoding,
)
from transforms.parse.readers.parquet import NO_WORDS, PARQUET_MAGIC, refuse_bomb
from transforms.redact.names import Names

_LONGEST_HEAD = 512


@dataclass(frozen=True)
class ErasedText:
    """Bytes without the names that stood in them."""

    body: bytes
    occurrences: int
    is_clean: bool
    """Whether no name can be found in it any more."""


def erase_body(body: bytes, names: Names) -> ErasedText:
    """Return the bytes of a capture or of a file of ours without names; all else stays as it is.

    Raises:
        UnreadableError: they are in no encoding that can be rewritten.
    """
    if body.startswith(GZIP_MAGIC):
        return _erase_packed(body, names)
    if body.startswith(PARQUET_MAGIC):
        return _erase_parquet(body, names)
    mark, encodings = _encodings(body)
    text, count, is_clean = body.removeprefix(mark), 0, True
    for encoding in encodings:
        erased = _erase_text(text, encoding, names)
        text, count = erased.body, count + erased.occurrences
        is_clean = is_clean and erased.is_clean
    return ErasedText(mark + text, count, is_clean)


def _encodings(body: bytes) -> tuple[bytes, list[str]]:
    """Return what stands before the text, and the encodings in which that may be read."""
    wide = wide_encoding(body)
    if wide:
        return wide.mark, [wide.name]
    bare = body.removeprefix(UTF8_MARK).lstrip()
    told = parser_encoding(bare)
    if told:
        return body.removesuffix(bare), [_known(told)]
    try:
        body.decode()
    except UnicodeDecodeError:
        # what is no UTF-8 as a whole may be so in parts, and is read as Windows-1252 if it can be
        return b"", ["utf-8", WESTERN if _is_read(body, WESTERN) else "latin-1"]
    return b"", ["utf-8"]


def _known(name: str) -> str:
    try:
        encoding = codecs.lookup(name).name
    except LookupError as error:
        raise UnreadableError(f"its encoding {name[:40]!r} is not known") from error
    return "utf-8" if encoding == "ascii" else encoding


def _erase_text(body: bytes, encoding: str, names: Names) -> ErasedText:
    if not _is_read(body, encoding):
        raise UnreadableError(f"it is not {encoding}, as it says")
    text = body.decode(encoding, _errors(encoding))
    if not names.holds(text):
        return ErasedText(body, 0, True)
    erased, count = names.erase(text)
    is_clean = not names.holds(erased)
    return ErasedText(erased.encode(encoding, _errors(encoding)), count, is_clean)


def _is_read(body: bytes, encoding: str) -> bool:
    """Tell whether a body can be read and written again, to the byte."""
    try:
        text = body.decode(encoding, _errors(encoding))
        return text.encode(encoding, _errors(encoding)) == body
    except (UnicodeError, LookupError, AssertionError):
        return False


def _errors(encoding: str) -> str:
    return "surrogateescape" if encoding == "utf-8" else "surrogatepass"


def _erase_packed(body: bytes, names: Names) -> ErasedText:
    """Erase names from what a gzip file holds, and from the name of the file in its head."""
    try:
        unpacked = unpack(body)
    except EncodingError as error:
        raise UnreadableError(f"it is {error}") from error
    inside = erase_body(unpacked, names)
    head = body[10:_LONGEST_HEAD]
    is_in_head = any(names.holds(head.decode(name, "replace")) for name in ("utf-8", "latin-1"))
    count = inside.occurrences + is_in_head
    if not count:
        return ErasedText(body, 0, inside.is_clean)
    return ErasedText(gzip.compress(inside.body, mtime=0), count, inside.is_clean)


def _erase_parquet(body: bytes, names: Names) -> ErasedText:
    import pyarrow as pa

    try:
        refuse_bomb(body)
        return _erase_table(body, names)
    except (ParquetError, pa.ArrowException, OSError, *NO_WORDS) as error:
        reason = f"it is no Parquet that can be read and written again: {error}"[:200]
        raise UnreadableError(reason) from error


def _erase_table(body: bytes, names: Names) -> ErasedText:
    import pyarrow.parquet as pq

    table = pq.read_table(io.BytesIO(body))
    count = 0
    for number, shown in _texts_of(table):
        values, found = names.erase_within(shown)
        if found:
            count += found
            table = table.set_column(number, *_column_of(table, number, values))
    metadata, found = names.erase_within(dict(table.schema.metadata or {}))
    count += found
    is_clean = not names.holds(" ".join(table.schema.names))
    if not count:
        return ErasedText(body, 0, is_clean)
    sink = io.BytesIO()
    pq.write_table(table.replace_schema_metadata(metadata), sink, compression="zstd")
    again = pq.read_table(io.BytesIO(sink.getvalue()))
    left = sum(names.erase_within(values)[1] for _, values in _texts_of(again))
    return ErasedText(sink.getvalue(), count, is_clean and not left)


def _texts_of(table: Any) -> Iterator[tuple[int, list[Any]]]:
    """Yield the columns that may hold a name, by their place: not times, for which Python may have
    no words.
    """
    import pyarrow as pa

    for number, column in enumerate(table.columns):
        if not pa.types.is_temporal(column.type):
            yield number, column.to_pylist()


def _column_of(table: Any, number: int, values: list[Any]) -> tuple[Any, Any]:
    import pyarrow as pa

    column = table.schema.field(number)
    return column, pa.array(values, type=column.type)
