"""Bounds on memory, far above what feeds show: entries of a capture, bytes that are unpacked."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

from transforms.parse.entry import Parsed

MOST_ENTRIES = 100_000
"""Bulk metadata comes in pages of thousands; a list of papers has a hundred."""

MOST_CONTAINERS = 4_000_000
"""Objects and lists of a JSON body: each takes up to 200 bytes of memory, and two of the file."""

MOST_VALUES = 6_000_000
"""Commas of a JSON body: a short text in a list takes up to 200 bytes of memory, and four of the
file."""

MOST_LINES = 3_000_000
"""Lines of a text or CSV: each takes up to 160 bytes of memory, and two of the file."""

_PARTING = (b"\t", b";", b"|")
_EXPANSION = 100
_ALLOWANCE = 1 << 20

Source = TypeVar("Source")


def bounded(sources: Iterable[Source], parsed: Parsed) -> Iterator[Source]:
    """Yield sources up to the bound; where there are more, the capture is held for it."""
    rest = iter(sources)
    yield from islice(rest, MOST_ENTRIES)
    for _ in rest:
        parsed.envelope_error = f"more than {MOST_ENTRIES:,} entries"
        break


def say_excess(body: bytes) -> str | None:
    """Return why a JSON body has more parts than any memory should hold; None where it has not."""
    if len(body) <= MOST_CONTAINERS:
        return None
    if body.count(b"{") + body.count(b"[") > MOST_CONTAINERS:
        return f"more than {MOST_CONTAINERS:,} objects and lists"
    if body.count(b",") > MOST_VALUES:
        return f"more than {MOST_VALUES:,} values"
    return None


def say_excess_of_text(text: bytes) -> str | None:
    """Return why a text has more lines or cells than any memory should hold; None where not."""
    if len(text) <= MOST_LINES:
        return None
    lines = text.count(b"\n") + text.count(b"\r") - text.count(b"\r\n")
    if lines > MOST_LINES:
        return f"more than {MOST_LINES:,} lines"
    if sum(map(text.count, _PARTING)) > MOST_VALUES:
        return f"more than {MOST_VALUES:,} cells"
    return None


def most_unpacked(size: int) -> int:
    """Return how many bytes a file of so many may stand for: a hundred times as many, and 1 MiB."""
    return _ALLOWANCE + _EXPANSION * size
