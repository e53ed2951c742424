"""What every source shares: the request, the pages that answer it, and the errors."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, Protocol

DETAIL_BYTES = 2000
"""How much of a bad answer is kept for the person who wants to know why."""

Scope = Literal["server", "answer", "look"]
"""What a failure says of the looks to come: the server is out of reach; it answers badly, and may
do so again; or it answers well that there is nothing at this address.
"""


@dataclass(frozen=True)
class FetchRequest:
    """What to look at: a feed, and the day, days or query that the look is for.

    ``until_date`` is the last day of a range that begins with ``feed_date`` (None: that day alone).
    """

    feed_id: str
    feed_date: date | None = None
    until_date: date | None = None
    query: str | None = None


@dataclass(frozen=True)
class Page:
    """One HTTP answer of a look.

    ``feed_date`` is None where the address does not say which day's list it is: then the body must.
    ``page`` counts from "0" and is None where the source has no pages. ``has_next`` and
    ``page_limit`` are None where the source does not say. ``captured_at`` is naive UTC: the moment
    when the last byte had come.
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

    def facts(self) -> dict[str, Any]:
        """Return what this page knows of the columns of a landed look."""
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
    """A place to look."""

    def fetch(self, request: FetchRequest) -> Iterator[Page]:
        """Yield one page per HTTP answer, in order; the last one has no next.

        Pages that came before a failure have been yielded and are good: land them.

        Raises:
            UnreachableError: the source cannot be reached, or answers nonsense for good.
            ValueError: the request lacks what this source needs.
        """
        ...


@dataclass(frozen=True)
class Nonsense:
    """A whole answer with status 200 that is not what was asked for, by its hash and size."""

    address: str
    blob_id: str
    size: int
    reason: str

    @classmethod
    def of(cls, address: str, body: bytes, reason: str) -> "Nonsense":
        """Describe a body."""
        return cls(address, hashlib.sha256(body).hexdigest(), len(body), reason)


class UnreachableError(Exception):
    """A source could not be reached, or answered nonsense for good: exit code 3.

    ``detail`` holds the first 2,000 bytes of the last bad answer, empty where there was none.
    ``nonsense`` is that answer where it was whole, so that it can be refused by name.
    """

    def __init__(
        self,
        request: FetchRequest,
        address: str,
        reason: str,
        failed_at: datetime,
        detail: bytes,
        *,
        scope: Scope = "answer",
        nonsense: Nonsense | None = None,
    ) -> None:
        """Say on one line which feed, which day, why, and where."""
        self.request = request
        self.address = address
        self.reason = " ".join(reason.split())
        self.failed_at = failed_at
        self.detail = detail[:DETAIL_BYTES]
        self.scope = scope
        self.nonsense = nonsense
        day = f" of {request.feed_date}" if request.feed_date else ""
        super().__init__(f"{request.feed_id}{day}: {self.reason} ({address})")

    def record(self) -> dict[str, Any]:
        """Return the failed look as a row of the landing."""
        return {
            "feed_id": self.request.feed_id,
            "feed_date": self.request.feed_date,
            "failed_at": self.failed_at,
            "address": self.address,
            "reason": self.reason,
        }


class FailedTryError(Exception):
    """One try failed; another may not, unless it is final. Never leaves this package.

    ``pause_seconds`` is what the server asks for, None where it does not.
    """

    def __init__(
        self,
        reason: str,
        *,
        is_final: bool = False,
        pause_seconds: float | None = None,
        detail: bytes = b"",
        scope: Scope = "answer",
    ) -> None:
        """Remember why, and whether to try again."""
        super().__init__(reason)
        self.is_final = is_final
        self.pause_seconds = pause_seconds
        self.detail = detail
        self.scope = scope
        self.nonsense: Nonsense | None = None
