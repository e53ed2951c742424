"""What became of a signal: whether an error is one, and by which signal the process was stopped."""

import signal
from collections.abc import Iterator

_INTERRUPTED = "Query interrupted"
_stopped_by: list[int] = []


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
