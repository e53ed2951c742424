"""One server asked politely: bounded tries, bounded bodies, pauses kept, no cookies."""

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy
from importlib.metadata import PackageNotFoundError, version
from random import Random
from typing import Literal, TypeVar

import httpx

from flows.sources.look import DETAIL_BYTES, FailedTryError, LookRequest, UnreachableError
from flows.sources.politeness import Clock, Patience, asked_pause

Peeked = TypeVar("Peeked")

_TRANSIENT = frozenset({408, 425, 429, 500, 502, 503, 504})
_REFUSALS = frozenset({429, 503})
_REDIRECTS = 5
_CHUNK = 1 << 16


@dataclass(frozen=True)
class Answer:
    """A good answer: the address that gave it in the end, its headers, its body as sent."""

    address: str
    headers: httpx.Headers
    body: bytes
    captured_at: datetime


@dataclass(frozen=True)
class Notice:
    """What a fetch is doing: an answer came, a try failed, or a pause begins."""

    kind: Literal["answer", "failed_try", "pause"]
    address: str
    bytes: int = 0
    seconds: float = 0.0
    reason: str | None = None


def _say_nothing(notice: Notice) -> None:
    pass


def default_user_agent(contact: str | None = None) -> str:
    """Return how we name ourselves, with an address to complain to where one is set."""
    try:
        release = version("paperstrata")
    except PackageNotFoundError:
        release = "0"
    return f"paperstrata/{release}" + (f" ({contact})" if contact else "")


