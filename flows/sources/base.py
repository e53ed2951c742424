"""What every source shares: the request, the pages that answer it, and the protocol of a source."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol


@dataclass(frozen=True)
class FetchRequest:
    """What to fetch: a feed, and the day of its list; None where the feed has no days."""

    feed_id: str
    feed_date: date | None = None


@dataclass(frozen=True)
class Page:
    """One HTTP answer of a fetch.

    ``feed_date`` is None where the address does not say which day's list it is: then the body must.
    ``page`` counts from "0" and is None where the source has no pages. ``has_next`` and
    ``page_limit`` are None where the source does not say. ``captured_at`` is naive UTC: the moment
    when the last byte had come. ``is_of_days`` says that the address asks for a week or a month.
    """

    feed_id: str
    feed_date: date | None
    page: str | None
    query: str | None
    look_id: str
    page_limit: int | None
    has_next: bool | None
    captured_at: datetime
    address: str
    body: bytes
    is_of_days: bool = False

    def facts(self) -> dict[str, Any]:
        """Return what this page knows of the columns of a landed capture."""
        return {
            "feed_id": self.feed_id,
            "feed_date": self.feed_date,
            "captured_at": self.captured_at,
            "captured_at_source": "fetch",
            "page": self.page,
            "query": self.query,
            "look_id": self.look_id,
            "page_limit": self.page_limit,
            "has_next": self.has_next,
            "blob_id": hashlib.sha256(self.body).hexdigest(),
            "bytes": len(self.body),
            "body": self.body,
        }


class Source(Protocol):
    """A list on the web that can be fetched."""

    def fetch(self, request: FetchRequest) -> Iterator[Page]:
        """Yield one page per HTTP answer, in order; the last one has no next.

        Pages that came before a failure have been yielded and are good: land them.

        Raises:
            UnreachableError: the source cannot be reached, or no try gave a readable answer.
            SourceConfigError: the request lacks what this source needs.
        """
        ...


AGAIN = "/again"
"""Ends the look_id of pages that are fetched once more, since those of the first look overlap."""


def make_look_id(request: FetchRequest, began_at: datetime, selection: str = "") -> str:
    """Return the id that all pages of one fetch share; ``selection`` tells which list it is of."""
    return "/".join(filter(None, (request.feed_id, selection, began_at.isoformat())))
