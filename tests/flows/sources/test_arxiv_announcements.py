"""arXiv's announcements, from a server that replays the true shapes."""

from datetime import date

import pytest

from flows.sources.arxiv import ArxivAddresses
from flows.sources.arxiv_announcements import ArxivAnnouncements
from flows.sources.base import FetchRequest
from flows.sources.errors import UnreachableError
from tests.flows.sources.replay import Bench, Reply, serve

REQUEST = FetchRequest("arxiv-new", date(2026, 5, 19))
RSS = (
    b'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>cs.LG</title>'
    b"<pubDate>Tue, 19 May 2026 00:00:00 -0400</pubDate><item><title>Paper</title></item>"
    b"</channel></rss>"
)


def test_the_announcements_of_categories_are_one_page_that_dates_itself(bench: Bench) -> None:
    with serve([Reply(RSS)]) as server:
        address = ArxivAddresses.of(server.address).announcements
        source = ArxivAnnouncements(bench.client(), address, ("cs.LG", "q-bio.NC"))
        (page,) = source.fetch(REQUEST)
    assert server.paths == ["/rss/cs.LG+q-bio.NC"]
    assert (page.feed_date, page.page, page.query) == (None, None, "cs.LG+q-bio.NC")
    assert (page.page_limit, page.has_next, page.body) == (2000, None, RSS)


def test_announcements_as_atom_are_asked_for_as_such(bench: Bench) -> None:
    with serve([Reply(RSS), Reply(b"<feed/>")]) as server:
        source = ArxivAnnouncements(bench.client(), server.address, ("cs.LG",), "atom")
        (page,) = source.fetch(REQUEST)
    assert server.paths == ["/atom/cs.LG", "/atom/cs.LG"]
    assert page.body == b"<feed/>"


def test_a_failure_of_announcements_names_the_day_that_was_due(bench: Bench) -> None:
    with serve([Reply(b"", 404)]) as server, pytest.raises(UnreachableError) as told:
        list(ArxivAnnouncements(bench.client(), server.address, ("cs.LG",)).fetch(REQUEST))
    assert told.value.request == REQUEST
