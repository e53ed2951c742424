"""Lines of JSON: one value per line, a line that is none kept as it is."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import orjson

_BOM = b"\xef\xbb\xbf"
_LINE_BREAK = b"\n"


@dataclass(frozen=True)
class Broken:
    """A line that is no JSON, and why."""

    text: str
    reason: str


def read_line(line: bytes) -> Any:
    """Return the value that a line holds, or :class:`Broken`. ``NaN`` counts as a value."""
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError as error:
        strict = str(error)
    try:
        value = json.loads(line.decode())
        # what orjson cannot write back (half a surrogate pair) nobody after us can read
        orjson.dumps(value)
    except (ValueError, TypeError, RecursionError):
        return Broken(line.decode("utf-8", "replace"), f"not JSON: {strict}")
    return value


def read_lines(body: bytes) -> Iterator[Any]:
    """Yield the value of each line that is not blank."""
    start = len(_BOM) if body.startswith(_BOM) else 0
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
