"""A limit of processor time for work on what others wrote: past it the work is broken off.

Not of the time of a clock: a machine that is busy with other things says nothing of a file.
"""

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_LOOKS = 10
"""How often the time is looked at within another limit, once one has passed."""


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
    """Break off the block when its thread has used so many seconds of processor time, or the whole
    process twice as many: a library's threads count, and so does what is done beside the block.

    Python's own code and its regular expressions look for signals, and are broken off at once; a
    library's code is when it returns. Signals reach the main thread alone: in another one
    nothing is broken off. Runs under Prefect, and their tasks, are in the main thread as well.

    Raises:
        TooSlowError: the block took more.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    last = time.thread_time() + seconds, time.process_time() + 2 * seconds

    def give_up(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - a handler
        if time.thread_time() >= last[0] or time.process_time() >= last[1]:
            raise TooSlowError(too_slow(seconds))

    before = signal.signal(signal.SIGPROF, give_up)
    signal.setitimer(signal.ITIMER_PROF, seconds, seconds / _LOOKS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
