"""One HTTP request: redirects within the server are followed, the size of the body is bounded."""

import ipaddress
import os
import ssl
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import httpx

from flows.sources.addresses import without_credentials
from flows.sources.connection_deadline import ConnectionDeadline
from flows.sources.decoding import ACCEPTED, read_pieces
from flows.sources.errors import DETAIL_BYTES, NO_SUCH_LIST, FailedTryError
from flows.sources.head_limit import HeadLimit
from flows.sources.rate_limit import Clock, RetryPolicy, requested_pause

_TRANSIENT = frozenset({408, 425, 429, 500, 502, 503, 504})
_REDIRECTS = 5
_FEW_PIECES = 10_000
_SMALLEST_PIECE = 16
"""Bytes, on average, of more pieces than a few: each costs as much as a large one."""
_UNFORESEEN = (ValueError, ArithmeticError, LookupError)
"""What parts of a library raise for what a server made up: names of hosts, dates, encodings."""

_KEY_LOG = ("SSLKEYLOGFILE",)
_OWN_CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR", *_KEY_LOG)


@dataclass(frozen=True)
class Answer:
    """A whole answer with status 200; ``body`` is decompressed, else as sent.

    ``address`` is the one that answered, after redirects. ``captured_at`` is naive UTC.
    ``next_link`` is the target of ``Link: rel="next"``. ``pause_seconds`` is how long the server
    wants us to wait before the next request; None where it does not say.
    """

    address: str
    body: bytes
    captured_at: datetime
    next_link: str | None = None
    pause_seconds: float | None = None


def user_agent(contact: str | None = None) -> str:
    """Return the User-Agent header: name and version, and whom to contact where that is given."""
    try:
        release = version("paperstrata")
    except PackageNotFoundError:
        release = "0"
    return f"paperstrata/{release}" + (f" ({contact})" if contact else "")


