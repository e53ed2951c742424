"""One line of the journal: a JSON object, and the checksum by which damage is told.

The checksum is the last member, ``"crc32"``: that of the bytes of the object without it. Lines of
homes made before have none; of them only damage that leaves no JSON object is found.
"""

import json
import re
import zlib
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

_STAMP = re.compile(rb'(?:, )?"(?:crc32": ".{8}|.{5}": "[0-9a-f]{8})"\}\Z', re.DOTALL)
"""A checksum, also with damage in its name or its digits."""
_LONGEST_STAMP = 22
"""Bytes of one: to search whole lines for it takes ten times as long as to compute it."""
_NOTHING: Mapping[str, type] = MappingProxyType({})


def encode(record: Mapping[str, Any]) -> bytes:
    """Return a record as a line, newline and checksum included."""
    return _stamp(json.dumps(record, default=str).encode())


def decode(line: bytes, needed: Mapping[str, type] = _NOTHING) -> dict[str, Any] | None:
    """Return the record of a line without its checksum; None where the line is damaged.

    So is one that lacks a ``needed`` member, or holds another type there, as of another kind.
    """
    bare = _unstamp(line)
    if bare is None:
        return None
    try:
        record = json.loads(bare)
    except ValueError:
        return None
    if not isinstance(record, dict):
        return None
    is_whole = all(isinstance(record.get(name), kind) for name, kind in needed.items())
    return record if is_whole else None


def is_sound(line: bytes, needed: Mapping[str, type] = _NOTHING) -> bool:
    """Tell whether a line can be read and says what was written."""
    if _find_stamp(line.rstrip()) is not None:
        names = (f'"{name}": '.encode() for name in needed)
        return _unstamp(line) is not None and all(name in line for name in names)
    return decode(line, needed) is not None


def unstamp(lines: Iterable[bytes]) -> bytes:
    """Return lines without the checksums that are right; damaged lines stay as they are."""
    return b"".join(
        line if bare is None else bare + b"\n" for line in lines for bare in (_unstamp(line),)
    )


def stamp(lines: Iterable[bytes]) -> bytes:
    """Return lines with a checksum each; damaged lines stay as they are."""
    return b"".join(_stamp(line.rstrip()) if _can_be_stamped(line) else line for line in lines)


def _stamp(text: bytes) -> bytes:
    separator = b", " if text != b"{}" else b""
    return text[:-1] + separator + b'"crc32": "%08x"}\n' % zlib.crc32(text)


def _unstamp(line: bytes) -> bytes | None:
    """Return a line without its checksum; None where that is wrong."""
    text = line.rstrip()
    start = _find_stamp(text)
    if start is None:
        return text
    bare = text[:start] + b"}"
    return bare if text == _stamp(bare).rstrip() else None


def _find_stamp(text: bytes) -> int | None:
    """Return where the checksum of a line without its end begins; None where there is none."""
    rest = max(0, len(text) - _LONGEST_STAMP)
    found = _STAMP.search(text[rest:])
    return rest + found.start() if found else None


def _can_be_stamped(line: bytes) -> bool:
    return _find_stamp(line.rstrip()) is None and decode(line) is not None
