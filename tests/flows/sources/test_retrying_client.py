"""Tries and pauses with servers that are busy or broken for a while, or for good."""

import gzip
import hashlib
import socket
from datetime import date, timedelta

import pytest

from flows.sources.base import FetchRequest
from flows.sources.errors import UnreachableError, UnreadableAnswer
from flows.sources.rate_limit import Clock
from flows.sources.response_check import count_entries
from flows.sources.retrying_client import RetryingClient
from tests.flows.sources.replay import GOOD, REQUEST, START, Bench, Reply, get, json_reply, serve


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_a_passing_trouble_is_tried_again(bench: Bench, status: int) -> None:
    with serve([Reply(b"busy", status), GOOD]) as server:
        assert get(bench.client(), server.address).body == GOOD.body
    assert len(server.paths) == 2
    assert len(bench.hours.pauses) == 1
    assert 0 <= bench.hours.pauses[0] <= 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 501])
def test_a_lasting_trouble_is_not_tried_again(bench: Bench, status: int) -> None:
    with serve([Reply(b"no such list", status)]) as server, pytest.raises(UnreachableError) as told:
        get(bench.client(), f"{server.address}/list")
    assert len(server.paths) == 1
    assert bench.hours.pauses == []
    assert told.value.detail == b"no such list"
    assert f"HTTP {status}" in told.value.reason


def test_the_error_names_feed_date_reason_and_address_on_one_line(bench: Bench) -> None:
    with serve([Reply(b"x" * 5000, 503)]) as server, pytest.raises(UnreachableError) as told:
        get(bench.client(tries=3), f"{server.address}/list")
    address = f"{server.address}/list"
    said = f"hf-daily of 2026-05-19: HTTP 503 Service Unavailable, at try 3 ({address})"
    assert str(told.value) == said
    assert told.value.detail == b"x" * 2000
    assert told.value.request == FetchRequest("hf-daily", date(2026, 5, 19))
    assert told.value.failed_at == START + timedelta(seconds=bench.hours.passed)
    assert told.value.address == address
    assert told.value.reason == "HTTP 503 Service Unavailable, at try 3"
    assert len(server.paths) == 3
    assert len(bench.hours.pauses) == 2


def test_the_pause_that_a_server_asks_for_is_kept(bench: Bench) -> None:
    busy = Reply(b"", 429, {"Retry-After": "17"})
    limited = Reply(b"", 429, {"RateLimit": '"api";r=0;t=35'})
    with serve([busy, limited, GOOD]) as server:
        get(bench.client(), server.address)
    assert bench.hours.pauses == [17, 36]


def test_a_date_to_retry_after_is_kept(bench: Bench) -> None:
    busy = Reply(b"", 503, {"Retry-After": "Wed, 20 May 2026 10:00:25 GMT"}, dateless=True)
    with serve([busy, GOOD]) as server:
        get(bench.client(), server.address)
    assert bench.hours.pauses == [25]


def test_a_good_answer_that_uses_up_the_quota_delays_the_next_request(bench: Bench) -> None:
    with serve([json_reply([], RateLimit='"api";r=0;t=17'), GOOD]) as server:
        client = bench.client()
        client.get(REQUEST, server.address, count_entries)
        assert bench.hours.pauses == []
        get(client, server.address)
    assert bench.hours.pauses == [18]


def test_a_pause_past_the_deadline_ends_the_fetch_at_once(bench: Bench) -> None:
    busy = Reply(b"", 429, {"Retry-After": "86400"})
    with serve([busy, GOOD]) as server:
        client = bench.client(deadline_seconds=600)
        with pytest.raises(UnreachableError, match=r"HTTP 429 .* 86,400 s, past the 600 s"):
            client.get(REQUEST, server.address, count_entries)
        with pytest.raises(UnreachableError, match="asks for a pause of 86,400 s"):
            get(client, server.address)
    assert len(server.paths) == 1
    assert bench.hours.pauses == []


def test_a_fetch_that_failed_does_not_delay_the_next(bench: Bench) -> None:
    with serve([Reply(b"", 500), Reply(b"", 500), GOOD]) as server:
        client = bench.client(tries=2)
        with pytest.raises(UnreachableError):
            client.get(REQUEST, server.address, count_entries)
        get(client, server.address)
    assert len(bench.hours.pauses) == 1


