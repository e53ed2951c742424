"""What an object that somebody has put around a list says of how much of it there is."""

from collections.abc import Mapping
from typing import Any

_TOTALS = (
    *("count", "total", "total_count", "totalCount", "total_results", "totalResults"),
    *("numTotalItems", "num_total_items", "totalItems", "total_items", "numTotalPapers"),
)
_MORE = ("has_more", "hasMore", "has_next", "hasNext")
_NEXT = ("next", "next_url", "nextUrl", "next_page", "nextPage")
ENVELOPE = frozenset((*_TOTALS, *_MORE, *_NEXT))
"""The names that are read here."""


def says_there_is_more(envelope: Mapping[str, Any], seen: int) -> bool:
    """Tell whether an object says that its list has more entries than the ``seen`` ones in it."""
    totals = (envelope.get(name) for name in _TOTALS)
    is_longer = any(type(total) is int and total > seen for total in totals)
    is_flagged = any(envelope.get(name) is True for name in _MORE)
    follows = (envelope.get(name) for name in _NEXT)
    # a number may be that of the page
    return is_longer or is_flagged or any(isinstance(link, str) and link for link in follows)
