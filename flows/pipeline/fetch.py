"""Looks that we take ourselves: fetched, landed, and failures landed too."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from typing import Any

from config.feeds import Feed
from config.settings import ConfigError
from flows.pipeline.land import Capture, LandingState, identify, parse, without_erased
from flows.report import Report
from flows.schedule.due import DueFetch
from flows.sources.arxiv import RETRY_POLICY as ARXIV_RETRY_POLICY
from flows.sources.base import FetchRequest, Page, Source
from flows.sources.errors import UnreachableError, UnreadableAnswer
from flows.sources.rate_limit import Clock, RetryPolicy
from flows.sources.registry import SourceRegistry
from flows.workspace import Workspace
from transforms.parse.recognise import UnknownFormatError, recognise
from warehouse.landing import FAILED, REFUSED

FETCHES_PER_BATCH = 20
_BAD_ANSWERS_IN_A_ROW = 3
"""A server that answered so many looks badly is left alone for the rest of the run."""


def open_registry(workspace: Workspace) -> AbstractContextManager[SourceRegistry]:
    """Open the sources at the addresses that the settings give."""
    settings = workspace.settings
    return SourceRegistry(
        settings.hf_endpoint,
        settings.arxiv_endpoint,
        settings.contact,
        clock=Clock(now=workspace.now),
        hf_retry_policy=RetryPolicy(tries=settings.fetch_tries),
        arxiv_retry_policy=replace(ARXIV_RETRY_POLICY, tries=settings.fetch_tries),
    )


def fetch_due(
    due: Iterable[DueFetch],
    workspace: Workspace,
    registry: SourceRegistry,
    state: LandingState,
    report: Report,
    unreachable: set[str],
) -> list[Capture]:
    """Take the looks, store their pages, failures and refused answers; return what landed.

    A source that cannot be reached is not asked again in the same run: ``unreachable`` remembers.

    Raises:
        ConfigError: a feed names a source that there is none of, or not what its source needs.
    """
    taking = _Taking(workspace, report, state)
    bad_answers: Counter[str] = Counter()
    for capture in due:
        feed = workspace.feeds[capture.feed_id]
        name = str(feed.source)
        if name in unreachable:
            taking.fail(capture, "not tried: the source could not be reached")
            continue
        try:
            taking.take(capture, feed, _open(registry, feed))
            bad_answers[name] = 0
        except UnreachableError as error:
            taking.fail(capture, error.reason, error)
            bad_answers[name] += error.scope == "answer"
            if error.scope == "server" or bad_answers[name] >= _BAD_ANSWERS_IN_A_ROW:
                unreachable.add(name)
    taking.store()
    return taking.captures


def examine_page(page: Page, feed: Feed) -> Capture:
    """Return the look that a fetched page is.

    Raises:
        UnknownFormatError: the answer is of no known format.
    """
    recognised = recognise(page.body)
    format_ = recognised.format
    parsed, error = parse(format_, recognised.document, page.feed_date, page.captured_at)
    facts = {
        **page.facts(),
        "kind": feed.kind,
        "format": format_.name,
        "captured_after": None,
        "feed_date": page.feed_date or parsed.feed_date,
    }
    return Capture(identify(facts, feed), format_, parsed, page.address, error)


@dataclass
class _Taking:
    """What a batch of looks gave so far."""

    workspace: Workspace
    report: Report
    state: LandingState
    captures: list[Capture] = field(default_factory=list)
    failures: list[tuple[Any, ...]] = field(default_factory=list)
    refused: list[tuple[Any, ...]] = field(default_factory=list)

    def take(self, due: DueFetch, feed: Feed, source: Source) -> None:
        """Take one look page by page. It ends at the first page that we cannot read: a look that
        goes on without a page of its middle would pass for a whole one.
        """
        request = FetchRequest(due.feed_id, due.feed_date)
        for page in _pages(source, request, feed):
            self.report.captures["seen"] += 1
            try:
                capture = examine_page(page, feed)
            except UnknownFormatError as error:
                self.report.captures["seen"] -= 1
                raise UnreachableError(
                    request,
                    page.address,
                    f"an answer of no known format: {error}",
                    page.captured_at,
                    page.body,
                    unreadable=UnreadableAnswer.of(page.address, page.body, str(error)),
                ) from error
            self.captures.append(without_erased(capture, self.state, self.workspace))

    def fail(self, due: DueFetch, reason: str, error: UnreachableError | None = None) -> None:
        """Record a look that failed, and the answer that it failed of."""
        self.report.failed.append(
            {"feed_id": due.feed_id, "feed_date": due.feed_date, "reason": reason}
        )
        failed_at = error.failed_at if error else self.workspace.now()
        address = error.address if error else None
        self.failures.append((due.feed_id, due.feed_date, failed_at, address, reason))
        if error and error.unreadable:
            self._refuse(error.unreadable)

    def _refuse(self, answer: UnreadableAnswer) -> None:
        self.report.captures["seen"] += 1
        self.report.captures["refused"] += 1
        self.report.refused.append({"path": answer.address, "reason": answer.reason})
        key = (answer.address, f"{answer.reason}|{answer.blob_id}")
        if key not in self.state.refused:
            self.state.refused.add(key)
            self.report.newly["refused"] += 1
            row = (answer.address, answer.size, answer.blob_id, answer.reason, self.workspace.now())
            self.refused.append(row)

    def store(self) -> None:
        """Hand everything to the landing."""
        fresh = [
            capture.facts
            for capture in self.captures
            if capture.capture_id not in self.state.captures
        ]
        self.state.write_captures(self.workspace, fresh)
        origins = [
            (capture.capture_id, "fetch", capture.path, capture.facts["captured_at"])
            for capture in self.captures
        ]
        self.state.write_origins(self.workspace, origins)
        self.state.write(self.workspace, "failed", self.failures, FAILED)
        self.state.write(self.workspace, "refused", self.refused, REFUSED)
        self.state.seen_in_run |= {capture.capture_id for capture in self.captures}


def _open(registry: SourceRegistry, feed: Feed) -> Source:
    try:
        return registry.open(str(feed.source), feed.options)
    except ValueError as error:
        raise ConfigError(f"feeds.toml: feed {feed.feed_id!r}: {error}") from error


def _pages(source: Source, request: FetchRequest, feed: Feed) -> Iterator[Page]:
    try:
        yield from source.fetch(request)
    except ValueError as error:
        raise ConfigError(f"feeds.toml: feed {feed.feed_id!r}: {error}") from error
