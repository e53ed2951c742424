"""The sources by name. A line in ``_OPENERS`` makes a source known to feeds.toml.

A source and the HTTP client are imported when they are opened: the names alone cost nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from types import TracebackType
from typing import TYPE_CHECKING, Literal

from flows.sources.addresses import encode_login
from flows.sources.arxiv import RETRY_POLICY as ARXIV_RETRY_POLICY
from flows.sources.arxiv import ArxivAddresses
from flows.sources.base import Source
from flows.sources.errors import SourceConfigError
from flows.sources.rate_limit import Clock, RetryPolicy

if TYPE_CHECKING:
    from flows.sources.huggingface import Period
    from flows.sources.retrying_client import RetryingClient

_SHOW_ONLY_NOW = frozenset({"hf-trending", "arxiv-rss", "arxiv-atom"})
"""Their addresses name no day: they show today's list, whatever day is asked for."""


def answers_for_past_days(source: str) -> bool:
    """Tell whether a source can be asked for the list of a day that is over."""
    return source not in _SHOW_ONLY_NOW


@dataclass
class SourceRegistry:
    """Opens sources. Use it in a ``with`` block, which closes the connections.

    Each server has one client, so that its pauses hold for all sources that ask it.
    """

    hf_endpoint: str
    arxiv_endpoint: str
    contact: str | None = None
    hf_token: str | None = field(default=None, repr=False)
    """Sent to the endpoint of Hugging Face alone."""
    clock: Clock = field(default_factory=Clock)
    hf_retry_policy: RetryPolicy = field(default_factory=RetryPolicy)
    arxiv_retry_policy: RetryPolicy = ARXIV_RETRY_POLICY

    def __post_init__(self) -> None:
        """Take the addresses so that what lets us in can be kept out of all that is shown."""
        self.hf_endpoint = encode_login(self.hf_endpoint)
        self.arxiv_endpoint = encode_login(self.arxiv_endpoint)

    def open(self, name: str, options: Mapping[str, str] | None = None) -> Source:
        """Return a source by its name; ``options`` are those of the feed, each a text.

        arxiv-query: ``search_query``, ``page_size``, ``most_results``; arxiv-rss and arxiv-atom:
        ``categories`` joined by ``+``; arxiv-oai: ``set``, ``metadata_prefix``.

        Raises:
            SourceConfigError: no source has this name, or an option is missing, wrong or unknown.
        """
        if name not in _OPENERS:
            raise SourceConfigError(f"no source is called {name!r}; there are {', '.join(NAMES)}")
        unused = dict(options or {})
        source = _OPENERS[name](self, unused)
        if unused:
            raise SourceConfigError(f"source {name!r} has no option {', '.join(sorted(unused))}")
        return source

    @cached_property
    def hf_client(self) -> "RetryingClient":
        """The client of Hugging Face."""
        return self._make_client(self.hf_retry_policy, self.hf_token)

    @cached_property
    def arxiv_client(self) -> "RetryingClient":
        """The client of arXiv."""
        return self._make_client(self.arxiv_retry_policy)

    def _make_client(self, retry_policy: RetryPolicy, token: str | None = None) -> "RetryingClient":
        from flows.sources.http_client import user_agent
        from flows.sources.retrying_client import RetryingClient

        return RetryingClient(retry_policy, self.clock, agent=user_agent(self.contact), token=token)

    def __enter__(self) -> "SourceRegistry":
        """Open nothing yet."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close all connections."""
        for name in ("hf_client", "arxiv_client"):
            if name in self.__dict__:
                self.__dict__[name].close()


def _open_daily_papers(
    registry: SourceRegistry,
    options: dict[str, str],  # noqa: ARG001 - it has none
    period: "Period",
    most_pages: int = 200,
) -> Source:
    from flows.sources.huggingface import DailyPapers

    return DailyPapers(registry.hf_client, registry.hf_endpoint.rstrip("/"), period, most_pages)


def _open_daily_papers_page(
    registry: SourceRegistry,
    options: dict[str, str],  # noqa: ARG001 - it has none
) -> Source:
    from flows.sources.huggingface import DailyPapersPage

    return DailyPapersPage(registry.hf_client, registry.hf_endpoint.rstrip("/"))


def _open_arxiv_query(registry: SourceRegistry, options: dict[str, str]) -> Source:
    from flows.sources.arxiv_query import ArxivQuery

    return ArxivQuery(
        registry.arxiv_client,
        ArxivAddresses.of(registry.arxiv_endpoint).query,
        options.pop("search_query", ""),
        _whole_number("page_size", options.pop("page_size", "200")),
        _whole_number("most_results", options.pop("most_results", "") or "0") or None,
    )


def _open_arxiv_announcements(
    registry: SourceRegistry, options: dict[str, str], form: Literal["rss", "atom"]
) -> Source:
    from flows.sources.arxiv_announcements import ArxivAnnouncements

    categories = options.pop("categories", "")
    if not categories:
        raise SourceConfigError(
            f"source 'arxiv-{form}' needs the option categories, as in cs.LG+cs.CL"
        )
    address = ArxivAddresses.of(registry.arxiv_endpoint).announcements
    return ArxivAnnouncements(registry.arxiv_client, address, tuple(categories.split("+")), form)


def _open_arxiv_harvest(registry: SourceRegistry, options: dict[str, str]) -> Source:
    from flows.sources.arxiv_oai import ArxivHarvest

    return ArxivHarvest(
        registry.arxiv_client,
        ArxivAddresses.of(registry.arxiv_endpoint).harvest,
        options.pop("metadata_prefix", "arXiv"),
        options.pop("set", ""),
    )


def _whole_number(option: str, text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise SourceConfigError(f"option {option}: {error}") from error


_Opener = Callable[[SourceRegistry, dict[str, str]], Source]
"""Opens a source, and takes out of the options what it uses."""

_OPENERS: dict[str, _Opener] = {
    "hf-date": partial(_open_daily_papers, period="date"),
    "hf-week": partial(_open_daily_papers, period="week"),
    "hf-month": partial(_open_daily_papers, period="month"),
    "hf-trending": partial(_open_daily_papers, period="trending", most_pages=1),
    "hf-page": _open_daily_papers_page,
    "arxiv-query": _open_arxiv_query,
    "arxiv-rss": partial(_open_arxiv_announcements, form="rss"),
    "arxiv-atom": partial(_open_arxiv_announcements, form="atom"),
    "arxiv-oai": _open_arxiv_harvest,
}

NAMES = tuple(_OPENERS)
