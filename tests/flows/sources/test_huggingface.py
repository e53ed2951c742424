"""The daily papers, page by page, from a server that replays the true shapes."""

import html
import json
from collections.abc import Iterator
from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from flows.sources.base import FetchRequest, Page
from flows.sources.errors import SourceConfigError, UnreachableError
from flows.sources.huggingface import DailyPapers, DailyPapersPage, Period
from tests.flows.sources.replay import START, Bench, Replay, Reply, Script, json_reply, serve

REQUEST = FetchRequest("hf-daily", date(2026, 5, 19))


def papers(first: int, count: int) -> list[dict[str, object]]:
    return [
        {
            "paper": {
                "id": f"2605.{number:05}",
                "title": f"Paper {number}",
                "summary": "An abstract.",
                "authors": [{"name": "Ada Example"}],
                "publishedAt": "2026-05-18T00:00:00.000Z",
                "submittedOnDailyAt": "2026-05-19T01:00:00.000Z",
                "upvotes": 3,
            },
            "publishedAt": "2026-05-18T00:00:00.000Z",
            "title": f"Paper {number}",
            "numComments": 0,
        }
        for number in range(first, first + count)
    ]


def listing(total: int, host: str = "", has_links: bool = True) -> Script:
    """Return a server of one long list, in pages, with links to the next as the public one has."""

    def answer(path: str) -> Reply:
        asked = {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}
        limit, page = int(asked["limit"]), int(asked["p"])
        shown = papers(page * limit, max(min(limit, total - page * limit), 0))
        if not has_links or (page + 1) * limit >= total:
            return json_reply(shown)
        target = f"{host}{path}".replace(f"p={page}", f"p={page + 1}")
        return json_reply(shown, Link=f'<{target}>; rel="next"')

    return answer


def fetch(
    bench: Bench, server: Replay, period: Period = "date", most_pages: int = 200
) -> list[Page]:
    source = DailyPapers(bench.client(), server.address, period, most_pages)
    return list(source.fetch(REQUEST))


def entries(pages: list[Page]) -> list[str]:
    return [entry["paper"]["id"] for page in pages for entry in json.loads(page.body)]


def test_a_short_list_is_one_page_with_every_fact(bench: Bench) -> None:
    with serve(listing(7)) as server:
        pages = fetch(bench, server)
    assert server.paths == ["/api/daily_papers?date=2026-05-19&limit=100&p=0"]
    assert pages == [
        Page(
            feed_id="hf-daily",
            feed_date=date(2026, 5, 19),
            page="0",
            query=None,
            look_id="hf-daily/date=2026-05-19/2026-05-20T10:00:00",
            page_limit=100,
            has_next=False,
            captured_at=START,
            address=f"{server.address}/api/daily_papers?date=2026-05-19&limit=100&p=0",
            body=json.dumps(papers(0, 7)).encode(),
        )
    ]


def test_ten_pages_are_followed_to_the_end(bench: Bench) -> None:
    with serve(listing(950)) as server:
        pages = fetch(bench, server)
    assert len(server.paths) == 10
    assert [page.page for page in pages] == [str(number) for number in range(10)]
    assert [page.has_next for page in pages] == [True] * 9 + [False]
    assert len({page.look_id for page in pages}) == 1
    assert entries(pages) == [f"2605.{number:05}" for number in range(950)]


def test_an_empty_day_is_one_good_page(bench: Bench) -> None:
    with serve([json_reply([])]) as server:
        (page,) = fetch(bench, server)
    assert (page.body, page.has_next) == (b"[]", False)


def test_a_full_page_without_a_link_is_no_proof_of_the_end(bench: Bench) -> None:
    with serve(listing(200, has_links=False)) as server:
        pages = fetch(bench, server)
    assert [page.has_next for page in pages] == [True, True, False]
    assert len(entries(pages)) == 200


@pytest.mark.parametrize("total", [50, 80, 100])
def test_a_server_that_gives_fifty_whatever_is_asked_for_is_paged_to_its_end(
    bench: Bench, total: int
) -> None:
    def fifty(path: str) -> Reply:
        number = int(parse_qs(urlsplit(path).query)["p"][0])
        return json_reply(papers(50 * number, max(min(50, total - 50 * number), 0)))

    with serve(fifty) as server:
        pages = fetch(bench, server)
    assert len(set(entries(pages))) == total
    assert pages[-1].has_next is False


@pytest.mark.parametrize(
    ("period", "parameter", "query"),
    [
        ("week", "week=2026-W21", "week=2026-W21"),
        ("month", "month=2026-05", "month=2026-05"),
        ("trending", "sort=trending", "sort=trending"),
    ],
)
def test_other_lists_than_that_of_a_date_carry_no_feed_date(
    bench: Bench, period: Period, parameter: str, query: str
) -> None:
    with serve(listing(120)) as server:
        pages = fetch(bench, server, period)
    assert server.paths[0] == f"/api/daily_papers?{parameter}&limit=100&p=0"
    assert {(page.feed_date, page.query) for page in pages} == {(None, query)}
    assert len(entries(pages)) == 120


def test_the_week_is_that_of_the_iso_calendar(bench: Bench) -> None:
    request = FetchRequest("hf-daily", date(2027, 1, 1))
    with serve(listing(1)) as server:
        list(DailyPapers(bench.client(), server.address, "week").fetch(request))
    assert "week=2026-W53" in server.paths[0]


def test_the_trend_ends_where_we_have_seen_enough_and_says_that_there_is_more(bench: Bench) -> None:
    with serve(listing(10_000)) as server:
        pages = fetch(bench, server, "trending", most_pages=2)
    assert [page.has_next for page in pages] == [True, True]