def test_the_gap_between_two_requests_is_kept_also_after_a_failure(bench: Bench) -> None:
    with serve([Reply(b"", 404), GOOD, GOOD]) as server:
        client = bench.client(gap_seconds=3)
        with pytest.raises(UnreachableError):
            client.get(REQUEST, server.address, count_entries)
        client.get(REQUEST, server.address, count_entries)
        get(client, server.address)
    assert bench.hours.pauses == [3, 3]


@pytest.mark.parametrize(
    "broken",
    [
        Reply(GOOD.body, cut=5),
        Reply(GOOD.body, length=len(GOOD.body) + 100),
        Reply(GOOD.body, length=len(GOOD.body) - 3),
        Reply(GOOD.body, length=-1, cut=5),
        Reply(GOOD.body, chunked=True, cut=5),
        Reply(b"\x1f\x8bnot gzip", headers={"Content-Encoding": "gzip"}),
        Reply(gzip.compress(GOOD.body)[:-12], headers={"Content-Encoding": "gzip"}),
        Reply(b""),
        Reply(b"", 204),
        Reply(b"<!doctype html><title>Just a moment...</title>"),
        Reply(b'{"error": "internal"}'),
    ],
    ids=[
        "cut in the middle",
        "longer than sent",
        "shorter than sent",
        "cut without a length",
        "chunks cut",
        "no gzip",
        "gzip cut",
        "nothing",
        "no content",
        "HTML instead of JSON",
        "an error instead of a list",
    ],
)
def test_a_broken_answer_is_tried_again_and_then_an_error(bench: Bench, broken: Reply) -> None:
    with serve([broken, GOOD]) as server:
        assert get(bench.client(), server.address).body == GOOD.body
        assert len(server.paths) == 2
    with serve([broken]) as server, pytest.raises(UnreachableError):
        get(bench.client(tries=2), server.address)
    assert len(server.paths) == 2


def test_the_beginning_of_a_bad_answer_is_kept(bench: Bench) -> None:
    page = b"<html>" + b"maintenance " * 1000
    with serve([Reply(page)]) as server, pytest.raises(UnreachableError) as told:
        get(bench.client(tries=2), server.address)
    assert told.value.reason == "HTML instead of JSON, at try 2"
    assert told.value.detail == page[:2000]


def test_a_server_that_is_gone_is_an_error_after_the_tries(bench: Bench) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}/list"
    with pytest.raises(UnreachableError, match=r"no connection: .*refused.*, at try 3"):
        get(bench.client(tries=3), address)
    assert len(bench.hours.pauses) == 2


def test_an_interrupted_pause_is_not_swallowed(bench: Bench) -> None:
    def interrupt(seconds: float) -> None:
        raise KeyboardInterrupt

    clock = bench.hours.clock()
    client = RetryingClient(clock=Clock(clock.now, clock.monotonic, interrupt))
    with serve([Reply(b"", 429, {"Retry-After": "5"})]) as server, pytest.raises(KeyboardInterrupt):
        get(client, server.address)


def test_a_whole_answer_that_cannot_be_read_is_named_by_its_bytes(bench: Bench) -> None:
    page = b"<html>" + b"maintenance " * 1000
    with serve([Reply(page)]) as server, pytest.raises(UnreachableError) as told:
        get(bench.client(tries=2), server.address)
    blob_id = hashlib.sha256(page).hexdigest()
    expected = UnreadableAnswer(server.address, blob_id, len(page), "HTML instead of JSON")
    assert told.value.unreadable == expected
    with serve([Reply(page, 503)]) as server, pytest.raises(UnreachableError) as told:
        get(bench.client(tries=2), server.address)
    assert told.value.unreadable is None


@pytest.mark.parametrize(
    ("reply", "scope"),
    [
        (Reply(b"", 404), "list"),
        (Reply(b"", 403), "answer"),
        (Reply(b"", 503), "answer"),
        (Reply(b"<html>"), "answer"),
        (Reply(GOOD.body, cut=5), "server"),
        (Reply(b"", 302, {"Location": "http://127.0.0.2:1/portal"}), "server"),
    ],
    ids=["no such list", "forbidden", "busy", "HTML", "cut", "led elsewhere"],
)
def test_a_failure_says_what_it_means_for_the_next_fetches(
    bench: Bench, reply: Reply, scope: str
) -> None:
    with serve([reply]) as server, pytest.raises(UnreachableError) as told:
        get(bench.client(tries=1), server.address)
    assert told.value.scope == scope
