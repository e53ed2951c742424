"""A limit of processor time for work on what others wrote: past it the work is broken off.

Not of the time of a clock: a machine that is busy with other things says nothing of a file.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class TooSlowError(Exception):
    """The work took more processor time than its limit."""


def too_slow(seconds: float) -> str:
    """Return the reason of a capture that took more."""
    return (
        f"it takes more than {seconds:g} seconds of processor time to read (another"
        " capture_seconds in settings.toml tries it again)"
    )


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Break off the block when this process has used so many seconds of processor time in it.

    Python's own code and its regular expressions look for signals, and are broken off at once; a
    library's code is when it returns. Signals reach the main thread alone: in another one
    nothing is broken off. Runs under Prefect, and their tasks, are in the main thread as well.

    Raises:
        TooSlowError: the block took more.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def give_up(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - a handler
        raise TooSlowError(too_slow(seconds))

    before = signal.signal(signal.SIGPROF, give_up)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
