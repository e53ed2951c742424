"""A query that Ctrl-C stops at once: DuckDB looks for signals only now and then."""

import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from flows.cli.streams import code_of_stop

_GRACE_SECONDS = 0.5


class Interruptible(Protocol):
    """A connection of which another thread may stop the query."""

    def interrupt(self) -> None:
        """Stop the query."""
        ...


def run_interruptibly(
    connection: Interruptible, work: Callable[[], None], beside: Path | None = None
) -> None:
    """Run work on a connection that only reads, in a thread, so that the main thread can end it.

    Ctrl-C, or a signal that stops us, ends the process: nothing is lost with it, and the file that
    was being written, ``beside`` its place, goes.

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
    try:
        thread.start()
        while thread.is_alive():
            thread.join(0.1)
    except KeyboardInterrupt:
        _end(connection, thread, beside)
    if errors:
        raise errors[0]


def _end(connection: Interruptible, thread: threading.Thread, beside: Path | None) -> None:
    """Stop the query, give its thread a moment to clean up, and end the process.

    Without a clean exit: the interpreter would wait for a query that goes on.
    """
    until = time.monotonic() + _GRACE_SECONDS
    while thread.is_alive() and time.monotonic() < until:
        # a query that begins just now would not notice a single call
        connection.interrupt()
        thread.join(0.05)
    if beside is not None:
        with suppress(OSError):
            beside.unlink()
    os.write(2, b"paperstrata: stopped\n")
    os._exit(code_of_stop())
