"""The sources by name, each server with one fetcher, so that its pauses are kept by all."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import TracebackType
from typing import cast

from flows.sources.arxiv import RETRY_POLICY as ARXIV_RETRY_POLICY
from flows.sources.arxiv import ArxivAddresses, ArxivAnnouncements, ArxivQuery
from flows.sources.arxiv_oai import ArxivHarvest
from flows.sources.base import Source
from flows.sources.http_client import user_agent
from flows.sources.huggingface import DailyPapers, DailyPapersPage, Period
from flows.sources.names import NAMES
from flows.sources.rate_limit import Clock, RetryPolicy
from flows.sources.retrying_client import Progress, RetryingClient, say_nothing


@dataclass
class SourceRegistry:
    """Opens sources. Use it in a ``with`` block, which closes the connections."""

    hf_endpoint: str
    arxiv_endpoint: str
    contact: str | None = None
    progress: Progress = say_nothing
    clock: Clock = field(default_factory=Clock)
    hf_retry_policy: RetryPolicy = field(default_factory=RetryPolicy)
    arxiv_retry_policy: RetryPolicy = ARXIV_RETRY_POLICY

    def open(self, name: str, options: Mapping[str, str] | None = None) -> Source:
        """Return a source by its name; ``options`` are those of its kind, each a text.

        arxiv-query: ``search_query``, ``page_size``, ``most_results``; arxiv-rss and arxiv-atom:
        ``categories`` joined by ``+``; arxiv-oai: ``set``, ``metadata_prefix``.

        Raises:
            ValueError: no source has this name, or an option is missing or unknown.
        """
        given = dict(options or {})
        source = self._open(name, given)
        if given:
            raise ValueError(f"source {name!r} has no option {', '.join(sorted(given))}")
        return source

    def _open(self, name: str, given: dict[str, str]) -> Source:
        """Build a source, taking out of ``given`` what it uses."""
        if name == "hf-page":
            return DailyPapersPage(self._hf, self.hf_endpoint.rstrip("/"))
        if name in ("hf-date", "hf-week", "hf-month", "hf-trending"):
            period = cast("Period", name.removeprefix("hf-"))
            pages = 1 if period == "trending" else 200
            return DailyPapers(self._hf, self.hf_endpoint.rstrip("/"), period, pages)
        places = ArxivAddresses.of(self.arxiv_endpoint)
        if name == "arxiv-query":
            most = given.pop("most_results", None)
            return ArxivQuery(
                self._arxiv,
                places.query,
                given.pop("search_query", ""),
                int(given.pop("page_size", "200")),
                int(most) if most else None,
            )
        if name in ("arxiv-rss", "arxiv-atom"):
            if not given.get("categories"):
                raise ValueError(f"source {name!r} needs the option categories, as in cs.LG+cs.CL")
            categories = tuple(given.pop("categories").split("+"))
            return ArxivAnnouncements(
                self._arxiv,
                places.announcements,
                categories,
                "rss" if name == "arxiv-rss" else "atom",
            )
        if name == "arxiv-oai":
            prefix = given.pop("metadata_prefix", "arXiv")
            return ArxivHarvest(self._arxiv, places.harvest, prefix, given.pop("set", ""))
        raise ValueError(f"no source is called {name!r}; there are {', '.join(NAMES)}")

    @cached_property
    def _hf(self) -> RetryingClient:
        agent = user_agent(self.contact)
        return RetryingClient(self.hf_retry_policy, self.clock, self.progress, agent=agent)

    @cached_property
    def _arxiv(self) -> RetryingClient:
        agent = user_agent(self.contact)
        return RetryingClient(self.arxiv_retry_policy, self.clock, self.progress, agent=agent)

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
        for name in ("_hf", "_arxiv"):
            if name in self.__dict__:
                self.__dict__[name].close()
