"""A local web server that answers what a test tells it to, honestly or not."""

import json
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from typing import Any

from flows.sources.base import FetchRequest
from flows.sources.http_client import Answer
from flows.sources.rate_limit import Clock, RetryPolicy
from flows.sources.response_check import count_entries
from flows.sources.retrying_client import RetryingClient

START = datetime(2026, 5, 20, 10)  # noqa: DTZ001 - naive UTC, as everywhere in the landing


@dataclass(frozen=True)
class Reply:
    """One answer. ``length`` is a Content-Length that lies; ``cut`` breaks off after so many bytes.

    ``drip_seconds`` passes between two bytes; a reply that is ``silent`` never comes; one that is
    ``dateless`` has no Date.
    """

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    length: int | None = None
    cut: int | None = None
    drip_seconds: float = 0.0
    silent: bool = False
    dateless: bool = False
    chunked: bool = False


Script = Callable[[str], Reply]


class Replay(ThreadingHTTPServer):
    """Answers every request by a script, and remembers what was asked."""

    daemon_threads = True

    def __init__(self, script: Script) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.script = script
        self.paths: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.ending = threading.Event()
        self.lock = threading.Lock()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def reply_to(self, handler: "BaseHTTPRequestHandler") -> Reply:
        with self.lock:
            self.paths.append(handler.path)
            self.headers.append({name.lower(): value for name, value in handler.headers.items()})
            return self.script(handler.path)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is what many tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Replay

    def do_GET(self) -> None:
        reply = self.server.reply_to(self)
        if reply.silent:
            self.server.ending.wait(10)
            self.close_connection = True
            return
        self.send_response_only(reply.status)
        if not reply.dateless:
            self.send_header("Date", self.date_time_string())
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.chunked:
            self.send_header("Transfer-Encoding", "chunked")
        elif reply.length != -1:
            length = len(reply.body) if reply.length is None else reply.length
            self.send_header("Content-Length", str(length))
        self.end_headers()
        self._send(reply)

    def _send(self, reply: Reply) -> None:
        body = reply.body if reply.cut is None else reply.body[: reply.cut]
        if reply.chunked:
            self.wfile.write(b"%x\r\n%s\r\n" % (len(body), body))
            self.wfile.write(b"" if reply.cut is not None else b"0\r\n\r\n")
        elif reply.drip_seconds:
            for byte in body:
                self.wfile.write(bytes([byte]))
                if self.server.ending.wait(reply.drip_seconds):
                    break
        else:
            self.wfile.write(body)
        if reply.cut is not None or reply.length is not None:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, *args: object) -> None:
        """Keep quiet."""


@contextmanager
def serve(script: Script | Sequence[Reply]) -> Iterator[Replay]:
    """Run a server; a sequence is answered in order, its last reply again and again."""
    if not callable(script):
        replies = list(script)
        script = lambda _: replies.pop(0) if len(replies) > 1 else replies[0]  # noqa: E731
    server = Replay(script)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.ending.set()
        server.shutdown()
        thread.join()
        server.server_close()


class Hours:
    """A clock that moves only while somebody sleeps, and remembers how long each slept."""

    def __init__(self) -> None:
        self.pauses: list[float] = []
        self.passed = 0.0

    def sleep(self, seconds: float) -> None:
        self.pauses.append(round(seconds, 6))
        self.passed += seconds

    def clock(self) -> Clock:
        return Clock(
            now=lambda: START + timedelta(seconds=self.passed),
            monotonic=lambda: self.passed,
            sleep=self.sleep,
        )


@dataclass
class Bench:
    """Makes clients on a clock of their own."""

    hours: Hours = field(default_factory=Hours)

    def client(self, **retry_policy: Any) -> RetryingClient:
        return RetryingClient(
            RetryPolicy(**retry_policy),
            self.hours.clock(),
            Random(7),
            "test/1",
        )


def json_reply(value: object, status: int = 200, **headers: str) -> Reply:
    """Return a JSON answer; underscores in header names stand for hyphens."""
    sent = {"Content-Type": "application/json; charset=utf-8"}
    sent |= {name.replace("_", "-"): text for name, text in headers.items()}
    return Reply(json.dumps(value).encode(), status, sent)


REQUEST = FetchRequest("hf-daily", date(2026, 5, 19))
GOOD = json_reply([{"paper": {}}])


def get(client: RetryingClient, address: str) -> Answer:
    """Ask for one list of papers, and close the client."""
    try:
        return client.get(REQUEST, address, count_entries)[0]
    finally:
        client.close()