def test_a_list_without_end_is_an_error(bench: Bench) -> None:
    with (
        serve(listing(10_000)) as server,
        pytest.raises(UnreachableError, match="more than 3 pages"),
    ):
        fetch(bench, server, most_pages=3)


def test_links_of_the_public_server_are_followed_on_its_mirror(bench: Bench) -> None:
    with serve(listing(250, "https://huggingface.co")) as server:
        assert len(entries(fetch(bench, server))) == 250


@pytest.mark.parametrize(
    "link",
    [
        "https://elsewhere.example/api/daily_papers?p=1",
        "http://127.0.0.2:1/api/daily_papers?p=1",
        "/api/models?p=1",
        "http://[",
        "http://xn--a/",
    ],
)
def test_a_link_that_leads_elsewhere_is_not_followed(bench: Bench, link: str) -> None:
    pages: list[Page] = []
    with serve([json_reply(papers(0, 100), Link=f'<{link}>; rel="next"')]) as server:
        source = DailyPapers(bench.client(), server.address)
        with pytest.raises(UnreachableError, match="the next link"):
            pages.extend(source.fetch(REQUEST))
    assert len(server.paths) == 1


def test_links_that_go_round_in_a_circle_are_an_error(bench: Bench) -> None:
    def circle(path: str) -> Reply:
        number = int(parse_qs(urlsplit(path).query)["p"][0])
        link = path.replace(f"p={number}", f"p={(number + 1) % 3}")
        return json_reply(papers(number, 1), Link=f'<{link}>; rel="next"')

    with serve(circle) as server, pytest.raises(UnreachableError, match="round in a circle"):
        fetch(bench, server)
    assert len(server.paths) == 3


def test_a_server_that_ignores_the_page_number_is_an_error(bench: Bench) -> None:
    with serve([json_reply(papers(0, 100))]) as server:
        with pytest.raises(UnreachableError, match="repeats one before"):
            fetch(bench, server)
        assert len(server.paths) == 2


def test_a_link_that_forgets_the_date_does_not_change_the_list(bench: Bench) -> None:
    first = json_reply(papers(0, 100), Link='</api/daily_papers?p=1&limit=100>; rel="next"')
    with serve([first, json_reply(papers(100, 5))]) as server:
        fetch(bench, server)
    assert parse_qs(urlsplit(server.paths[1]).query)["date"] == ["2026-05-19"]


def test_other_links_are_none_of_our_business(bench: Bench) -> None:
    link = '</api/daily_papers?p=0>; rel="first", <https://x.example/?a=1,2>; rel="last"'
    with serve([json_reply(papers(0, 3), Link=link)]) as server:
        assert [page.has_next for page in fetch(bench, server)] == [False]


def test_the_pages_before_a_failure_have_been_given(bench: Bench) -> None:
    good = listing(300)

    def fails_at_the_third(path: str) -> Reply:
        return Reply(b"oops", 500) if "p=2" in path else good(path)

    with serve(fails_at_the_third) as server:
        source = DailyPapers(bench.client(tries=2), server.address)
        pages: Iterator[Page] = source.fetch(REQUEST)
        assert [next(pages).page, next(pages).page] == ["0", "1"]
        with pytest.raises(UnreachableError, match=r"HTTP 500 .* at try 2 \(.*p=2\)"):
            next(pages)


def test_a_page_is_dated_by_its_own_arrival(bench: Bench) -> None:
    busy = Reply(b"", 429, {"Retry-After": "30"})
    first = json_reply(papers(0, 100), Link='</api/daily_papers?p=1>; rel="next"')
    with serve([first, busy, json_reply(papers(100, 1))]) as server:
        one, two = fetch(bench, server)
    assert (one.captured_at, two.captured_at) == (START, START + timedelta(seconds=30))


def test_a_fetch_without_a_date_is_refused() -> None:
    source = DailyPapers(Bench().client(), "http://127.0.0.1:1")
    with pytest.raises(SourceConfigError, match="needs a feed date"):
        next(source.fetch(FetchRequest("hf-daily")))


def page_of(day: str) -> bytes:
    props = html.escape(json.dumps({"dateString": day, "dailyPapers": papers(0, 2)}))
    return (
        "<!doctype html><html><head><title>Daily Papers</title></head><body><main>"
        f'<div class="SVELTE_HYDRATER contents" data-target="DailyPapers" data-props="{props}">'
        "</div></main></body></html>"
    ).encode()


def test_the_web_page_of_a_date_is_one_page(bench: Bench) -> None:
    with serve([Reply(page_of("2026-05-19"))]) as server:
        (page,) = DailyPapersPage(bench.client(), server.address).fetch(REQUEST)
    assert server.paths == ["/papers/date/2026-05-19"]
    assert (page.feed_date, page.page, page.has_next) == (date(2026, 5, 19), None, None)
    assert page.body == page_of("2026-05-19")


def test_a_web_page_that_leads_to_another_date_is_not_taken_for_ours(bench: Bench) -> None:
    moved = Reply(b"", 307, {"Location": "/papers/date/2026-05-18"})
    with serve([moved, Reply(page_of("2026-05-18"))]) as server:
        source = DailyPapersPage(bench.client(), server.address)
        with pytest.raises(UnreachableError, match=r"leads to .*2026-05-18"):
            list(source.fetch(REQUEST))
    assert len(server.paths) == 2


def test_a_web_page_without_the_list_is_tried_again(bench: Bench) -> None:
    whole = page_of("2026-05-19")
    cut = Reply(whole[: len(whole) // 2])
    with serve([Reply(b"<html>Just a moment...</html>"), cut, Reply(whole)]) as server:
        (page,) = DailyPapersPage(bench.client(), server.address).fetch(REQUEST)
    assert page.body == whole
    assert len(server.paths) == 3
