"""arXiv's announcements of the day, as RSS or Atom."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Literal
from urllib.parse import quote

from flows.sources.base import FetchRequest, Page, make_look_id
from flows.sources.errors import FailedTryError
from flows.sources.http_client import Answer
from flows.sources.response_check import read_top_elements
from flows.sources.retrying_client import RetryingClient

_MOST_ANNOUNCEMENTS = 2000  # https://info.arxiv.org/help/rss.html


_ERROR_TITLE = "Feed error for query"
_TEXTS_KEPT = frozenset(
    {"rss/channel/title", "rss/channel/description", "feed/title", "feed/subtitle"}
)


@dataclass(frozen=True)
class ArxivAnnouncements:
    """The announcements of the day for some categories.

    The address names no day, so the page carries no feed date: the body says its own.
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
        look_id = make_look_id(request, self.client.clock.now())
        answer, _ = self.client.get(request, address, partial(_check, roots=roots))
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


def _check(answer: Answer, roots: frozenset[str]) -> None:
    """Raise unless an answer is a list of announcements.

    Raises:
        FailedTryError: it is no such feed, or says that the query is at fault.
    """
    top = read_top_elements(answer, _TEXTS_KEPT, roots)
    titles = [top.texts.get(path, "") for path in ("rss/channel/title", "feed/title")]
    if any(title.strip().startswith(_ERROR_TITLE) for title in titles):
        said = top.texts.get("rss/channel/description") or top.texts.get("feed/subtitle")
        reason = f"arXiv says: {(said or 'an error without a reason').strip()}"
        raise FailedTryError(reason, is_final=True, detail=answer.body)
