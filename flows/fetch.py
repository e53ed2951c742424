"""Looks that we take ourselves: fetched, landed, and failures landed too."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from typing import Any

from config.feeds import Feed
from config.settings import ConfigError
from flows.due import DueLook
from flows.house import House
from flows.land import LandingState, Look, identify, parse, without_erased
from flows.report import Report
from flows.sources.arxiv import PATIENCE as ARXIV_PATIENCE
from flows.sources.catalogue import Catalogue
from flows.sources.look import LookRequest, Nonsense, Page, Source, UnreachableError
from flows.sources.politeness import Clock, Patience
from transforms.recognise import UnknownFormatError, recognise
from warehouse.landing import FAILED, REFUSED

LOOKS_PER_BATCH = 20
_BAD_ANSWERS_IN_A_ROW = 3
"""A server that answered so many looks badly is left alone for the rest of the run."""


def open_catalogue(house: House) -> AbstractContextManager[Catalogue]:
    """Open the sources at the addresses that the settings give."""
    settings = house.settings
    return Catalogue(
        settings.hf_endpoint,
        settings.arxiv_endpoint,
        settings.contact,
        clock=Clock(now=house.now),
        hf_patience=Patience(tries=settings.fetch_tries),
        arxiv_patience=replace(ARXIV_PATIENCE, tries=settings.fetch_tries),
    )


def fetch_looks(
    due: Iterable[DueLook],
    house: House,
    catalogue: Catalogue,
    state: LandingState,
    report: Report,
    unreachable: set[str],
) -> list[Look]:
    """Take the looks, store their pages, failures and refused answers; return what landed.

    A source that cannot be reached is not asked again in the same run: ``unreachable`` remembers.

    Raises:
        ConfigError: a feed names a source that there is none of, or not what its source needs.
    """
    taking = _Taking(house, report, state)
    bad_answers: Counter[str] = Counter()
    for look in due:
        feed = house.feeds[look.feed_id]
        name = str(feed.source)
        if name in unreachable:
            taking.fail(look, "not tried: the source could not be reached")
            continue
        try:
            taking.take(look, feed, _open(catalogue, feed))
            bad_answers[name] = 0
        except UnreachableError as error:
            taking.fail(look, error.reason, error)
            bad_answers[name] += error.scope == "answer"
            if error.scope == "server" or bad_answers[name] >= _BAD_ANSWERS_IN_A_ROW:
                unreachable.add(name)
    taking.store()
    return taking.looks


def examine_page(page: Page, feed: Feed) -> Look:
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
    return Look(identify(facts, feed), format_, parsed, page.address, error)


@dataclass
class _Taking:
    """What a batch of looks gave so far."""

    house: House
    report: Report
    state: LandingState
    looks: list[Look] = field(default_factory=list)
    failures: list[tuple[Any, ...]] = field(default_factory=list)
    refused: list[tuple[Any, ...]] = field(default_factory=list)

    def take(self, look: DueLook, feed: Feed, source: Source) -> None:
        """Take one look page by page. It ends at the first page that we cannot read: a look that
        goes on without a page of its middle would pass for a whole one.
        """
        request = LookRequest(look.feed_id, look.feed_date)
        for page in _pages(source, request, feed):
            self.report.captures["seen"] += 1
            try:
                look_at_page = examine_page(page, feed)
            except UnknownFormatError as error:
                self.report.captures["seen"] -= 1
                raise UnreachableError(
                    request,
                    page.address,
                    f"an answer of no known format: {error}",
                    page.captured_at,
                    page.body,
                    nonsense=Nonsense.of(page.address, page.body, str(error)),
                ) from error
            self.looks.append(without_erased(look_at_page, self.state, self.house))

    def fail(self, look: DueLook, reason: str, error: UnreachableError | None = None) -> None:
        """Record a look that failed, and the answer that it failed of."""
        self.report.failed.append(
            {"feed_id": look.feed_id, "feed_date": look.feed_date, "reason": reason}
        )
        failed_at = error.failed_at if error else self.house.now()
        address = error.address if error else None
        self.failures.append((look.feed_id, look.feed_date, failed_at, address, reason))
        if error and error.nonsense:
            self._refuse(error.nonsense)

    def _refuse(self, answer: Nonsense) -> None:
        self.report.captures["seen"] += 1
        self.report.captures["refused"] += 1
        self.report.refused.append({"path": answer.address, "reason": answer.reason})
        key = (answer.address, f"{answer.reason}|{answer.blob_id}")
        if key not in self.state.refused:
            self.state.refused.add(key)
            self.report.newly["refused"] += 1
            row = (answer.address, answer.size, answer.blob_id, answer.reason, self.house.now())
            self.refused.append(row)

    def store(self) -> None:
        """Hand everything to the landing."""
        fresh = [look.facts for look in self.looks if look.capture_id not in self.state.looks]
        self.state.write_looks(self.house, fresh)
        origins = [
            (look.capture_id, "fetch", look.path, look.facts["captured_at"]) for look in self.looks
        ]
        self.state.write_origins(self.house, origins)
        self.state.write(self.house, "failed", self.failures, FAILED)
        self.state.write(self.house, "refused", self.refused, REFUSED)
        self.state.seen_in_run |= {look.capture_id for look in self.looks}


def _open(catalogue: Catalogue, feed: Feed) -> Source:
    try:
        return catalogue.open(str(feed.source), feed.options)
    except ValueError as error:
        raise ConfigError(f"feeds.toml: feed {feed.feed_id!r}: {error}") from error


def _pages(source: Source, request: LookRequest, feed: Feed) -> Iterator[Page]:
    try:
        yield from source.fetch(request)
    except ValueError as error:
        raise ConfigError(f"feeds.toml: feed {feed.feed_id!r}: {error}") from error
