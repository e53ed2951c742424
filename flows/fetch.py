"""Looks that we take ourselves: fetched, landed, and failures landed too."""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

from config.feeds import Feed
from flows.due import DueLook
from flows.house import House
from flows.land import LandingState, Look, identify, parse
from flows.report import Report
from flows.sources.arxiv import PATIENCE as ARXIV_PATIENCE
from flows.sources.catalogue import Catalogue
from flows.sources.look import LookRequest, Page, Source, UnreachableError
from flows.sources.politeness import Clock, Patience
from transforms.recognise import UnknownFormatError, recognise
from warehouse.landing import FAILED

LOOKS_PER_BATCH = 20


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
    """Take the looks, store their pages and failures; return the looks that landed.

    A source that cannot be reached is not asked again in the same run: ``unreachable`` remembers.
    """
    looks: list[Look] = []
    failures: list[tuple[Any, ...]] = []
    for look in due:
        feed = house.feeds[look.feed_id]
        if feed.source in unreachable:
            reason = "not tried: the source could not be reached"
            failures.append(_failed(look, house, report, reason))
            continue
        source = catalogue.open(str(feed.source), feed.options)
        try:
            looks += _take(look, feed, source, report)
        except UnreachableError as error:
            failures.append(_failed(look, house, report, error.reason, error))
            if not error.detail:
                unreachable.add(str(feed.source))
    fresh = [look.facts for look in looks if look.capture_id not in state.looks]
    state.write_looks(house, fresh)
    origins = [(look.capture_id, "fetch", look.path, look.facts["captured_at"]) for look in looks]
    state.write_origins(house, origins)
    state.write(house, "failed", failures, FAILED)
    state.seen_in_run |= {look.capture_id for look in looks}
    return looks


def _take(look: DueLook, feed: Feed, source: Source, report: Report) -> Iterator[Look]:
    request = LookRequest(look.feed_id, look.feed_date)
    for page in source.fetch(request):
        report.captures["seen"] += 1
        try:
            yield examine_page(page, feed)
        except UnknownFormatError as error:
            report.captures["refused"] += 1
            report.newly["refused"] += 1
            report.refused.append({"path": page.address, "reason": str(error)})


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


def _failed(
    look: DueLook,
    house: House,
    report: Report,
    reason: str,
    error: UnreachableError | None = None,
) -> tuple[Any, ...]:
    report.failed.append({"feed_id": look.feed_id, "feed_date": look.feed_date, "reason": reason})
    address = error.address if error else None
    return (
        look.feed_id,
        look.feed_date,
        error.failed_at if error else house.now(),
        address,
        reason,
    )
