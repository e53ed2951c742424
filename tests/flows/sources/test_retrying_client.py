"""A fetcher against servers that are slow, busy, broken, lying or gone."""

import gzip
import hashlib
import socket
import ssl
import time
from datetime import date, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest

from flows import clock
from flows.sources.base import FetchRequest, Nonsense, UnreachableError
from flows.sources.http_client import Answer
from flows.sources.rate_limit import Clock, RetryPolicy
from flows.sources.response_check import count_entries
from flows.sources.retrying_client import RetryingClient
from tests.flows.sources.replay import START, Bench, Reply, json_reply, serve

REQUEST = FetchRequest("hf-daily", date(2026, 5, 19))
GOOD = json_reply([{"paper": {}}])


def get(client: RetryingClient, address: str) -> Answer:
    try:
        return client.get(REQUEST, address, count_entries)[0]
    finally:
        client.close()


def test_an_answer_is_its_bytes_and_the_moment_when_it_had_come(bench: Bench) -> None:
    with serve([GOOD]) as server:
        answer = get(bench.client(), f"{server.address}/list")
    assert answer.body == GOOD.body
    assert answer.captured_at == START
    assert bench.hours.pauses == []
    assert [(notice.kind, notice.bytes) for notice in bench.notices] == [("answer", len(GOOD.body))]


def test_we_say_who_we_are_and_keep_no_cookies(bench: Bench) -> None:
    with serve([json_reply([], Set_Cookie="session=1; Path=/"), GOOD]) as server:
        client = bench.client()
        client.get(REQUEST, server.address, count_entries)
        get(client, server.address)
    assert [headers["user-agent"] for headers in server.headers] == ["test/1", "test/1"]
    assert not any("cookie" in headers for headers in server.headers)


def test_our_default_name_is_that_of_the_project() -> None:
    with serve([GOOD]) as server:
        get(RetryingClient(), server.address)
    assert server.headers[0]["user-agent"].startswith("paperstrata/")


def test_a_proxy_of_the_environment_is_not_asked_for_our_own_machine(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serve([GOOD]) as proxy, serve([GOOD]) as server:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.address)
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        get(bench.client(), f"{server.address}/list")
        assert (len(proxy.paths), server.paths) == (0, ["/list"])


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
    assert told.value.record() == {
        "feed_id": "hf-daily",
        "feed_date": date(2026, 5, 19),
        "failed_at": START + timedelta(seconds=bench.hours.passed),
        "address": address,
        "reason": "HTTP 503 Service Unavailable, at try 3",
    }
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
    assert ("pause", 18.0) in [(notice.kind, notice.seconds) for notice in bench.notices]


def test_a_pause_past_the_deadline_ends_the_look_at_once(bench: Bench) -> None:
    busy = Reply(b"", 429, {"Retry-After": "86400"})
    with serve([busy, GOOD]) as server:
        client = bench.client(deadline_seconds=600)
        with pytest.raises(UnreachableError, match=r"HTTP 429 .* 86,400 s, past the 600 s"):
            client.get(REQUEST, server.address, count_entries)
        with pytest.raises(UnreachableError, match="asks for a pause of 86,400 s"):
            get(client, server.address)
    assert len(server.paths) == 1
    assert bench.hours.pauses == []


def test_a_look_that_failed_does_not_delay_the_next(bench: Bench) -> None:
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


def test_nonsense_is_kept_for_the_person_who_wants_to_see_it(bench: Bench) -> None:
    page = b"<html>" + b"maintenance " * 1000
    with serve([Reply(page)]) as server, pytest.raises(UnreachableError) as told:
        get(bench.client(tries=2), server.address)
    assert told.value.reason == "HTML instead of JSON, at try 2"
    assert told.value.detail == page[:2000]


def test_a_compressed_answer_is_read(bench: Bench) -> None:
    packed = Reply(gzip.compress(GOOD.body), headers={"Content-Encoding": "gzip"})
    with serve([packed]) as server:
        assert get(bench.client(), server.address).body == GOOD.body


def test_a_server_that_never_answers_is_left_in_time() -> None:
    client = RetryingClient(RetryPolicy(tries=2, read_seconds=0.1, backoff_seconds=0.01))
    began = time.monotonic()
    with serve([Reply(silent=True)]) as server:
        with pytest.raises(UnreachableError, match=r"silent for 0\.1 s, at try 2"):
            get(client, server.address)
        assert time.monotonic() - began < 2


def test_a_server_that_drips_is_left_at_the_deadline() -> None:
    client = RetryingClient(RetryPolicy(read_seconds=5, deadline_seconds=0.3))
    began = time.monotonic()
    with serve([Reply(b"[" + b" " * 1000 + b"]", drip_seconds=0.02)]) as server:
        with pytest.raises(UnreachableError, match=r"no end of the answer within 0\.3 s"):
            get(client, server.address)
        assert time.monotonic() - began < 2


def test_a_refusal_that_drips_is_left_at_the_deadline() -> None:
    client = RetryingClient(RetryPolicy(read_seconds=5, deadline_seconds=0.3))
    began = time.monotonic()
    with serve([Reply(b"x" * 1000, 503, drip_seconds=0.02)]) as server:
        with pytest.raises(UnreachableError, match="HTTP 503") as told:
            get(client, server.address)
        assert time.monotonic() - began < 2
    assert 0 < len(told.value.detail) < 1000


def test_a_server_that_is_gone_is_an_error_after_the_tries(bench: Bench) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}/list"
    with pytest.raises(UnreachableError, match=r"no connection: .*refused.*, at try 3"):
        get(bench.client(tries=3), address)
    assert len(bench.hours.pauses) == 2


