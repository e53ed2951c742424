"""The sources of the feeds that a run asks, opened at the addresses of the settings."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import replace

from config.feeds import Feed
from config.settings import ConfigError
from flows.sources.arxiv import RETRY_POLICY as ARXIV_RETRY_POLICY
from flows.sources.base import Source
from flows.sources.rate_limit import Clock, RetryPolicy
from flows.sources.registry import SourceRegistry
from flows.workspace import Workspace


def open_registry(workspace: Workspace) -> AbstractContextManager[SourceRegistry]:
    """Open the sources at the addresses that the settings give."""
    settings = workspace.settings
    return SourceRegistry(
        settings.hf_endpoint,
        settings.arxiv_endpoint,
        settings.contact,
        hf_token=settings.hf_token,
        clock=Clock(now=workspace.now),
        hf_retry_policy=RetryPolicy(tries=settings.fetch_tries),
        arxiv_retry_policy=replace(ARXIV_RETRY_POLICY, tries=settings.fetch_tries),
    )


def open_sources(
    registry: SourceRegistry, feeds: Iterable[Feed]
) -> dict[str, Source | ConfigError]:
    """Return the source of each feed, by its id, or what is wrong with how it is declared.

    Raises:
        ConfigError: all of them are declared wrongly.
    """
    opened: dict[str, Source | ConfigError] = {}
    for feed in feeds:
        try:
            opened[feed.feed_id] = registry.open(str(feed.source), feed.options)
        except ValueError as error:
            opened[feed.feed_id] = wrongly_declared(feed, error)
    wrong = [found for found in opened.values() if isinstance(found, ConfigError)]
    if wrong and len(wrong) == len(opened):
        raise wrong[0]
    return opened


def wrongly_declared(feed: Feed, error: ValueError) -> ConfigError:
    """Return the error that names the feed, and what its source cannot use."""
    return ConfigError(f"feeds.toml: feed {feed.feed_id!r}: {error}")
