"""Erasing names from stored captures and records: bodies in their formats, packs, text files."""

import codecs
import gzip
import io
import os
import re
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from transforms.redact.names import Names
from warehouse.landing import CAPTURE, Landing

_MARKS = {
    b"\xff\xfe\x00\x00": "utf-32-le",
    b"\x00\x00\xfe\xff": "utf-32-be",
    b"\xff\xfe": "utf-16-le",
    b"\xfe\xff": "utf-16-be",
}
_PARQUET_MAGIC = b"PAR1"
_GZIP_MAGIC = b"\x1f\x8b"
_LONGEST_HEAD = 512
_DECLARED = re.compile(rb"\s*<\?xml[^>]{0,200}?encoding=[\"']([\w-]{1,40})")
_FREE_TEXT = ("page", "query", "look_id")
"""The facts of a look that say what somebody asked for; the others are of our own making."""


class UnreadableError(ValueError):
    """A body is in no encoding that can be rewritten; the message says which."""


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
    if body.startswith(_GZIP_MAGIC):
        return _erase_packed(body, names)
    if body.startswith(_PARQUET_MAGIC):
        return _erase_parquet(body, names)
    mark, encodings = _encodings(body)
    text, count, is_clean = body.removeprefix(mark), 0, True
    for encoding in encodings:
        erased = _erase_text(text, encoding, names)
        text, count = erased.body, count + erased.occurrences
        is_clean = is_clean and erased.is_clean
    return ErasedText(mark + text, count, is_clean)


def erase_facts(capture: dict[str, Any], names: Names) -> tuple[dict[str, Any], int]:
    """Return the facts of a look without names in what somebody asked for."""
    return names.erase_within({name: capture[name] for name in _FREE_TEXT})


def stage_records(landing: Landing, kind: str, names: Names) -> list[tuple[str, str, int]]:
    """Stage new packs of records other than looks; return old pack, new pack and occurrences."""
    staged = []
    for pack, records in landing.packs(kind):
        erased, count = erase_records(records, names)
        if count:
            staged.append((pack, landing.stage(kind, erased), count))
    return staged


def erase_records(records: pl.DataFrame, names: Names) -> tuple[pl.DataFrame, int]:
    """Return records without names in their texts, and how often they stood there."""
    count = 0
    for column, kind in records.schema.items():
        if kind == pl.String:
            values, found = names.erase_within(records[column].to_list())
            records = (
                records.with_columns(pl.Series(column, values, pl.String)) if found else records
            )
            count += found
    return records, count


def stage_captures(landing: Landing, pack: pl.DataFrame, erased: dict[str, dict[str, Any]]) -> str:
    """Stage a pack of looks with some of their values replaced, by capture_id; return its name."""
    rows = [row | erased.get(row["capture_id"], {}) for row in pack.iter_rows(named=True)]
    return landing.stage("looks", pl.DataFrame(rows, schema=CAPTURE, orient="row"))


def erase_file(path: Path, names: Names) -> ErasedText:
    """Rewrite a text file of ours without names: beside its place, then renamed into it.

    What somebody adds to the file meanwhile is not lost: it is read again then.
    """
    while True:
        body = path.read_bytes()
        erased = erase_body(body, names)
        if not erased.occurrences:
            return erased
        temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        with temporary.open("wb") as file:
            file.write(erased.body)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(path.stat().st_mode & 0o777)
        if path.stat().st_size == len(body):
            temporary.rename(path)
            _sync(path.parent)
            return erased
        temporary.unlink()


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def _encodings(body: bytes) -> tuple[bytes, list[str]]:
    """Return the byte order mark and the encodings that a body may be read in."""
    for mark, encoding in _MARKS.items():
        if body.startswith(mark):
            return mark, [encoding]
    if len(body) % 2 == 0 and body[:4].count(0) == 2 and body[0] != body[1]:
        return b"", ["utf-16-be" if body[0] == 0 else "utf-16-le"]
    declared = _DECLARED.match(body.removeprefix(codecs.BOM_UTF8))
    if declared:
        return b"", [_known(declared[1].decode())]
    try:
        body.decode()
    except UnicodeDecodeError:
        # what is no UTF-8 as a whole may be so in parts, and is read as Windows-1252 if it can be
        return b"", ["utf-8", "cp1252" if _is_read(body, "cp1252") else "latin-1"]
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
        unpacked = gzip.decompress(body)
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableError(f"it is no gzip file that can be read: {error}") from error
    inside = erase_body(unpacked, names)
    head = body[10:_LONGEST_HEAD]
    is_in_head = any(names.holds(head.decode(name, "replace")) for name in ("utf-8", "latin-1"))
    count = inside.occurrences + is_in_head
    if not count:
        return ErasedText(body, 0, inside.is_clean)
    return ErasedText(gzip.compress(inside.body, mtime=0), count, inside.is_clean)


def _erase_parquet(body: bytes, names: Names) -> ErasedText:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(io.BytesIO(body))
    except (pa.ArrowException, OSError, ValueError) as error:
        raise UnreadableError(f"it is no Parquet that can be read: {error}"[:200]) from error
    count = 0
    for number, column in enumerate(table.schema):
        values, found = names.erase_within(table.column(number).to_pylist())
        if found:
            count += found
            table = table.set_column(number, column, pa.array(values, type=column.type))
    metadata, found = names.erase_within(dict(table.schema.metadata or {}))
    count += found
    if not count:
        return ErasedText(body, 0, not names.holds(" ".join(table.schema.names)))
    sink = io.BytesIO()
    pq.write_table(table.replace_schema_metadata(metadata), sink, compression="zstd")
    is_clean = not names.holds(" ".join(table.schema.names))
    again = pq.read_table(io.BytesIO(sink.getvalue()))
    left = sum(names.erase_within(column.to_pylist())[1] for column in again.columns)
    return ErasedText(sink.getvalue(), count, is_clean and not left)
