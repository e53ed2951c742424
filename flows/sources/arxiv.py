"""arXiv: its servers, the query API page by page, and the daily announcements."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Literal
from urllib.parse import quote, urlencode, urlsplit

from flows.sources.base import FailedTryError, FetchRequest, Page
from flows.sources.http_client import Answer
from flows.sources.rate_limit import RetryPolicy
from flows.sources.response_check import outline
from flows.sources.retrying_client import RetryingClient

RETRY_POLICY = RetryPolicy(
    tries=6,
    deadline_seconds=900.0,
    backoff_seconds=3.0,
    gap_seconds=3.0,  # https://info.arxiv.org/help/api/tou.html: one request every three seconds
    read_seconds=120.0,  # a cold OAI page takes up to 90 s before its first byte
)
_MOST_ANNOUNCEMENTS = 2000  # https://info.arxiv.org/help/rss.html
_MOST_RESULTS = 30_000  # https://info.arxiv.org/help/api/user-manual.html, 3.1.1.2

_QUERY_WANTED = frozenset(
    {"feed/totalResults", "feed/startIndex", "feed/entry/id", "feed/entry/summary"}
)


@dataclass(frozen=True)
class ArxivAddresses:
    """Where the services are: the query API, the announcements (before /rss), OAI-PMH."""

    query: str
    announcements: str
    harvest: str

    @classmethod
    def of(cls, endpoint: str) -> "ArxivAddresses":
        """Return the services of arXiv itself, or of one server that stands in for all of them."""
        endpoint = endpoint.rstrip("/")
        query = f"{endpoint}/api/query"
        if urlsplit(endpoint).hostname in {"export.arxiv.org", "arxiv.org"}:
            # export.arxiv.org/oai2 redirects there since March 2025.
            return cls(query, "https://rss.arxiv.org", "https://oaipmh.arxiv.org/oai")
        return cls(query, endpoint, f"{endpoint}/oai2")


@dataclass(frozen=True)
class ArxivQuery:
    """The Atom replies to a query, newest submissions first, oldest first where days are asked for.

    ``most_results`` ends an open query; None takes all. The pages carry no feed date: the day of a
    submission is not the day of its announcement.
    """

    client: RetryingClient
    address: str
    search_query: str = ""
    page_size: int = 200
    most_results: int | None = None

    def fetch(self, request: FetchRequest) -> Iterator[Page]:
        """Yield the pages of the reply; see Source. A ``query`` of the request replaces our own."""
        search = self._search(request)
        look_id = f"{request.feed_id}/{self.client.clock.now().isoformat()}"
        start = 0
        for number in count():
            size = min(self.page_size, (self.most_results or start + self.page_size) - start)
            address = f"{self.address}?{urlencode(self._parameters(search, request, start, size))}"
            peek = partial(_peek_reply, start=start)
            answer, (entries, total) = self.client.get(request, address, peek)
            start += entries
            yield Page(
                feed_id=request.feed_id,
                feed_date=None,
                page=str(number),
                query=search,
                look_id=look_id,
                page_limit=size,
                has_next=start < total,
                captured_at=answer.captured_at,
                address=answer.address,
                body=answer.body,
            )
            if start >= min(total, self.most_results or total):
                return
            if start >= _MOST_RESULTS:
                reason = f"{total:,} results, more than the API gives: narrow the query"
                raise self.client.failure(request, address, reason)

    def _search(self, request: FetchRequest) -> str:
        search = request.query or self.search_query
        if request.feed_date:
            last = request.until_date or request.feed_date
            days = f"submittedDate:[{request.feed_date:%Y%m%d}0000 TO {last:%Y%m%d}2359]"
            search = f"({search}) AND {days}" if search else days
        if not search:
            raise ValueError("a look at the arXiv query API needs a query or a date")
        return search

    def _parameters(
        self, search: str, request: FetchRequest, start: int, size: int
    ) -> dict[str, str | int]:
        return {
            "search_query": search,
            "start": start,
            "max_results": size,
            "sortBy": "submittedDate",
            "sortOrder": "ascending" if request.feed_date else "descending",
        }


@dataclass(frozen=True)
class ArxivAnnouncements:
    """The announcements of the day for some categories, as RSS or Atom.

    The address names no day, so the pages carry no feed date: the body says its own.
    """

    client: RetryingClient
    address: str
    categories: tuple[str, ...]
    form: Literal["rss", "atom"] = "rss"

    def fetch(self, request: FetchRequest) -> Iterator[Page]:
        """Yield the one page; see Source."""
        listed = quote("+".join(self.categories), safe="+.-")
        address = f"{self.address}/{self.form}/{listed}"
        roots = frozenset({"rss", "RDF"} if self.form == "rss" else {"feed"})
        look_id = f"{request.feed_id}/{self.client.clock.now().isoformat()}"
        answer, _ = self.client.get(
            request, address, lambda answer: outline(answer, frozenset(), roots)
        )
        yield Page(
            feed_id=request.feed_id,
            feed_date=None,
            page=None,
            query=listed,
            look_id=look_id,
            page_limit=_MOST_ANNOUNCEMENTS,
            has_next=None,
            captured_at=answer.captured_at,
            address=answer.address,
            body=answer.body,
        )


def _peek_reply(answer: Answer, start: int) -> tuple[int, int]:
    """Return how many entries a reply holds, and how many there are in all."""
    seen = outline(answer, _QUERY_WANTED, frozenset({"feed"}))
    if "/api/errors" in seen.texts.get("feed/entry/id", ""):
        reason = f"arXiv says: {seen.texts.get('feed/entry/summary', 'no reason')}"
        raise FailedTryError(reason, is_final=True, detail=answer.body)
    total, shown = seen.number("feed/totalResults"), seen.number("feed/startIndex")
    entries = seen.counts["feed/entry"]
    if total is None:
        raise FailedTryError("a reply without totalResults", detail=answer.body)
    if entries == 0 and start < total:
        # Known of this API: the same request is answered in full a moment later.
        raise FailedTryError(f"an empty page at {start:,} of {total:,}", detail=answer.body)
    if entries and shown not in (None, start):
        raise FailedTryError(f"the page at {shown:,}, not at {start:,}", detail=answer.body)
    return entries, total
