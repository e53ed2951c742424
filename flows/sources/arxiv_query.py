"""arXiv's query API: the papers that match a query, page by page, as Atom."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import count
from urllib.parse import urlencode

from flows.sources.base import FetchRequest, Page, make_look_id
from flows.sources.errors import FailedTryError, SourceConfigError
from flows.sources.http_client import Answer
from flows.sources.response_check import read_top_elements
from flows.sources.retrying_client import RetryingClient

_MOST_RESULTS = 30_000  # https://info.arxiv.org/help/api/user-manual.html, 3.1.1.2
_TEXTS_KEPT = frozenset(
    {"feed/totalResults", "feed/startIndex", "feed/entry/id", "feed/entry/summary"}
)


@dataclass(frozen=True)
class ArxivQuery:
    """The papers that match a query; those submitted on a day where the request names one.

    Oldest submissions come first where a day is asked for, else the newest. ``most_results`` bounds
    how many are fetched; None fetches all. The pages carry no feed date: the day of a submission is
    not the day of its announcement.
    """

    client: RetryingClient
    address: str
    search_query: str = ""
    page_size: int = 200
    most_results: int | None = None

    def fetch(self, request: FetchRequest) -> Iterator[Page]:
        """Yield the pages of the reply; see Source."""
        search = self._search(request)
        look_id = make_look_id(request, self.client.clock.now())
        start = 0
        for number in count():
            size = min(self.page_size, (self.most_results or start + self.page_size) - start)
            address = f"{self.address}?{urlencode(self._parameters(search, request, start, size))}"
            check = partial(_check_reply, start=start)
            answer, (entries, total) = self.client.get(request, address, check)
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
        search = self.search_query
        if request.feed_date:
            day = f"{request.feed_date:%Y%m%d}"
            submitted = f"submittedDate:[{day}0000 TO {day}2359]"
            search = f"({search}) AND {submitted}" if search else submitted
        if not search:
            raise SourceConfigError("a fetch from the arXiv query API needs a query or a date")
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


def _check_reply(answer: Answer, start: int) -> tuple[int, int]:
    """Return how many entries a reply holds, and how many results there are in all.

    Raises:
        FailedTryError: the reply tells an error, lacks its total, or is another page.
    """
    top = read_top_elements(answer, _TEXTS_KEPT, frozenset({"feed"}))
    if "/api/errors" in top.texts.get("feed/entry/id", ""):
        reason = f"arXiv says: {top.texts.get('feed/entry/summary', 'no reason')}"
        raise FailedTryError(reason, is_final=True, detail=answer.body)
    total, shown = top.number("feed/totalResults"), top.number("feed/startIndex")
    entries = top.counts["feed/entry"]
    if total is None:
        raise FailedTryError("a reply without totalResults", detail=answer.body)
    if entries == 0 and start < total:
        # Known of this API: the same request is answered in full a moment later.
        raise FailedTryError(f"an empty page at {start:,} of {total:,}", detail=answer.body)
    if entries and shown not in (None, start):
        raise FailedTryError(f"the page at {shown:,}, not at {start:,}", detail=answer.body)
    return entries, total