@dataclass
class Fetcher:
    """The connections to one server and what it has asked of us. For one thread."""

    patience: Patience = field(default_factory=Patience)
    clock: Clock = field(default_factory=Clock)
    progress: Callable[[Notice], None] = _say_nothing
    random: Random = field(default_factory=Random)
    user_agent: str = field(default_factory=default_user_agent)
    _not_before: float = field(default=float("-inf"), init=False)
    _clients: dict[bool, httpx.Client] = field(default_factory=dict, init=False)

    def get(
        self, request: LookRequest, address: str, peek: Callable[[Answer], Peeked]
    ) -> tuple[Answer, Peeked]:
        """Return an answer and what ``peek`` sees in it; a peek that fails is a failed try.

        Raises:
            UnreachableError: after the last try, at the deadline, or where no try can help.
        """
        until = self.clock.monotonic() + self.patience.deadline_seconds
        for tried in range(1, self.patience.tries + 1):
            try:
                self._await_turn(address, until)
                answer = self._ask(address, until)
                peeked = peek(answer)
            except FailedTryError as failure:
                self.progress(Notice("failed_try", address, reason=str(failure)))
                if failure.is_final or tried == self.patience.tries:
                    reason = f"{failure}, after {tried} tries" if tried > 1 else str(failure)
                    raise self.failure(request, address, reason, failure.detail) from failure
                self._hold_back(failure.pause_seconds or self.patience.backoff(tried, self.random))
            else:
                self.progress(Notice("answer", address, bytes=len(answer.body)))
                return answer, peeked
        raise ValueError("patience.tries must be at least 1")

    def failure(
        self, request: LookRequest, address: str, reason: str, detail: bytes = b""
    ) -> UnreachableError:
        """Return the error for a look that fails now."""
        return UnreachableError(request, address, reason, self.clock.now(), detail)

    def close(self) -> None:
        """Close all connections."""
        for client in self._clients.values():
            client.close()
        self._clients.clear()

    def _hold_back(self, seconds: float) -> None:
        self._not_before = max(self._not_before, self.clock.monotonic() + seconds)

    def _await_turn(self, address: str, until: float) -> None:
        now = self.clock.monotonic()
        pause = self._not_before - now
        if pause <= 0:
            return
        if self._not_before > until:
            reason = f"the next try is due in {pause:,.0f} s, after the deadline for this answer"
            raise FailedTryError(reason, is_final=True)
        self.progress(Notice("pause", address, seconds=pause))
        self.clock.sleep(pause)

    def _ask(self, address: str, until: float) -> Answer:
        try:
            for _ in range(1 + _REDIRECTS):
                answer = self._ask_once(address, until)
                if isinstance(answer, Answer):
                    return answer
                address = answer
        except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
            raise FailedTryError(f"no address of a web server: {error}", is_final=True) from error
        except httpx.HTTPError as error:
            raise FailedTryError(self._describe(error)) from error
        finally:
            self._hold_back(self.patience.gap_seconds)
        raise FailedTryError(f"redirected more than {_REDIRECTS} times", is_final=True)

    def _ask_once(self, address: str, until: float) -> Answer | str:
        """Return the answer, or the address that it redirects to."""
        patience = self.patience
        left = max(until - self.clock.monotonic(), 0.001)
        timeout = httpx.Timeout(
            min(patience.read_seconds, left), connect=min(patience.connect_seconds, left)
        )
        url = httpx.URL(address)
        with self._client(url.host).stream("GET", url, timeout=timeout) as response:
            self._keep_limits(response)
            if response.next_request is not None:
                return _check_redirect(url, response.next_request.url)
            if response.status_code != httpx.codes.OK:
                raise self._refused(response)
            body = self._read(response, until)
            return Answer(address, response.headers, body, self.clock.now())

    def _keep_limits(self, response: httpx.Response) -> None:
        pause = asked_pause(response.headers, self.clock.now(), is_refused=False)
        if pause is not None:
            self._hold_back(pause)

    def _refused(self, response: httpx.Response) -> FailedTryError:
        status = response.status_code
        pause = asked_pause(
            response.headers, self.clock.now(), is_refused=status in _REFUSALS
        )
        return FailedTryError(
            f"HTTP {status} {response.reason_phrase}".rstrip(),
            is_final=status not in _TRANSIENT and not response.is_success,
            pause_seconds=pause,
            detail=_read_detail(response),
        )

    def _read(self, response: httpx.Response, until: float) -> bytes:
        largest = self.patience.largest_body_bytes
        body = bytearray()
        for chunk in response.iter_bytes(_CHUNK):
            body += chunk
            if len(body) > largest:
                reason = f"the answer is over the limit of {largest:,} bytes"
                raise FailedTryError(reason, is_final=True, detail=bytes(body[:DETAIL_BYTES]))
            if self.clock.monotonic() > until:
                reason = f"the answer had not ended after {self.patience.deadline_seconds:,.0f} s"
                raise FailedTryError(reason, is_final=True, detail=bytes(body[:DETAIL_BYTES]))
        return bytes(body)

    def _client(self, host: str) -> httpx.Client:
        """Return the client for a host; what the environment says of proxies is not for our own."""
        is_ours = _is_loopback(host)
        if is_ours not in self._clients:
            self._clients[is_ours] = httpx.Client(
                headers={"User-Agent": self.user_agent},
                cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
                trust_env=not is_ours,
            )
        return self._clients[is_ours]

    def _describe(self, error: httpx.HTTPError) -> str:
        if isinstance(error, httpx.ConnectTimeout):
            return f"no connection within {self.patience.connect_seconds:g} s"
        if isinstance(error, httpx.TimeoutException):
            return f"silent for {self.patience.read_seconds:g} s"
        if isinstance(error, httpx.ConnectError):
            return f"no connection: {error}"
        return f"the answer broke off: {error or type(error).__name__}"


def _check_redirect(origin: httpx.URL, target: httpx.URL) -> str:
    """Return the target if it is the same server, asked no less securely."""
    is_upgrade = (origin.scheme, target.scheme) == ("http", "https")
    is_same = (origin.scheme, origin.port) == (target.scheme, target.port)
    if origin.host != target.host or not (is_same or is_upgrade):
        raise FailedTryError(f"redirected to another server: {target}", is_final=True)
    return str(target)


def _read_detail(response: httpx.Response) -> bytes:
    """Return the beginning of a bad answer, or what can be had of it."""
    detail = b""
    try:
        for chunk in response.iter_bytes(DETAIL_BYTES):
            detail += chunk
            if len(detail) >= DETAIL_BYTES:
                break
    except httpx.HTTPError:
        pass
    return detail[:DETAIL_BYTES]


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
