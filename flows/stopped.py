"""What became of a signal: whether an error is one, by which signal the process was stopped, what
no signal breaks off, and that none is lost.
"""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

_INTERRUPTED = "Query interrupted"
_stopped_by: list[int] = []
_SAME_SECONDS = 5.0
_stops_from = [0.0]
"""The last member: from when on, by the clock of this machine, a signal is a new one."""
_undisturbed: list[int] = []
"""One member for each block that goes on; it counts the signals that came meanwhile."""


def stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - a handler
    """Stop this process by an exception: now, or where a block goes on, after it.

    What comes soon after says the same once more, and must not break off how the first one ends.

    Raises:
        KeyboardInterrupt: now.
    """
    note_signal(number)
    if _undisturbed:
        _undisturbed[-1] += 1
    elif time.monotonic() > _stops_from[-1]:
        _interrupt()


def _interrupt() -> NoReturn:
    _stops_from.append(time.monotonic() + _SAME_SECONDS)
    raise KeyboardInterrupt


@contextmanager
def undisturbed() -> Iterator[None]:
    """Let a short block go on when the process is told to stop, once or often: the end of a run.

    Where a block ends without an error, what came meanwhile stops the process then. That is so
    where :func:`stop` is the handler, as in a command line.

    Raises:
        KeyboardInterrupt: the process was told to stop meanwhile.
    """
    _undisturbed.append(0)
    try:
        yield
    finally:
        signals = _undisturbed.pop()
    if not signals:
        return
    if _undisturbed:
        _undisturbed[-1] += signals
    else:
        _interrupt()


def end_undisturbed() -> None:
    """Let nothing break off what is left to do of this process, which ends."""
    _undisturbed.append(0)


def raise_if_stopped() -> None:
    """Stop this process where it was told to, and something took what :func:`stop` raised for an
    error of its own, and went on: DuckDB makes a RuntimeError of it.

    Raises:
        KeyboardInterrupt: it was told to stop.
    """
    if len(_stops_from) > 1:
        raise KeyboardInterrupt


def note_signal(number: int) -> None:
    """Remember the signal that stops this process."""
    _stopped_by.append(number)


def stopping_signal() -> int:
    """Return the number of the signal; SIGINT is that of Ctrl-C."""
    return _stopped_by[-1] if _stopped_by else signal.SIGINT


def is_stop(error: BaseException) -> bool:
    """Tell whether an error is what became of a signal.

    DuckDB turns the KeyboardInterrupt of a signal that comes while it computes into a RuntimeError,
    and what then cleans up may fail in the transaction that was broken off.
    """
    return any(
        isinstance(one, KeyboardInterrupt)
        or (isinstance(one, RuntimeError) and str(one) == _INTERRUPTED)
        for one in _chain(error)
    )


def notes_of(error: BaseException) -> list[str]:
    """Return what was noted on an error and on those that led to it, once each."""
    notes = [note for one in _chain(error) for note in getattr(one, "__notes__", [])]
    return list(dict.fromkeys(notes))


def _chain(error: BaseException) -> Iterator[BaseException]:
    chain: BaseException | None = error
    while chain is not None:
        yield chain
        chain = chain.__cause__ or chain.__context__


def reason_of(error: BaseException) -> str:
    """Return why a run ended, as its record says it."""
    if is_stop(error):
        return f"stopped by {signal.Signals(stopping_signal()).name}"
    return f"{type(error).__name__}: {error}"
