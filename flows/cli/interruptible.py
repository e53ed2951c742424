"""A query that Ctrl-C and a limit of time stop at once: DuckDB looks for signals only now and then,
and within one call of a function, as of `levenshtein` of long texts, not at all.
"""

import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NoReturn, Protocol, TypeVar

from flows.cli.exit_codes import Code, QueryError
from flows.cli.streams import code_of_stop

T = TypeVar("T")

_GRACE_SECONDS = 0.5
_LATE_SECONDS = 2.0
"""After its limit a query has so long to notice it."""


class Interruptible(Protocol):
    """A connection of which another thread may stop the query."""

    def interrupt(self) -> None:
        """Stop the query."""
        ...


def run_interruptibly(
    connection: Interruptible, work: Callable[[], None], seconds: float, unfinished: Path | None
) -> None:
    """Run work on a connection that only reads, in a thread, so that the main thread can end it.

    Ctrl-C, a signal that stops us, or a query that does not notice that its ``seconds`` are over
    ends the process: nothing is lost with it. ``unfinished`` is a file to be removed then.

    Raises:
        Exception: what ``work`` raises.
    """
    errors: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=run, daemon=True)
    until = time.monotonic() + seconds + _LATE_SECONDS
    try:
        thread.start()
        while thread.is_alive():
            thread.join(0.1)
            if time.monotonic() > until and thread.is_alive():
                _end(unfinished, late(seconds), Code.USAGE)
    except KeyboardInterrupt:
        _interrupt(connection, thread)
        _end(unfinished, "stopped", code_of_stop())
    if errors:
        raise errors[0]


def run_at_most(seconds: float, work: Callable[[], T]) -> T:
    """Return what ``work`` returns; where it does not end in time, leave it to its thread.

    Raises:
        QueryError: it does not end.
        Exception: what ``work`` raises.
    """
    results: list[T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds + _LATE_SECONDS)
    if errors:
        raise errors[0]
    if not results:
        raise QueryError(late(seconds))
    return results[0]


def late(seconds: float) -> str:
    """Return what is said of a query whose time is over."""
    return f"stopped after {seconds:g} seconds (--timeout)"


def _interrupt(connection: Interruptible, thread: threading.Thread) -> None:
    """Stop the query, and give its thread a moment to clean up."""
    until = time.monotonic() + _GRACE_SECONDS
    while thread.is_alive() and time.monotonic() < until:
        # a query that begins just now would not notice a single call
        connection.interrupt()
        thread.join(0.05)


def _end(unfinished: Path | None, told: str, code: int) -> NoReturn:
    """End the process without a clean exit: the interpreter would wait for a query that goes on."""
    if unfinished is not None:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
    os.write(2, f"paperstrata: {told}\n".encode())
    os._exit(code)
