"""Hugging Face: the daily_papers API by date, week, month or trend, and the web page of a date."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal
from urllib.parse import parse_qsl, urlencode

import httpx

from flows.sources.base import FetchRequest, Page, make_look_id
from flows.sources.errors import FailedTryError, SourceConfigError
from flows.sources.http_client import Answer
from flows.sources.response_check import count_entries
from flows.sources.retrying_client import RetryingClient

Period = Literal["date", "week", "month", "trending"]

_LARGEST_PAGE = 100
_USUAL_PAGE = 50
"""What the site shows where nobody says how many, and a server that ignores the limit gives."""
_PUBLIC_HOST = "huggingface.co"
"""Where the next links lead that a mirror of the public server passes on."""


@dataclass(frozen=True)
class DailyPapers:
    """The JSON list of a date, of the ISO week or month that a date lies in, or of the trend.

    Only the list of a date has a feed date. The trend ranks everything: no more than ``most_pages``
    of it are fetched, while for any other list more pages are an error.
    """

    client: RetryingClient
    endpoint: str
    period: Period = "date"
    most_pages: int = 200

    def fetch(self, request: FetchRequest) -> Iterator[Page]:
        """Yield the pages of the list, following ``Link: rel="next"``; see Source.

        A full page without a link does not prove the end: then the next number is asked for.
        """
        selection = _select(self.period, request.feed_date)
        shared = _Shared.begin(request, self.client, self.period, selection)
        asked = {**selection, "limit": str(_LARGEST_PAGE), "p": "0"}
        seen: set[str] = set()
        largest = 0
        for page in range(self.most_pages):
            address = f"{self.endpoint}/api/daily_papers?{urlencode(asked)}"
            if address in seen:
                raise self.client.failure(request, address, "the links go round in a circle")
            answer, entries = self.client.get(request, address, count_entries)
            body = hashlib.sha256(answer.body).hexdigest()
            if entries and body in seen:
                reason = "a page repeats one before it"
                raise self.client.failure(request, address, reason, answer.body)
            seen |= {address, body}
            largest = max(largest, entries)
            is_full = entries >= _LARGEST_PAGE or entries == largest == _USUAL_PAGE
            has_next = answer.next_link is not None or is_full
            yield shared.page(answer, str(page), has_next)
            if not has_next:
                return
            if answer.next_link is None:
                asked |= {"p": str(page + 1)}
            else:
                asked = self._read_link(answer.next_link, request, answer) | selection
        if self.period != "trending":
            raise self.client.failure(request, address, f"more than {self.most_pages} pages")

    def _read_link(self, link: str, request: FetchRequest, answer: Answer) -> dict[str, str]:
        """Return the parameters of a next link that leads to the same list of the same server."""
        try:
            own = httpx.URL(answer.address)
            target = own.join(link)
            place = (target.host, target.port)
        except (httpx.InvalidURL, ValueError) as error:
            reason = f"the next link is no address: {link[:200]!r}"
            raise self.client.failure(request, answer.address, reason) from error
        is_here = place == (own.host, own.port)
        is_public = place[0] == _PUBLIC_HOST
        if not (is_here or is_public) or target.path.rpartition("/")[2] != "daily_papers":
            reason = f"the next link leads elsewhere: {str(target)[:200]}"
            raise self.client.failure(request, answer.address, reason)
        return dict(parse_qsl(target.query.decode("ascii", "replace")))


@dataclass(frozen=True)
class DailyPapersPage:
    """The web page of a date, with its list as JSON in an attribute."""

    client: RetryingClient
    endpoint: str

    def fetch(self, request: FetchRequest) -> Iterator[Page]:
        """Yield the one page; see Source. A page that leads to another date is an error."""
        day = _need_date(request.feed_date)
        address = f"{self.endpoint}/papers/date/{day}"
        shared = _Shared.begin(request, self.client, "date", {})

        def check(answer: Answer) -> None:
            if not httpx.URL(answer.address).path.endswith(f"/papers/date/{day}"):
                reason = f"the page of the date leads to {answer.address}"
                raise FailedTryError(reason, is_final=True)
            _need_list(answer.body)

        answer, _ = self.client.get(request, address, check)
        yield shared.page(answer, None, None)


@dataclass(frozen=True)
class _Shared:
    """What the pages of one fetch have in common; ``shown`` is the list's name in the address."""

    request: FetchRequest
    period: Period
    shown: str
    look_id: str

    @classmethod
    def begin(
        cls,
        request: FetchRequest,
        client: RetryingClient,
        period: Period,
        selection: dict[str, str],
    ) -> "_Shared":
        shown = urlencode(selection)
        return cls(request, period, shown, make_look_id(request, client.clock.now(), shown))

    def page(self, answer: Answer, page: str | None, has_next: bool | None) -> Page:
        is_day = self.period == "date"
        return Page(
            feed_id=self.request.feed_id,
            feed_date=self.request.feed_date if is_day else None,
            page=page,
            query=None if is_day else self.shown,
            look_id=self.look_id,
            page_limit=None if page is None else _LARGEST_PAGE,
            has_next=has_next,
            captured_at=answer.captured_at,
            address=answer.address,
            body=answer.body,
            is_of_days=self.period in ("week", "month"),
        )


def _select(period: Period, day: date | None) -> dict[str, str]:
    """Return the parameter that selects a list."""
    if period == "trending":
        return {"sort": "trending"}
    day = _need_date(day)
    if period == "week":
        year, week, _ = day.isocalendar()
        return {"week": f"{year}-W{week:02}"}
    return {period: day.isoformat() if period == "date" else f"{day:%Y-%m}"}


def _need_date(day: date | None) -> date:
    if day is None:
        raise SourceConfigError("a fetch of the daily papers needs a feed date")
    return day


def _need_list(body: bytes) -> None:
    """Raise unless a web page holds the list of papers."""
    if b'data-target="DailyPapers"' not in body or not re.search(rb'data-props="[^"]+"', body):
        raise FailedTryError("a page without the list of papers", detail=body)
