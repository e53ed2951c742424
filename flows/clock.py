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
    """Adds up the seconds of named stages."""

    def __init__(self) -> None:
        """Begin at once."""
        self._start = time.perf_counter()
        self.seconds: dict[str, float] = {}

    @contextmanager
    def measure(self, stage: str) -> Iterator[None]:
        """Add the time of a block to a stage."""
        start = time.perf_counter()
        try:
            yield
        finally:
            taken = time.perf_counter() - start
            self.seconds[stage] = self.seconds.get(stage, 0.0) + taken

    def total(self) -> dict[str, float]:
        """Return all stages and the total since the beginning, rounded to milliseconds."""
        total = time.perf_counter() - self._start
        return {name: round(value, 3) for name, value in {"total": total, **self.seconds}.items()}
