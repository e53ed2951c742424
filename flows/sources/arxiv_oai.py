"""arXiv by OAI-PMH: the records changed on a day, resumption token after token."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from flows.sources.base import FetchRequest, Page, make_look_id
from flows.sources.errors import FailedTryError
from flows.sources.http_client import Answer
from flows.sources.response_check import read_top_elements
from flows.sources.retrying_client import RetryingClient

_RESUMPTION = "OAI-PMH/ListRecords/resumptionToken"
_ERROR = "OAI-PMH/error"
_ROOTS = frozenset({"OAI-PMH"})


@dataclass(frozen=True)
class ArxivHarvest:
    """The records of a set (``cs``, ``cs:cs:LG``; empty: all) in one metadata format.

    The day of the request is that of the last change, in UTC, so the pages carry no feed date.
    Without a day all records are fetched.
    """

    client: RetryingClient
    address: str
    metadata_prefix: str = "arXiv"
    set_spec: str = ""
    most_pages: int = 10_000

    def fetch(self, request: FetchRequest) -> Iterator[Page]:
        """Yield one page per token; see Source. A day without records is one good page."""
        asked = self._parameters(request)
        query = urlencode(asked, safe=":")
        look_id = make_look_id(request, self.client.clock.now())
        seen: set[str] = set()
        for number in range(self.most_pages):
            address = f"{self.address}?{urlencode({'verb': 'ListRecords', **asked})}"
            answer, token = self.client.get(request, address, _read_token)
            yield Page(
                feed_id=request.feed_id,
                feed_date=None,
                page=str(number),
                query=query,
                look_id=look_id,
                page_limit=None,
                has_next=bool(token),
                captured_at=answer.captured_at,
                address=answer.address,
                body=answer.body,
            )
            if not token:
                return
            if token in seen:
                raise self.client.failure(request, address, "a resumption token comes back")
            seen.add(token)
            asked = {"resumptionToken": token}
        raise self.client.failure(request, address, f"more than {self.most_pages:,} pages")

    def _parameters(self, request: FetchRequest) -> dict[str, str]:
        asked = {"metadataPrefix": self.metadata_prefix}
        if request.feed_date:
            asked["from"] = asked["until"] = request.feed_date.isoformat()
        if self.set_spec:
            asked["set"] = self.set_spec
        return asked


def _read_token(answer: Answer) -> str:
    """Return the resumption token, empty on the last page.

    Raises:
        FailedTryError: the reply tells an error, or holds no list of records.
    """
    top = read_top_elements(answer, frozenset({_RESUMPTION, _ERROR}), _ROOTS)
    if top.counts[_ERROR]:
        code = top.codes.get(_ERROR, "error")
        if code == "noRecordsMatch":
            return ""
        reason = f"arXiv says {code}: {top.texts[_ERROR]}"
        raise FailedTryError(reason, is_final=True, detail=answer.body)
    if not top.counts["OAI-PMH/ListRecords"]:
        raise FailedTryError("a reply without records or reason", detail=answer.body)
    return top.texts.get(_RESUMPTION, "").strip()
