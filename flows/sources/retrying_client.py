"""An HTTP client that tries again within bounds, and waits as long as the server asks."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import TypeVar

from flows.sources.addresses import secrets_of, without_credentials
from flows.sources.base import FetchRequest
from flows.sources.errors import FailedTryError, UnreachableError, UnreadableAnswer
from flows.sources.http_client import Answer, HttpClient, user_agent
from flows.sources.rate_limit import Clock, RetryPolicy

T = TypeVar("T")

_LEAST_SECRET = 12
"""Letters: a shorter password, or user, may stand in an answer by chance."""


@dataclass
class RetryingClient:
    """The client of one server, for one thread.

    Sources that ask the same server share a client, so that its pauses hold for all of them.
    """

    retry_policy: RetryPolicy = field(default_factory=RetryPolicy)
    clock: Clock = field(default_factory=Clock)
    random: Random = field(default_factory=Random)
    agent: str = field(default_factory=user_agent)
    token: str | None = field(default=None, repr=False)
    """Sent as a bearer token."""

    def __post_init__(self) -> None:
        """Begin without a pause to wait for."""
        self._http = HttpClient(self.retry_policy, self.clock, self.agent, self.token)
        self._not_before = float("-inf")

    def get(
        self, request: FetchRequest, address: str, check: Callable[[Answer], T]
    ) -> tuple[Answer, T]:
        """Return an answer and what ``check`` reads in it; a check that fails is a failed try.

        Raises:
            UnreachableError: after the last try, at the deadline, or where no try can help.
        """
        until = self.clock.monotonic() + self.retry_policy.deadline_seconds
        for tries in count(1):
            try:
                return self._try(address, until, check)
            except FailedTryError as failure:
                self._http.close()  # a broken connection must not fail the next try too
                is_last = failure.is_final or tries >= self.retry_policy.tries
                backoff = 0.0 if is_last else self.retry_policy.backoff(tries, self.random)
                self._wait_at_least(failure.pause_seconds or backoff)
                if is_last or self._not_before >= until:
                    raise UnreachableError(
                        request,
                        address,
                        self._hide(self._describe(failure, tries, is_last), address),
                        self.clock.now(),
                        self._hide(failure.detail.decode("latin-1"), address).encode("latin-1"),
                        # of a server that uses up the deadline each further look takes as long
                        scope="server" if self.clock.monotonic() >= until else failure.scope,
                        unreadable=failure.unreadable,
                    ) from failure
        raise AssertionError

    def failure(
        self, request: FetchRequest, address: str, reason: str, detail: bytes = b""
    ) -> UnreachableError:
        """Return the error of a fetch that fails now."""
        reason = self._hide(reason, address)
        return UnreachableError(request, address, reason, self.clock.now(), detail)

    def close(self) -> None:
        """Close all connections."""
        self._http.close()

    def _try(self, address: str, until: float, check: Callable[[Answer], T]) -> tuple[Answer, T]:
        self._pause(until)
        try:
            answer = self._http.get(address, until)
        finally:
            self._wait_at_least(self.retry_policy.gap_seconds)
        self._wait_at_least(answer.pause_seconds or 0.0)
        self._refuse_repeated(answer, address)
        try:
            return answer, check(answer)
        except FailedTryError as failure:
            reason = self._hide(str(failure), address)
            failure.unreadable = UnreadableAnswer.of(answer.address, answer.body, reason)
            raise

    def _refuse_repeated(self, answer: Answer, address: str) -> None:
        """Refuse an answer that repeats what lets us in: it would be kept, and quoted.

        Raises:
            FailedTryError: it does.
        """
        secrets = [one for one in self._secrets(address) if len(one) >= _LEAST_SECRET]
        head = f"{answer.address} {answer.next_link}"
        if any(one.encode() in answer.body or one in head for one in secrets):
            reason = "the answer repeats the token or password that it was asked with"
            raise FailedTryError(reason, is_final=True, scope="server")

    def _secrets(self, address: str) -> list[str]:
        """Return what lets us in."""
        return [secret for secret in (self.token, *secrets_of(address)) if secret]

    def _pause(self, until: float) -> None:
        """Sleep until the next request is allowed, unless that lies past the deadline."""
        pause = self._not_before - self.clock.monotonic()
        if pause <= 0:
            return
        if self._not_before >= until:
            reason = f"the server asks for a pause of {pause:,.0f} s, longer than we wait"
            raise FailedTryError(reason, is_final=True, scope="server")
        self.clock.sleep(pause)

    def _wait_at_least(self, seconds: float) -> None:
        """Allow no request for so many seconds from now on."""
        self._not_before = max(self._not_before, self.clock.monotonic() + seconds)

    def _hide(self, said: str, address: str) -> str:
        """Take out of what is said what lets us in: a server may repeat what we sent it."""
        for secret in self._secrets(address):
            said = said.replace(secret, "...")
        return without_credentials(said)

    def _describe(self, failure: FailedTryError, tries: int, is_last: bool) -> str:
        said = str(failure) if tries == 1 else f"{failure}, at try {tries}"
        if is_last:
            return said
        pause = max(self._not_before - self.clock.monotonic(), 0.0)
        return (
            f"{said}; the next try is due in {pause:,.0f} s,"
            f" past the {self.retry_policy.deadline_seconds:,.0f} s that one answer may take"
        )
