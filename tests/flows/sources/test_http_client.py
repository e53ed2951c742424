"""One request to servers that are slow, broken, lying or gone."""

import gzip
import itertools
import socket
import ssl
import threading
import time
import tracemalloc
from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest

from flows import clock
from flows.sources.errors import FailedTryError, UnreachableError
from flows.sources.rate_limit import RetryPolicy
from flows.sources.response_check import count_entries
from flows.sources.retrying_client import RetryingClient
from tests.flows.sources.replay import GOOD, REQUEST, START, Bench, Reply, get, json_reply, serve


def test_an_answer_is_its_bytes_and_the_moment_when_it_had_come(bench: Bench) -> None:
    with serve([GOOD]) as server:
        answer = get(bench.client(), f"{server.address}/list")
    assert answer.body == GOOD.body
    assert answer.captured_at == START
    assert bench.hours.pauses == []


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


def test_a_compressed_answer_is_read(bench: Bench) -> None:
    packed = Reply(gzip.compress(GOOD.body), headers={"Content-Encoding": "gzip"})
    with serve([packed]) as server:
        assert get(bench.client(), server.address).body == GOOD.body


def test_a_server_that_never_answers_is_left_in_time() -> None:
    client = RetryingClient(RetryPolicy(tries=2, read_seconds=0.1, backoff_seconds=0.01))
    with (
        serve([Reply(silent=True)]) as server,
        pytest.raises(UnreachableError, match=r"silent for 0\.1 s, at try 2"),
    ):
        get(client, server.address)


def test_a_server_that_drips_is_left_at_the_deadline() -> None:
    client = RetryingClient(RetryPolicy(read_seconds=5, deadline_seconds=0.3))
    with (
        serve([Reply(b"[" + b" " * 1000 + b"]", drip_seconds=0.02)]) as server,
        pytest.raises(UnreachableError, match=r"no end of the answer within 0\.3 s"),
    ):
        get(client, server.address)


def test_a_refusal_that_drips_is_left_at_the_deadline() -> None:
    client = RetryingClient(RetryPolicy(read_seconds=5, deadline_seconds=0.3))
    with (
        serve([Reply(b"x" * 1000, 503, drip_seconds=0.02)]) as server,
        pytest.raises(UnreachableError, match="HTTP 503") as told,
    ):
        get(client, server.address)
    assert 0 < len(told.value.detail) < 1000


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


def test_a_redirect_to_a_name_that_no_server_can_have_is_a_failed_try(bench: Bench) -> None:
    moved = Reply(b"", 302, {"Location": "http://xn--a/"})
    with serve([moved]) as server, pytest.raises(UnreachableError, match="is malformed"):
        get(bench.client(), server.address)


def test_redirects_that_go_round_in_a_circle_end(bench: Bench) -> None:
    with (
        serve([Reply(b"", 302, {"Location": "/here"})]) as server,
        pytest.raises(UnreachableError, match="redirected more than 5 times"),
    ):
        get(bench.client(), f"{server.address}/here")
    assert len(server.paths) == 6


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


class RawServer:
    """Sends bytes to whoever connects, a piece at a time, until it is closed."""

    def __init__(self, pieces: Iterable[bytes], pause_seconds: float) -> None:
        self._pieces, self._pause = pieces, pause_seconds
        self._ending = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> "RawServer":
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        self._listener.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                with suppress(OSError), connection:
                    for piece in self._pieces:
                        connection.sendall(piece)
                        if self._ending.wait(self._pause):
                            return


