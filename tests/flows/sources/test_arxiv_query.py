"""arXiv's query API, from a server that replays the true shapes."""

from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest

from flows.sources.arxiv import ArxivAddresses
from flows.sources.arxiv_query import ArxivQuery
from flows.sources.base import FetchRequest, Page
from flows.sources.errors import SourceConfigError, UnreachableError
from tests.flows.sources.replay import Bench, Replay, Reply, Script, serve

REQUEST = FetchRequest("arxiv-new", date(2026, 5, 19))


def atom(total: int, start: int, count: int) -> bytes:
    entries = "".join(
        f"<entry><id>http://arxiv.org/abs/2605.{number:05}v1</id><title>Paper {number}</title>"
        f"<summary>Of totals &amp; entries.</summary></entry>"
        for number in range(start, start + count)
    )
    return (
        "<?xml version='1.0' encoding='UTF-8'?>"
        '<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/"'
        ' xmlns="http://www.w3.org/2005/Atom"><id>https://arxiv.org/api/x</id>'
        f"<opensearch:itemsPerPage>{count}</opensearch:itemsPerPage>"
        f"<opensearch:totalResults>{total}</opensearch:totalResults>"
        f"<opensearch:startIndex>{start}</opensearch:startIndex>{entries}</feed>"
    ).encode()


def asked(path: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}


def replies(total: int, largest: int = 10_000) -> Script:
    def answer(path: str) -> Reply:
        start, size = int(asked(path)["start"]), int(asked(path)["max_results"])
        return Reply(atom(total, start, max(min(size, largest, total - start), 0)))

    return answer


def fetch(bench: Bench, server: Replay, **options: int) -> list[Page]:
    address = ArxivAddresses.of(server.address).query
    source = ArxivQuery(bench.client(gap_seconds=3, tries=3), address, "cat:cs.LG", **options)
    return list(source.fetch(REQUEST))


def ids(pages: list[Page]) -> int:
    return sum(page.body.count(b"<entry>") for page in pages)


def test_a_query_is_paged_to_its_total_with_three_seconds_between(bench: Bench) -> None:
    with serve(replies(450)) as server:
        pages = fetch(bench, server)
    assert [asked(path)["start"] for path in server.paths] == ["0", "200", "400"]
    assert [(page.page, page.has_next) for page in pages] == [
        ("0", True),
        ("1", True),
        ("2", False),
    ]
    assert bench.hours.pauses == [3, 3]
    assert ids(pages) == 450


def test_a_fetch_for_a_day_asks_for_its_submissions_and_states_no_feed_date(bench: Bench) -> None:
    with serve(replies(1)) as server:
        (page,) = fetch(bench, server)
    assert server.paths[0].startswith("/api/query?")
    assert asked(server.paths[0]) == {
        "search_query": "(cat:cs.LG) AND submittedDate:[202605190000 TO 202605192359]",
        "start": "0",
        "max_results": "200",
        "sortBy": "submittedDate",
        "sortOrder": "ascending",
    }
    assert page.feed_date is None
    assert page.query == asked(server.paths[0])["search_query"]


def test_without_a_day_the_newest_submissions_come_first(bench: Bench) -> None:
    with serve(replies(1)) as server:
        source = ArxivQuery(bench.client(), f"{server.address}/api/query", "all:burst")
        list(source.fetch(FetchRequest("arxiv-new")))
    assert asked(server.paths[0])["search_query"] == "all:burst"
    assert asked(server.paths[0])["sortOrder"] == "descending"


def test_a_query_without_results_is_one_good_page(bench: Bench) -> None:
    with serve(replies(0)) as server:
        (page,) = fetch(bench, server)
    assert page.has_next is False


def test_an_empty_page_in_the_middle_is_asked_for_again(bench: Bench) -> None:
    good = replies(450)
    times: dict[str, int] = {}

    def sometimes_empty(path: str) -> Reply:
        start = asked(path)["start"]
        times[start] = times.get(start, 0) + 1
        return Reply(atom(450, 200, 0)) if start == "200" and times[start] == 1 else good(path)

    with serve(sometimes_empty) as server:
        assert ids(fetch(bench, server)) == 450
    assert len(server.paths) == 4


def test_a_page_that_stays_empty_is_an_error(bench: Bench) -> None:
    def empty_in_the_middle(path: str) -> Reply:
        start = int(asked(path)["start"])
        return Reply(atom(450, start, 0 if start else 200))

    with (
        serve(empty_in_the_middle) as server,
        pytest.raises(UnreachableError, match="an empty page at 200 of 450, at try 3"),
    ):
        fetch(bench, server)


def test_a_page_that_is_shorter_than_asked_for_loses_nothing(bench: Bench) -> None:
    with serve(replies(450, largest=120)) as server:
        assert ids(fetch(bench, server)) == 450
    assert [asked(path)["start"] for path in server.paths] == ["0", "120", "240", "360"]


def test_a_server_that_ignores_the_start_is_an_error(bench: Bench) -> None:
    with (
        serve([Reply(atom(450, 0, 200))]) as server,
        pytest.raises(UnreachableError, match="the page at 0, not at 200"),
    ):
        fetch(bench, server)


def test_a_bounded_query_ends_early_and_says_that_there_is_more(bench: Bench) -> None:
    with serve(replies(450)) as server:
        pages = fetch(bench, server, most_results=250)
    assert [asked(path)["max_results"] for path in server.paths] == ["200", "50"]
    assert [page.has_next for page in pages] == [True, True]
    assert ids(pages) == 250


def test_more_results_than_the_api_gives_are_an_error(bench: Bench) -> None:
    with (
        serve(replies(90_000)) as server,
        pytest.raises(UnreachableError, match="90,000 results, more than the API gives"),
    ):
        fetch(bench, server, page_size=10_000)
    assert len(server.paths) == 3


def test_an_error_told_in_an_entry_is_not_tried_again(bench: Bench) -> None:
    told = (
        b'<feed xmlns="http://www.w3.org/2005/Atom"><entry>'
        b"<id>http://arxiv.org/api/errors#incorrect_id_format</id><title>Error</title>"
        b"<summary>incorrect id format for 1234</summary></entry></feed>"
    )
    with (
        serve([Reply(told)]) as server,
        pytest.raises(UnreachableError, match="arXiv says: incorrect id format for 1234"),
    ):
        fetch(bench, server)
    assert len(server.paths) == 1


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"Rate exceeded.",
        b"<!DOCTYPE html><html><body>arXiv is down</body></html>",
        b"<html><body>arXiv is down</body></html>",
        atom(1, 0, 1).replace(b"?><", b'?><!DOCTYPE feed [<!ENTITY a "aaaa">]><', 1),
        b'<?xml version="1.0" encoding="martian"?><feed/>',
        b"<feed><title>no totals</title></feed>",
        atom(450, 0, 200)[:-5],
        b"[1, 2]",
    ],
)
def test_a_broken_reply_is_tried_again_and_then_an_error(bench: Bench, broken: bytes) -> None:
    with serve([Reply(broken), Reply(atom(1, 0, 1))]) as server:
        assert len(fetch(bench, server)) == 1
    with serve([Reply(broken)]) as server, pytest.raises(UnreachableError) as told:
        fetch(bench, server)
    assert len(server.paths) == 3
    assert told.value.detail == broken[:2000]


def test_a_fetch_without_query_or_date_is_refused(bench: Bench) -> None:
    with pytest.raises(SourceConfigError, match="needs a query or a date"):
        next(ArxivQuery(bench.client(), "http://127.0.0.1:1").fetch(FetchRequest("arxiv-new")))
