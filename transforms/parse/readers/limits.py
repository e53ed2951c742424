"""How many entries one capture may have: a bound on memory, far above what any feed shows."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

from transforms.parse.entry import Parsed

MOST_ENTRIES = 100_000
"""Bulk metadata comes in pages of thousands; a list of papers has a hundred."""

Source = TypeVar("Source")


def bounded(sources: Iterable[Source], parsed: Parsed) -> Iterator[Source]:
    """Yield sources up to the bound; where there are more, the capture is held for it."""
    rest = iter(sources)
    yield from islice(rest, MOST_ENTRIES)
    for _ in rest:
        parsed.envelope_error = f"more than {MOST_ENTRIES:,} entries"
        break