ENDLESS = {
    "headers that drip": lambda: itertools.chain([b"HTTP/1.1 200 OK\r\n"], itertools.repeat(b"X")),
    "a status that drips": lambda: itertools.repeat(b"H"),
    "endless early hints": lambda: itertools.repeat(
        b"HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n"
    ),
    "a body that drips": lambda: itertools.chain(
        [b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"], itertools.repeat(b" ")
    ),
}


@pytest.mark.timeout(20)
@pytest.mark.parametrize("how", ENDLESS)
def test_no_answer_takes_longer_than_the_deadline_however_it_comes(how: str) -> None:
    client = RetryingClient(RetryPolicy(tries=1, read_seconds=5, deadline_seconds=0.5))
    with (
        RawServer(ENDLESS[how](), 0.02) as server,
        pytest.raises(UnreachableError, match=r"no end of the answer within 0\.5 s") as told,
    ):
        get(client, server.address)
    # no other list is asked for in this run
    assert told.value.scope == "server"


COSTLY = {
    "interim answers": lambda: itertools.repeat(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 1000),
    "chunks of one byte": lambda: itertools.chain(
        [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"],
        itertools.repeat(b"1\r\n \r\n" * 1000),
    ),
}


@pytest.mark.timeout(20)
@pytest.mark.parametrize("what", COSTLY)
def test_an_answer_of_parts_without_end_is_left_long_before_the_deadline(what: str) -> None:
    client = RetryingClient()
    with (
        RawServer(COSTLY[what](), 0) as server,
        pytest.raises(UnreachableError, match=r"no answer|in pieces") as told,
    ):
        get(client, server.address)
    assert told.value.scope == "server"


def test_what_comes_after_the_end_of_a_packed_answer_is_not_waited_for(bench: Bench) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"
    endless = itertools.chain(
        [head + gzip.compress(GOOD.body)], itertools.repeat(b"\x1f\x8b" * 500)
    )
    with RawServer(endless, 0.001) as server:
        assert get(bench.client(), server.address).body == GOOD.body


def count_descriptors() -> int:
    return len(list(Path("/dev/fd").iterdir()))


@pytest.mark.timeout(20)
def test_a_server_that_closes_every_connection_does_not_use_up_the_descriptors(
    bench: Bench,
) -> None:
    closing = Reply(GOOD.body, headers={"Connection": "close"})
    client = bench.client()
    with serve([closing] * 20) as server:
        before = count_descriptors()
        for _ in range(20):
            client.get(REQUEST, f"{server.address}/list", count_entries)
        while count_descriptors() > before + 5:
            time.sleep(0.01)
        client.close()


@pytest.mark.parametrize("packing", ["gzip, gzip", "br", "gzip, br", "zstd", "x"])
def test_an_answer_packed_twice_or_as_we_did_not_ask_for_is_not_unpacked(
    bench: Bench, packing: str
) -> None:
    body = gzip.compress(gzip.compress(b"[" + b" " * 10_000_000 + b"]"))
    with (
        serve([Reply(body, headers={"Content-Encoding": packing})]) as server,
        pytest.raises(UnreachableError, match=f"packed as '{packing}'"),
    ):
        get(bench.client(), server.address)


def test_an_answer_that_unpacks_to_more_than_the_limit_is_left_before_it_fills_the_memory() -> None:
    client = RetryingClient(RetryPolicy(largest_body_bytes=5_000_000))
    body = gzip.compress(b" " * 300_000_000, 1)
    tracemalloc.start()
    with (
        serve([Reply(body, headers={"Content-Encoding": "gzip"})]) as server,
        pytest.raises(UnreachableError, match="over the limit of 5,000,000 bytes"),
    ):
        get(client, server.address)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 50_000_000


def test_an_answer_whose_packing_has_no_end_has_broken_off(bench: Bench) -> None:
    body = gzip.compress(GOOD.body)[:-9]
    with (
        serve([Reply(body, headers={"Content-Encoding": "gzip"})] * 5) as server,
        pytest.raises(UnreachableError, match="the end of its gzip is missing"),
    ):
        get(bench.client(), server.address)


def test_what_lets_people_in_is_sent_and_never_shown(bench: Bench) -> None:
    with serve([GOOD, Reply(b"no", status=404)]) as server:
        host = server.address.removeprefix("http://")
        address = f"http://me:hidden@{host}/list?date=2025-06-02&token=hidden"
        answer = get(bench.client(), address)
        assert answer.address == f"http://{host}/list?date=2025-06-02&token=..."
        with pytest.raises(UnreachableError) as caught:
            get(bench.client(), address)
    assert "hidden" not in f"{caught.value} {caught.value.address} {caught.value.reason}"
    assert server.headers[0]["authorization"].startswith("Basic ")
    assert server.paths[0].endswith("token=hidden")


def test_a_token_is_sent_as_a_bearer(bench: Bench) -> None:
    with serve([GOOD]) as server:
        get(RetryingClient(token="hidden"), server.address)
    assert server.headers[0]["authorization"] == "Bearer hidden"
    assert "hidden" not in repr(RetryingClient(token="hidden"))


def test_what_lets_people_in_is_not_kept_where_a_server_repeats_it(bench: Bench) -> None:
    said = b"GET /?token=hidden Authorization: Basic bWU6aGlkZGVu, Bearer hidden"
    told = {"Location": "/?again=hidden"}
    with serve([Reply(said, status=404, headers=told)]) as server:
        address = server.address.replace("http://", "http://me:hidden@")
        for client in (RetryingClient(token="hidden"), bench.client()):
            with pytest.raises(UnreachableError) as caught:
                get(client, f"{address}/?token=hidden")
            detail = caught.value.detail.decode()
            assert detail == "GET /?token=... Authorization: Basic ..., Bearer ..."


@pytest.mark.parametrize("client", [RetryingClient(token="hidden-password"), RetryingClient()])
def test_an_answer_that_repeats_what_lets_people_in_is_neither_read_nor_kept(
    client: RetryingClient,
) -> None:
    said = b'{"error": "you sent hidden-password, bWU6aGlkZGVuLXBhc3N3b3Jk"}'
    with serve([Reply(said)]) as server:
        address = server.address.replace("http://", "http://me:hidden-password@")
        with pytest.raises(UnreachableError, match="the answer repeats the token or") as caught:
            get(client, address)
    assert caught.value.unreadable is None
    assert "hidden" not in f"{caught.value} {caught.value.detail!r}"


def test_a_short_password_is_left_out_of_why_an_answer_cannot_be_read() -> None:
    def check(_: object) -> None:
        raise FailedTryError("an error instead of a list: you sent qz7")

    with serve([Reply(b"[]")]) as server:
        address = server.address.replace("http://", "http://me:qz7@")
        client = RetryingClient(RetryPolicy(tries=1))
        with pytest.raises(UnreachableError) as caught:
            client.get(REQUEST, address, check)
    assert "qz7" not in f"{caught.value} {caught.value.unreadable}"
    assert "qz7" not in str(client.failure(REQUEST, address, "the next link leads to /qz7"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ALL_PROXY", "socks5://me:hidden@127.0.0.1:9"),
        ("HTTP_PROXY", "hidden://127.0.0.1:9"),
        ("HTTP_PROXY", "http://me:hidden@[::1"),
        ("SSL_CERT_FILE", "/nowhere/hidden"),
    ],
)
def test_a_proxy_that_cannot_be_used_is_told_without_its_password(
    name: str, value: str, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(UnreachableError, match=rf"the environment names .*{name}") as caught:
        get(bench.client(), "https://papers.example.org")
    assert "hidden" not in str(caught.value)
    assert caught.value.scope == "server"
