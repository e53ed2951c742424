"""A server asked politely: bounded tries, pauses kept from one request to the next."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import Literal, TypeVar

from flows.sources.base import FailedTryError, FetchRequest, Nonsense, UnreachableError
from flows.sources.http_client import Answer, HttpClient, user_agent
from flows.sources.rate_limit import Clock, RetryPolicy

Peeked = TypeVar("Peeked")


@dataclass(frozen=True)
class Notice:
    """What a fetch is doing: an answer came, a try failed, or a pause begins."""

    kind: Literal["answer", "failed_try", "pause"]
    address: str
    bytes: int = 0
    seconds: float = 0.0
    reason: str | None = None


Progress = Callable[[Notice], None]


def say_nothing(notice: Notice) -> None:
    """Listen to no notice."""


@dataclass
class RetryingClient:
    """What a server has asked of us, and how patient we are with it. For one thread.

    Sources that share a server share a fetcher, so that its pauses hold for all of them.
    """

    retry_policy: RetryPolicy = field(default_factory=RetryPolicy)
    clock: Clock = field(default_factory=Clock)
    progress: Progress = say_nothing
    random: Random = field(default_factory=Random)
    agent: str = field(default_factory=user_agent)

    def __post_init__(self) -> None:
        """Begin with nothing asked of us."""
        self._exchange = HttpClient(self.retry_policy, self.clock, self.agent)
        self._not_before = float("-inf")

    def get(
        self, request: FetchRequest, address: str, peek: Callable[[Answer], Peeked]
    ) -> tuple[Answer, Peeked]:
        """Return an answer and what ``peek`` sees in it; a peek that fails is a failed try.

        Raises:
            UnreachableError: after the last try, at the deadline, or where no try can help.
        """
        until = self.clock.monotonic() + self.retry_policy.deadline_seconds
        for tries in count(1):
            try:
                return self._try(address, until, peek)
            except FailedTryError as failure:
                self.progress(Notice("failed_try", address, reason=str(failure)))
                self._exchange.close()  # a broken connection must not fail the next try too
                is_last = failure.is_final or tries >= self.retry_policy.tries
                backoff = 0.0 if is_last else self.retry_policy.backoff(tries, self.random)
                self._hold_back(failure.pause_seconds or backoff)
                if is_last or self._not_before >= until:
                    raise UnreachableError(
                        request,
                        address,
                        self._describe(failure, tries, is_last),
                        self.clock.now(),
                        failure.detail,
                        scope=failure.scope,
                        nonsense=failure.nonsense,
                    ) from failure
        raise AssertionError

    def failure(
        self, request: FetchRequest, address: str, reason: str, detail: bytes = b""
    ) -> UnreachableError:
        """Return the error for a look that fails now."""
        return UnreachableError(request, address, reason, self.clock.now(), detail)

    def close(self) -> None:
        """Close all connections."""
        self._exchange.close()

    def _try(
        self, address: str, until: float, peek: Callable[[Answer], Peeked]
    ) -> tuple[Answer, Peeked]:
        self._await_turn(address, until)
        try:
            answer = self._exchange.ask(address, until)
        finally:
            self._hold_back(self.retry_policy.gap_seconds)
        self._hold_back(answer.pause_seconds or 0.0)
        self.progress(Notice("answer", address, bytes=len(answer.body)))
        try:
            return answer, peek(answer)
        except FailedTryError as failure:
            failure.nonsense = Nonsense.of(answer.address, answer.body, str(failure))
            raise

    def _await_turn(self, address: str, until: float) -> None:
        pause = self._not_before - self.clock.monotonic()
        if pause <= 0:
            return
        if self._not_before >= until:
            reason = f"the server asks for a pause of {pause:,.0f} s, longer than we wait"
            raise FailedTryError(reason, is_final=True, scope="server")
        self.progress(Notice("pause", address, seconds=pause))
        self.clock.sleep(pause)

    def _hold_back(self, seconds: float) -> None:
        self._not_before = max(self._not_before, self.clock.monotonic() + seconds)

    def _describe(self, failure: FailedTryError, tries: int, is_last: bool) -> str:
        said = str(failure) if tries == 1 else f"{failure}, at try {tries}"
        if is_last:
            return said
        pause = max(self._not_before - self.clock.monotonic(), 0.0)
        return (
            f"{said}; the next try is due in {pause:,.0f} s,"
            f" past the {self.retry_policy.deadline_seconds:,.0f} s that one answer may take"
        )
