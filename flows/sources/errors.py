"""The errors of sources.

::

    SourceError
    ├── SourceConfigError (also a ValueError)   the feed's declaration does not fit its source
    ├── UnreachableError                        a fetch failed, and no more tries are made
    └── FailedTryError                          one try failed; never leaves this package
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from flows.sources.addresses import without_credentials
from flows.sources.base import FetchRequest

DETAIL_BYTES = 2000
"""How much of a bad answer is kept for the person who wants to know why."""

NO_SUCH_LIST = frozenset({400, 404, 410, 422})
"""The HTTP statuses that say that there is no such list: asking again gives the same answer."""

Scope = Literal["server", "answer", "list"]
"""What a failure says about the next fetches. ``server``: the server is out of reach. ``answer``:
it answers badly, and may do so again. ``list``: it answers well, but has no such list.
"""


class SourceError(Exception):
    """Any error of a source."""


class SourceConfigError(SourceError, ValueError):
    """No source has this name, or it lacks an option, a query or a date. Correct feeds.toml."""


@dataclass(frozen=True)
class UnreadableAnswer:
    """A whole answer with status 200 whose body is not what was asked for.

    ``blob_id`` is the sha256 of the body, ``size`` its length in bytes.
    """

    address: str
    blob_id: str
    size: int
    reason: str

    @classmethod
    def of(cls, address: str, body: bytes, reason: str) -> "UnreadableAnswer":
        """Describe a body."""
        return cls(
            without_credentials(address), hashlib.sha256(body).hexdigest(), len(body), reason
        )


class UnreachableError(SourceError):
    """A source could not be reached, or gave no readable answer. Try again later.

    ``failed_at`` is naive UTC. ``detail`` holds the first 2,000 bytes of the last bad answer, empty
    where there was none. ``unreadable`` is that answer where it was whole, so that it can be listed
    among the refused.
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
        unreadable: UnreadableAnswer | None = None,
    ) -> None:
        """Name feed, day, reason and address on one line."""
        self.request = request
        self.address = without_credentials(address)
        self.reason = " ".join(without_credentials(reason).split())
        self.failed_at = failed_at
        self.detail = detail[:DETAIL_BYTES]
        self.scope = scope
        self.unreadable = unreadable
        day = f" of {request.feed_date}" if request.feed_date else ""
        super().__init__(f"{request.feed_id}{day}: {self.reason} ({self.address})")


class FailedTryError(SourceError):
    """One try failed; another may not, unless this one is final.

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
        self.unreadable: UnreadableAnswer | None = None
