"""Lines of JSON: one value per line, a line that is none kept as it is."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import orjson

from transforms.parse.readers.encoding import UTF8_MARK

_LINE_BREAK = b"\n"
_HALF = rb"\\u[dD][89a-fA-F][0-9a-fA-F]{2}"
_PAIR = rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
_SURROGATE = re.compile(_HALF)
_UP_TO_HALVES = re.compile(
    rb"((?:[^\\]++|\\(?:[^u]|\Z)|(?!%b)\\.|%b)*+)((?:(?!%b)%b)*+)" % (_HALF, _PAIR, _PAIR, _HALF),
    re.DOTALL,
)
_LENGTH = len(rb"\ud800")
_UNREADABLE = b"\\ufffd"


@dataclass(frozen=True)
class Broken:
    """A line that is no JSON, and why."""

    text: str
    reason: str


def read_json(body: bytes) -> Any:
    """Return the value of a JSON document, and of one that is so but for small things.

    Half a surrogate pair becomes U+FFFD; ``NaN`` and ``Infinity`` count as numbers.

    Raises:
        orjson.JSONDecodeError: it is none; the message is that of the strict reading.
    """
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        strict = error
    readable = _without_halves(body) if _SURROGATE.search(body) else body
    try:
        return orjson.loads(readable)
    except orjson.JSONDecodeError:
        pass
    try:
        value = json.loads(readable)
        # what orjson cannot write back nobody after us can read
        orjson.dumps(value)
    except (ValueError, TypeError, RecursionError):
        raise strict from None
    return value


def _without_halves(body: bytes) -> bytearray:
    """Return a body with U+FFFD in the place of each half of a surrogate pair.

    What lies between two halves is one match, so that a body of escapes alone is not a list of as
    many objects.
    """
    readable = bytearray()
    for found in _UP_TO_HALVES.finditer(body):
        readable += found[1]
        readable += _UNREADABLE * (len(found[2]) // _LENGTH)
    return readable


def read_line(line: bytes) -> Any:
    """Return the value that a line holds, or :class:`Broken`; read as by :func:`read_json`."""
    try:
        return read_json(line)
    except orjson.JSONDecodeError as error:
        return Broken(line.decode("utf-8", "replace"), f"not JSON: {error}")


def read_lines(body: bytes) -> Iterator[Any]:
    """Yield the value of each line that is not blank."""
    start = len(UTF8_MARK) if body.startswith(UTF8_MARK) else 0
    while start < len(body):
        end = body.find(_LINE_BREAK, start)
        end = len(body) if end < 0 else end
        line = body[start:end].strip()
        start = end + 1
        if line:
            yield read_line(line)


def first_objects(body: bytes, limit: int = 20) -> list[dict[str, Any]]:
    """Return the objects among the first lines, without reading the rest."""
    return [value for value in islice(read_lines(body), limit) if isinstance(value, dict)]
