"""What an object that somebody has put around a list says of it: is it whole, and did it fail."""

from collections.abc import Iterator, Mapping
from typing import Any

_TOTALS = (
    *("count", "total", "total_count", "totalCount", "total_results", "totalResults"),
    *("numTotalItems", "num_total_items", "totalItems", "total_items", "numTotalPapers"),
)
_MORE = (
    *("has_more", "hasMore", "has_next", "hasNext", "has_next_page", "hasNextPage"),
    *("truncated", "is_truncated", "isTruncated", "incomplete", "incomplete_results", "partial"),
)
_NEXT = ("next", "next_url", "nextUrl", "next_page", "nextPage", "next_cursor", "nextCursor")
_INSIDE = ("pagination", "meta", "metadata", "paging", "page_info", "pageInfo", "links", "_links")
"""Objects within the object in which servers say the same."""
_FAILURES = ("error", "errors", "detail", "error_message", "fault")
_CAUSES = (*_FAILURES, "message", "reason")
_SUCCESSES = ("success", "ok")
_CODES = ("status", "statusCode", "status_code", "code")
_FIRST_ERROR, _LAST_ERROR = 400, 599
"""Codes of HTTP that say so."""
_LONGEST_CAUSE = 200
ENVELOPE = frozenset((*_TOTALS, *_MORE, *_NEXT, *_INSIDE, *_CAUSES, *_SUCCESSES, *_CODES))
"""The names that are read here."""


def says_there_is_more(envelope: Mapping[str, Any], seen: int) -> bool:
    """Tell whether an object says that its list has more entries than the ``seen`` ones in it."""
    return any(_is_more(part, seen) for part in _parts(envelope))


def say_failure(envelope: Mapping[str, Any]) -> str | None:
    """Return what went wrong, where an object around a list says that something did; else None.

    It is an error, no success, or a code of HTTP from 400 on. A message alone is none.
    """
    shown = next((envelope[name] for name in _CAUSES if envelope.get(name)), None)
    cause = shown.get("message", shown) if isinstance(shown, dict) else shown
    if any(envelope.get(name) for name in _FAILURES):
        return str(cause)[:_LONGEST_CAUSE]
    failed = next((name for name in _SUCCESSES if envelope.get(name) is False), None)
    code = next((envelope[name] for name in _CODES if _is_error(envelope.get(name))), None)
    if failed is None and code is None:
        return None
    said = f"{failed} is false" if failed else f"status {code}"
    return f"{said}: {cause}"[:_LONGEST_CAUSE] if cause else said


def _parts(envelope: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield envelope
    for name in _INSIDE:
        part = envelope.get(name)
        if isinstance(part, dict):
            yield part


def _is_more(part: Mapping[str, Any], seen: int) -> bool:
    totals = (part.get(name) for name in _TOTALS)
    is_longer = any(type(total) is int and total > seen for total in totals)
    is_flagged = any(part.get(name) is True for name in _MORE)
    follows = (part.get(name) for name in _NEXT)
    # a number may be that of the page
    return is_longer or is_flagged or any(isinstance(link, str) and link for link in follows)


def _is_error(code: object) -> bool:
    number = int(code) if isinstance(code, str) and code[:4].isdecimal() else code
    return type(number) is int and _FIRST_ERROR <= number <= _LAST_ERROR
