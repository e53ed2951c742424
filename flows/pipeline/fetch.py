"""Fetches to landed captures; fetches that failed are recorded too."""

from collections import Counter
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from config.feeds import Feed
from config.settings import ConfigError
from flows.clock import now
from flows.pipeline.capture import (
    NO_MEMORY,
    Capture,
    identify,
    parse,
    read_format,
    reading_context,
    weigh,
)
from flows.pipeline.deadline import TooSlowError, deadline
from flows.pipeline.erased import LOST
from flows.pipeline.inputs import DueFetch
from flows.pipeline.land import LandingState, without_erased
from flows.pipeline.open_sources import open_sources, wrongly_declared
from flows.report import FailedFetch, Outcome, Refused
from flows.sources.base import AGAIN, FetchRequest, Page, Source
from flows.sources.errors import SourceConfigError, UnreachableError, UnreadableAnswer
from flows.sources.rate_limit import Clock
from flows.sources.registry import SourceRegistry
from flows.workspace import Workspace
from transforms.parse.entry import Parsed
from transforms.parse.recognise import UnknownFormatError
from transforms.quarantine import days_elsewhere, join_days
from warehouse.counted import say_count
from warehouse.landing_records import FAILED, REFUSED

_FETCHES = 20
"""After so many fetches what they gave is stored and loaded."""
_BAD_ANSWERS_IN_A_ROW = 3
"""A server that gave so many bad answers in a row is left alone for the rest of the run."""


def fetch_due(
    due: Iterable[DueFetch],
    workspace: Workspace,
    registry: SourceRegistry,
    state: LandingState,
) -> Iterator[tuple[list[Capture], Outcome]]:
    """Make the fetches; store their pages, failures and refused answers as they come.

    Yields what landed since the last time, and the outcome: after so many fetches or bytes, also
    amid a fetch. A source that cannot be reached is not asked again.

    Raises:
        ConfigError: no feed can be asked: each names an unknown source, or options that its source
            does not know. Where others can be asked, the fetches of such a feed fail.
    """
    wanted = list(due)
    feeds = {fetch.feed_id: workspace.feeds[fetch.feed_id] for fetch in wanted}
    opened = open_sources(registry, feeds.values())
    unreachable: set[str] = set()
    bad_answers: Counter[str] = Counter()
    batch = _Batch(workspace, state, registry.clock)
    for fetch in wanted:
        feed = workspace.feeds[fetch.feed_id]
        name, source = str(feed.source), opened[feed.feed_id]
        if isinstance(source, ConfigError):
            batch.fail(fetch, str(source))
            continue
        if name in unreachable:
            batch.fail(fetch, "not tried: the source could not be reached")
            continue
        try:
            for _ in batch.fetch(fetch, feed, source):
                if batch.is_full:
                    yield batch.store()
            bad_answers[name] = 0
        except UnreachableError as error:
            batch.fail(fetch, error.reason, error)
            bad_answers[name] += error.scope == "answer"
            if error.scope == "server" or bad_answers[name] >= _BAD_ANSWERS_IN_A_ROW:
                unreachable.add(name)
        batch.fetches += 1
        if batch.is_full:
            yield batch.store()
    yield batch.store()


def examine_page(page: Page, feed: Feed, seconds: float) -> Capture:
    """Return the capture that a fetched page is.

    Raises:
        UnknownFormatError: the answer is of no known format, or takes longer or more memory.
    """
    try:
        with deadline(seconds):
            recognised = read_format(page.body)
            format_ = recognised.format
            context = reading_context(feed, page.feed_date, page.captured_at)
            parsed, error = parse(format_, recognised.document, context)
    except TooSlowError as slow:
        raise UnknownFormatError(str(slow)) from slow
    except MemoryError as lacking:
        raise UnknownFormatError(NO_MEMORY) from lacking
    # an answer about several days is not the list of one, even if this page shows just one
    stated = None if page.is_of_days else parsed.feed_date
    facts = {
        **page.facts(),
        "kind": feed.kind,
        "format": format_.name,
        "captured_after": None,
        "feed_date": page.feed_date or stated,
    }
    facts, weight = identify(facts, feed), weigh(recognised, parsed)
    return Capture(facts, format_, parsed, page.address, error, weight)


def _say_other_days(page: Page, parsed: Parsed) -> str | None:
    """Return why a page is not of the day, week or month that was asked for; None where it is."""
    if page.feed_date:
        others, asked = parsed.other_days(page.feed_date), str(page.feed_date)
    else:
        others, asked = days_elsewhere(parsed, page.query), str(page.query)
    return f"the answer is the list of {join_days(others)}, not of {asked}" if others else None


@dataclass(frozen=True)
class _Overlap:
    """How many papers stand on two pages of a look, and its last page."""

    papers: int
    last: Page


