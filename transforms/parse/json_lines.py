"""Lines of JSON: one value per line, a line that is none kept as it is."""

import json
from dataclasses import dataclass
from typing import Any

import orjson

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


def read_lines(body: bytes) -> list[Any]:
    """Return the value of each line that is not blank."""
    lines = (line.strip() for line in body.removeprefix(b"\xef\xbb\xbf").split(_LINE_BREAK))
    return [read_line(line) for line in lines if line]


def first_objects(body: bytes, limit: int = 20) -> list[dict[str, Any]]:
    """Return the objects among the first lines, without reading the rest."""
    found, start = [], 0
    for _ in range(limit):
        end = body.find(_LINE_BREAK, start)
        value = read_line(body[start : end if end >= 0 else None].strip() or b"null")
        if isinstance(value, dict):
            found.append(value)
        if end < 0:
            break
        start = end + 1
    return found
