"""How long to wait between requests, and how often to try: what servers ask for, and our bounds."""

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from random import Random

from flows import clock

_ROUNDING_SECONDS = 1.0
"""Servers give the rest of a window in whole seconds, which may be rounded down."""
_EARLIEST_EPOCH = 1_000_000_000
"""A reset above this is a Unix time, not a number of seconds."""


@dataclass(frozen=True)
class Clock:
    """The time in naive UTC, a monotonic clock in seconds, and how to sleep."""

    now: Callable[[], datetime] = clock.now
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True)
class RetryPolicy:
    """Bounds on one answer. ``deadline_seconds`` covers all its tries and the pauses between.

    ``gap_seconds`` lie between an answer and the next request to the same server.
    """

    tries: int = 5
    deadline_seconds: float = 600.0
    backoff_seconds: float = 1.0
    longest_backoff_seconds: float = 60.0
    gap_seconds: float = 0.0
    connect_seconds: float = 10.0
    read_seconds: float = 30.0
    largest_body_bytes: int = 1 << 26

    def backoff(self, failed_tries: int, random: Random) -> float:
        """Return seconds before the next try: anything up to a bound that doubles (full jitter)."""
        bound = self.backoff_seconds * 2.0 ** min(failed_tries - 1, 60)
        return random.uniform(0.0, min(bound, self.longest_backoff_seconds))


def requested_pause(headers: Mapping[str, str], now: datetime, status: int) -> float | None:
    """Return the seconds that a server wants us to wait, None where it does not say.

    Retry-After goes before RateLimit, and counts only where the status is not 200. A quota counts
    where nothing is left of it, or where the status is 429. ``now`` is naive UTC.
    """
    names = {name.lower(): value for name, value in headers.items()}
    if status != 200 and (told := _retry_after(names, now)) is not None:
        return told
    windows = _windows(names, now)
    spent = [seconds for left, seconds in windows if left == 0]
    if status == 429 and not spent:
        spent = [seconds for _, seconds in windows]
    return max(spent) + _ROUNDING_SECONDS if spent else None


def _retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    value = headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,9}(\.\d{1,9})?", value):
        return float(value)
    moment = _http_date(value)
    if moment is None:
        return None
    since = _http_date(headers.get("date", "")) or now
    return max((moment - since).total_seconds(), 0.0)


def _http_date(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value)
        return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
    except (TypeError, ValueError, OverflowError):
        return None


def _windows(headers: Mapping[str, str], now: datetime) -> list[tuple[int | None, float]]:
    """Return (requests left, seconds until the reset) of each quota, by any draft of RateLimit."""
    policy = _unquoted(headers.get("ratelimit-policy", ""))
    longest = max((int(window) for window in re.findall(r"\bw\s*=\s*(\d{1,9})", policy)), default=0)
    limits = _unquoted(headers.get("ratelimit", ""))
    items = [limits] if "remaining" in limits else limits.split(",")
    windows: list[tuple[int | None, float]] = []
    for item in items:
        left = _number(r"\b(?:r|remaining)\s*=\s*(\d{1,9})\b", item)
        seconds = _number(r"\b(?:t|reset)\s*=\s*(\d{1,9})\b", item)
        if left is not None and (seconds is not None or longest):
            windows.append((left, float(seconds if seconds is not None else longest)))
    for prefix in ("ratelimit", "x-ratelimit"):
        reset = _number(r"^\s*(\d{1,12})", headers.get(f"{prefix}-reset", ""))
        if reset is not None:
            left = _number(r"^\s*(\d{1,9})", headers.get(f"{prefix}-remaining", ""))
            windows.append((left, _seconds_until(reset, now)))
    return windows


def _seconds_until(reset: int, now: datetime) -> float:
    if reset < _EARLIEST_EPOCH:
        return float(reset)
    return max(reset - now.replace(tzinfo=UTC).timestamp(), 0.0)


def _unquoted(value: str) -> str:
    """Empty the quoted names, which may hold anything."""
    return re.sub(r'"[^"]*"', '""', value.lower())


def _number(pattern: str, text: str) -> int | None:
    found = re.search(pattern, text)
    return int(found[1]) if found else None