@pytest.mark.parametrize(
    "address", ["huggingface.co/api", "ftp://127.0.0.1/x", "http://", "http://[::1"]
)
def test_what_is_no_address_is_an_error_at_once(bench: Bench, address: str) -> None:
    with pytest.raises(UnreachableError, match="no address of a web server"):
        get(bench.client(), address)
    assert bench.hours.pauses == []


@pytest.mark.parametrize("chunked", [True, False])
def test_a_body_over_the_limit_is_not_read_to_its_end(bench: Bench, chunked: bool) -> None:
    big = Reply(b"[" + b" " * 3_000_000, chunked=chunked)
    with serve([big]) as server, pytest.raises(UnreachableError, match="over the limit of 100,000"):
        get(bench.client(largest_body_bytes=100_000), server.address)
    assert len(server.paths) == 1


def test_a_small_answer_that_unpacks_to_a_large_one_is_not_read_to_its_end(bench: Bench) -> None:
    bomb = Reply(gzip.compress(b" " * 50_000_000), headers={"Content-Encoding": "gzip"})
    with serve([bomb]) as server, pytest.raises(UnreachableError, match="over the limit"):
        get(bench.client(largest_body_bytes=1_000_000), server.address)


def test_a_redirect_on_the_same_server_is_followed(bench: Bench) -> None:
    with serve([Reply(b"", 307, {"Location": "/there"}), GOOD]) as server:
        answer = get(bench.client(), f"{server.address}/here")
    assert answer.address == f"{server.address}/there"
    assert server.paths == ["/here", "/there"]


def test_a_redirect_to_another_server_is_not_followed(bench: Bench) -> None:
    with serve([GOOD]) as other:
        moved = Reply(b"", 301, {"Location": f"{other.address}/list"})
        with serve([moved]) as server, pytest.raises(UnreachableError, match="to another server"):
            get(bench.client(), server.address)
        assert (len(server.paths), other.paths) == (1, [])


def test_redirects_that_go_round_in_a_circle_end(bench: Bench) -> None:
    with (
        serve([Reply(b"", 302, {"Location": "/here"})]) as server,
        pytest.raises(UnreachableError, match="redirected more than 5 times"),
    ):
        get(bench.client(), f"{server.address}/here")
    assert len(server.paths) == 6


def test_an_interrupted_pause_is_not_swallowed(bench: Bench) -> None:
    def interrupt(seconds: float) -> None:
        raise KeyboardInterrupt

    clock = bench.hours.clock()
    client = RetryingClient(clock=Clock(clock.now, clock.monotonic, interrupt))
    with serve([Reply(b"", 429, {"Retry-After": "5"})]) as server, pytest.raises(KeyboardInterrupt):
        get(client, server.address)


def test_a_whole_answer_that_is_nonsense_is_named_by_its_bytes(bench: Bench) -> None:
    page = b"<html>" + b"maintenance " * 1000
    with serve([Reply(page)]) as server, pytest.raises(UnreachableError) as told:
        get(bench.client(tries=2), server.address)
    blob_id = hashlib.sha256(page).hexdigest()
    expected = Nonsense(server.address, blob_id, len(page), "HTML instead of JSON")
    assert told.value.nonsense == expected
    with serve([Reply(page, 503)]) as server, pytest.raises(UnreachableError) as told:
        get(bench.client(tries=2), server.address)
    assert told.value.nonsense is None


@pytest.mark.parametrize(
    ("reply", "scope"),
    [
        (Reply(b"", 404), "look"),
        (Reply(b"", 403), "answer"),
        (Reply(b"", 503), "answer"),
        (Reply(b"<html>"), "answer"),
        (Reply(GOOD.body, cut=5), "server"),
        (Reply(b"", 302, {"Location": "http://127.0.0.2:1/portal"}), "server"),
    ],
    ids=["no such list", "forbidden", "busy", "HTML", "cut", "led elsewhere"],
)
def test_a_failure_says_what_it_means_for_the_looks_to_come(
    bench: Bench, reply: Reply, scope: str
) -> None:
    with serve([reply]) as server, pytest.raises(UnreachableError) as told:
        get(bench.client(tries=1), server.address)
    assert told.value.scope == scope


def test_an_answer_without_end_is_left_at_the_limit(bench: Bench) -> None:
    endless = Reply(b"[" + b" " * 2_000_000, length=1 << 40)
    with serve([endless]) as server, pytest.raises(UnreachableError, match="over the limit"):
        get(bench.client(largest_body_bytes=100_000), server.address)
    assert len(server.paths) == 1


def self_signed(folder: Path) -> ssl.SSLContext:
    """Return the server side of a certificate that nobody vouches for."""
    x509 = pytest.importorskip("cryptography.x509")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    day, now = timedelta(days=1), clock.now()
    addresses = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - day)
        .not_valid_after(now + day)
        .add_extension(addresses, critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = folder / "server.pem"
    pem.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


def test_a_certificate_that_nobody_vouches_for_is_an_error_at_once(
    bench: Bench, tmp_path: Path
) -> None:
    with serve([GOOD]) as server:
        server.socket = self_signed(tmp_path).wrap_socket(server.socket, server_side=True)
        with pytest.raises(UnreachableError, match="CERTIFICATE_VERIFY_FAILED") as told:
            get(bench.client(), server.address.replace("http://", "https://"))
    assert (server.paths, bench.hours.pauses) == ([], [])
    assert told.value.scope == "server"
