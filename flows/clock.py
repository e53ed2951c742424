"""The one place that reads the clock."""

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime


def now() -> datetime:
    """Return the present moment as naive UTC, in whole microseconds."""
    return datetime.now(UTC).replace(tzinfo=None)


def new_run_id() -> str:
    """Return an id that sorts by time and is never given twice."""
    return f"{now():%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"


class Stopwatch:
    """Adds up the seconds of named stages; a stage within a stage counts only for itself."""

    def __init__(self) -> None:
        """Begin at once."""
        self._start = self._last = time.perf_counter()
        self._running: list[str] = []
        self._seconds: dict[str, float] = {}

    @contextmanager
    def measure(self, stage: str) -> Iterator[None]:
        """Add the time of a block to a stage."""
        self._switch()
        self._running.append(stage)
        try:
            yield
        finally:
            self._switch()
            self._running.pop()

    def seconds(self, stage: str) -> float:
        """Return the seconds of a stage up to now, without those of stages within it."""
        return self._seconds.get(stage, 0.0)

    def total(self) -> dict[str, float]:
        """Return the total since the beginning and its parts, rounded to milliseconds.

        ``other`` is what belongs to no stage, so that the parts add up to the total.
        """
        total = time.perf_counter() - self._start
        other = max(total - sum(self._seconds.values()), 0.0)
        parts = {"total": total, **self._seconds, "other": other}
        return {name: round(value, 3) for name, value in parts.items()}

    def _switch(self) -> None:
        """Give the time since the last switch to the stage that was running."""
        now = time.perf_counter()
        if self._running:
            stage = self._running[-1]
            self._seconds[stage] = self._seconds.get(stage, 0.0) + now - self._last
        self._last = now