class _Batch:
    """What a batch of fetches gave: captures, failures and refused answers."""

    def __init__(self, workspace: Workspace, state: LandingState, clock: Clock) -> None:
        self.workspace = workspace
        self.state = state
        self.clock = clock
        self._begin()

    def _begin(self) -> None:
        self.captures: list[Capture] = []
        self.failures: list[tuple[Any, ...]] = []
        self.refused: list[tuple[Any, ...]] = []
        self.shown: list[Refused] = []
        self.counts: Counter[str] = Counter()
        self.fetches = 0
        self._bytes = 0

    @property
    def is_full(self) -> bool:
        """Whether it is time to store: what waits is held in memory."""
        return self.fetches >= _FETCHES or self._bytes >= self.workspace.settings.batch_bytes

    def fetch(self, due: DueFetch, feed: Feed, source: Source) -> Iterator[None]:
        """Make one fetch, and yield after each page.

        Where pages overlap, the list moved while it was paged and others may be lost: then all
        pages are fetched again, once.
        """
        request = FetchRequest(due.feed_id, due.feed_date)
        until = self.clock.monotonic() + self.workspace.settings.fetch_seconds
        overlap = yield from self._take_pages(request, feed, source, until)
        if overlap is None:
            return
        overlap = yield from self._take_pages(request, feed, source, until, AGAIN)
        if overlap:
            page, papers = overlap.last, overlap.papers
            shown = say_count(papers, "paper")
            reason = f"the pages overlap, also when fetched again: {shown} came twice"
            raise UnreachableError(
                request, page.address, reason, page.captured_at, b"", scope="list"
            )

    def _take_pages(
        self, request: FetchRequest, feed: Feed, source: Source, until: float, name: str = ""
    ) -> Generator[None, None, _Overlap | None]:
        """Take the pages of a look; ``name`` is added to its id, and ``until`` is a moment of the
        monotonic clock. Returns how they overlap.

        It ends at the first page that we cannot read, or that is of another day: without a page of
        its middle it would pass for a whole one.
        """
        size, most = 0, self.workspace.settings.fetch_bytes
        page, seen, twice = None, set[str](), set[str]()
        for page in _pages(source, request, feed):
            size += len(page.body)
            if size > most:
                reason = f"its pages have more than {most:,} bytes (fetch_bytes in settings.toml)"
                raise UnreachableError(request, page.address, reason, page.captured_at, b"")
            capture = self._add(request, replace(page, look_id=page.look_id + name), feed)
            if page.has_next and self.clock.monotonic() > until:
                raise self._too_slow(request, page)
            shown = {entry.source_id for entry in capture.parsed.entries if entry.source_id}
            twice |= seen & shown
            seen |= shown
            yield
            misdated = _say_other_days(page, capture.parsed)
            if misdated:
                reason = misdated
                raise UnreachableError(request, page.address, reason, page.captured_at, page.body)
        return _Overlap(len(twice), page) if page and twice else None

    def _too_slow(self, request: FetchRequest, page: Page) -> UnreachableError:
        seconds = self.workspace.settings.fetch_seconds
        reason = f"its pages take more than {seconds:,g} s (fetch_seconds in settings.toml)"
        return UnreachableError(
            request, page.address, reason, page.captured_at, b"", scope="server"
        )

    def _add(self, request: FetchRequest, page: Page, feed: Feed) -> Capture:
        """Add the capture that a page is; return it.

        Raises:
            UnreachableError: the page cannot be read.
        """
        try:
            capture = examine_page(page, feed, self.workspace.settings.capture_seconds)
        except UnknownFormatError as error:
            raise UnreachableError(
                request,
                page.address,
                f"an answer of no known format: {error}",
                page.captured_at,
                page.body,
                unreadable=UnreadableAnswer.of(page.address, page.body, str(error)),
            ) from error
        if self.state.erased.is_lost(capture.facts["blob_id"]):
            raise UnreachableError(request, page.address, LOST, page.captured_at, b"")
        self.counts["seen"] += 1
        self.captures.append(without_erased(capture, self.state, self.workspace))
        self._bytes += len(page.body)
        return capture

    def fail(self, due: DueFetch, reason: str, error: UnreachableError | None = None) -> None:
        """Record a fetch that failed, and the answer that could not be read."""
        failed_at = error.failed_at if error else self.workspace.now()
        address = error.address if error else None
        self.failures.append((due.feed_id, due.feed_date, failed_at, address, reason))
        if error and error.unreadable:
            self._refuse(error.unreadable)

    def _refuse(self, answer: UnreadableAnswer) -> None:
        self.counts += Counter(seen=1, refused=1)
        self.shown.append(Refused(answer.address, answer.reason))
        if self.state.refuse((answer.address, f"{answer.reason}|{answer.blob_id}")):
            now = self.workspace.now()
            row = (answer.address, answer.size, answer.blob_id, answer.reason, now)
            self.refused.append(row)

    def store(self) -> tuple[list[Capture], Outcome]:
        """Hand everything to the landing, and begin anew."""
        state, workspace = self.state, self.workspace
        fresh = [one.facts for one in self.captures if one.capture_id not in state.captures]
        state.write_captures(workspace, fresh)
        origins = [
            (one.capture_id, "fetch", one.path, one.facts["captured_at"]) for one in self.captures
        ]
        state.write_origins(workspace, origins)
        state.write(workspace, "failed", self.failures, FAILED)
        state.write(workspace, "refused", self.refused, REFUSED)
        state.seen_in_run |= {one.capture_id for one in self.captures}
        stored = self.captures, self._outcome()
        self._begin()
        return stored

    def _outcome(self) -> Outcome:
        failed = [
            FailedFetch(feed_id, feed_date, reason)
            for feed_id, feed_date, _, _, reason in self.failures
        ]
        newly = Counter(refused=len(self.refused))
        return Outcome(captures=self.counts, newly=newly, refused=self.shown, failed=failed)


def _pages(source: Source, request: FetchRequest, feed: Feed) -> Iterator[Page]:
    """Yield the pages of a fetch; what nobody foresaw of an answer is a look that failed, and so is
    a feed whose declaration lacks what its source needs.
    """
    try:
        yield from source.fetch(request)
    except SourceConfigError as error:
        reason = str(wrongly_declared(feed, error))
        raise UnreachableError(
            request, str(feed.source), reason, now(), b"", scope="list"
        ) from error
    except UnreachableError:
        raise
    except Exception as error:
        reason = f"its reader failed: {type(error).__name__}: {error}"[:300]
        raise UnreachableError(request, str(feed.source), reason, now(), b"") from error