class HttpClient:
    """The connections to a server, for one thread. No cookies; no proxy for our own machine."""

    def __init__(
        self, retry_policy: RetryPolicy, clock: Clock, agent: str, token: str | None = None
    ) -> None:
        """Open nothing yet; ``token`` is sent with every request."""
        self._retry_policy = retry_policy
        self._clock = clock
        self._headers = {"User-Agent": agent, "Accept-Encoding": ACCEPTED}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"
        self._deadline = ConnectionDeadline()
        self._head_limit = HeadLimit()
        self._clients: dict[bool, httpx.Client] = {}

    def get(self, address: str, until: float) -> Answer:
        """Return the answer of an address; ``until`` is a moment of the monotonic clock.

        Raises:
            FailedTryError: anything but a whole answer with status 200.
        """
        left = max(until - self._clock.monotonic(), 0.001)
        with self._deadline.within(left) as has_passed:
            try:
                return self._follow(address, until)
            except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
                reason = f"no address of a web server: {without_credentials(str(error))}"
                raise FailedTryError(reason, is_final=True, scope="server") from error
            except httpx.HTTPError as error:
                if has_passed.is_set():
                    raise self._too_late() from error
                is_final = _is_of_certificate(error)
                raise FailedTryError(
                    self._describe(error), is_final=is_final, scope="server"
                ) from error
            except _UNFORESEEN as error:
                reason = f"the address or the head of the answer is malformed: {error}"[:300]
                raise FailedTryError(reason, scope="server") from error

    def _follow(self, address: str, until: float) -> Answer:
        for _ in range(1 + _REDIRECTS):
            answer = self._get_once(address, until)
            if isinstance(answer, Answer):
                return answer
            address = answer
        raise FailedTryError(f"redirected more than {_REDIRECTS} times", is_final=True)

    def close(self) -> None:
        """Close all connections."""
        for client in self._clients.values():
            client.close()
        self._clients.clear()
        self._deadline.forget()

    def _get_once(self, address: str, until: float) -> Answer | str:
        """Return the answer, or the address that it redirects to."""
        left = max(until - self._clock.monotonic(), 0.001)
        timeout = httpx.Timeout(
            min(self._retry_policy.read_seconds, left),
            connect=min(self._retry_policy.connect_seconds, left),
        )
        url = httpx.URL(address)
        extensions = {"trace": self._trace}
        client = self._client(url.host)
        with client.stream("GET", url, timeout=timeout, extensions=extensions) as response:
            if response.next_request is not None:
                return _check_redirect(url, response.next_request.url)
            pause = requested_pause(response.headers, self._clock.now(), response.status_code)
            if response.status_code != httpx.codes.OK:
                detail = self._read_detail(response, until)
                raise _bad_status(response, pause, detail)
            body = self._read(response, until)
            return Answer(
                without_credentials(address), body, self._clock.now(), _next_link(response), pause
            )

    def _trace(self, event: str, info: dict[str, Any]) -> None:
        self._deadline.trace(event, info)
        self._head_limit.trace(event, info)

    def _read(self, response: httpx.Response, until: float) -> bytes:
        largest = self._retry_policy.largest_body_bytes
        body = bytearray()
        for count, piece in enumerate(read_pieces(response)):
            body += piece
            if count > _FEW_PIECES and len(body) < count * _SMALLEST_PIECE:
                reason = f"the answer comes in pieces of less than {_SMALLEST_PIECE} bytes"
                raise FailedTryError(reason, is_final=True, scope="server")
            if len(body) > largest:
                reason = f"the answer is over the limit of {largest:,} bytes"
                raise FailedTryError(reason, is_final=True, detail=bytes(body[:DETAIL_BYTES]))
            if self._clock.monotonic() > until:
                raise self._too_late(bytes(body[:DETAIL_BYTES]))
        return bytes(body)

    def _too_late(self, detail: bytes = b"") -> FailedTryError:
        reason = f"no end of the answer within {self._retry_policy.deadline_seconds:g} s"
        return FailedTryError(reason, is_final=True, detail=detail)

    def _read_detail(self, response: httpx.Response, until: float) -> bytes:
        """Return the beginning of a bad answer, as far as it came."""
        detail = b""
        with suppress(httpx.HTTPError, FailedTryError):
            for piece in read_pieces(response):
                detail += piece
                if len(detail) >= DETAIL_BYTES or self._clock.monotonic() > until:
                    break
        return detail[:DETAIL_BYTES]

    def _client(self, host: str) -> httpx.Client:
        is_ours = _is_loopback(host)
        if is_ours not in self._clients:
            try:
                self._clients[is_ours] = httpx.Client(
                    headers=self._headers,
                    cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
                    trust_env=not is_ours,
                    verify=_certificates(trust_env=not is_ours),
                )
            except (*_UNFORESEEN, httpx.InvalidURL, ImportError, OSError) as error:
                # the message may hold the password of the proxy
                reason = (
                    "the proxy or the certificates that the environment names (HTTP_PROXY,"
                    " HTTPS_PROXY, ALL_PROXY, SSL_CERT_FILE, SSLKEYLOGFILE) cannot be used"
                    f" ({type(error).__name__})"
                )
                raise FailedTryError(reason, is_final=True, scope="server") from error
        return self._clients[is_ours]

    def _describe(self, error: httpx.HTTPError) -> str:
        if isinstance(error, httpx.ConnectTimeout):
            return f"no connection within {self._retry_policy.connect_seconds:g} s"
        if isinstance(error, httpx.TimeoutException):
            return f"silent for {self._retry_policy.read_seconds:g} s"
        if isinstance(error, httpx.ConnectError):
            return f"no connection: {without_credentials(str(error))}"
        return f"the answer broke off: {error or type(error).__name__}"


def _certificates(*, trust_env: bool) -> ssl.SSLContext:
    """Return what servers are trusted by: what the environment names, or what is shipped."""
    names = _OWN_CERTIFICATES if trust_env else _KEY_LOG
    if any(os.environ.get(name) for name in names):
        return httpx.create_ssl_context(trust_env=trust_env)
    return _shipped_certificates()


@cache
def _shipped_certificates() -> ssl.SSLContext:
    """Return the certificates that come with httpx: to read them takes as long as ten requests."""
    return httpx.create_ssl_context(trust_env=False)


def _bad_status(response: httpx.Response, pause: float | None, detail: bytes) -> FailedTryError:
    status = response.status_code
    return FailedTryError(
        f"HTTP {status} {response.reason_phrase}".rstrip(),
        is_final=status not in _TRANSIENT and not response.is_success,
        pause_seconds=pause,
        detail=detail,
        scope="list" if status in NO_SUCH_LIST else "answer",
    )


def _check_redirect(origin: httpx.URL, target: httpx.URL) -> str:
    """Return the target if it is on the same server, and no less secure.

    Raises:
        FailedTryError: it is not.
    """
    is_upgrade = (origin.scheme, target.scheme) == ("http", "https")
    is_same = (origin.scheme, origin.port) == (target.scheme, target.port)
    if origin.host != target.host or not (is_same or is_upgrade):
        reason = f"redirected to another server: {without_credentials(str(target))}"
        raise FailedTryError(reason, is_final=True, scope="server")
    return str(target)


def _next_link(response: httpx.Response) -> str | None:
    for link in response.links.values():
        if "next" in link.get("rel", "").lower().split():
            return link.get("url")
    return None


def _is_of_certificate(error: BaseException | None) -> bool:
    """Tell whether a bad certificate caused an error: then another try cannot help."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
