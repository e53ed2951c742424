"""The process around a command: streams that may be closed or know ASCII alone, and signals."""

import io
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from flows.cli.exit_codes import Code, OutputError
from flows.stopped import stop, stopping_signal

_STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class _Output(io.TextIOWrapper):
    """Standard output, of which an error is told from those of other files."""

    def __init__(self, stream: io.TextIOWrapper) -> None:
        super().__init__(
            stream.detach(),
            encoding=stream.encoding,
            errors="backslashreplace",
            line_buffering=stream.line_buffering,
        )

    def write(self, text: str) -> int:
        with _as_output_error():
            return super().write(text)

    def flush(self) -> None:
        with _as_output_error():
            super().flush()


@contextmanager
def _as_output_error() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(f"standard output: {error.strerror}") from error


def prepare_streams() -> None:
    """Let every character be written, and let closed streams swallow what they are given, or hold
    nothing.
    """
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: PTH123, SIM115
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115
        else:
            stream.reconfigure(errors="backslashreplace")
    if isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.name != os.devnull:
        sys.stdout = _Output(sys.stdout)


def flush_streams(code: int) -> int:
    """Write what waits; return the exit code, at least 1 where it cannot be written.

    A reader that has left is no error.
    """
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        discard_output()
    except OutputError as error:
        discard_output()
        print(f"paperstrata: {error}", file=sys.stderr)  # noqa: T201
        return code or Code.PROBLEMS
    return code


def install_signals() -> None:
    """Let SIGTERM and SIGHUP end a command as Ctrl-C does; one that is ignored stays so."""
    for number in _STOPPING:
        if signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler):
            signal.signal(number, stop)
    sys.unraisablehook = _show_unraisable


def _show_unraisable(unraisable: "sys.UnraisableHookArgs") -> None:
    """Show an error that Python cannot raise, as in a callback of the garbage collector, unless it
    is a stop: the command ends by it where its next step is done.
    """
    if not isinstance(unraisable.exc_value, KeyboardInterrupt):
        sys.__unraisablehook__(unraisable)


def leave_interrupts() -> None:
    """Leave Ctrl-C to the event loop of a server, which looks for Python's own handler."""
    if signal.getsignal(signal.SIGINT) is stop:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def stop_at_once() -> None:
    """Let a signal end the process on the spot, of a command that has nothing to finish: a thread
    of it may wait for standard input, which nothing but its end breaks off.
    """
    for number in _STOPPING:
        if signal.getsignal(number) is stop:
            signal.signal(number, _end)


def _end(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - a handler
    os.write(2, b"paperstrata: stopped\n")
    os._exit(128 + number)


def ignore_signals() -> None:
    """Let no further signal change how this process ends, nor print anything."""
    for number in _STOPPING:
        if signal.getsignal(number) is stop:
            signal.signal(number, signal.SIG_IGN)


def forget_interrupt() -> None:
    """Let Python end with the exit code that it is given.

    Where a signal broke off text that was executed (dataclasses and named tuples are made so, as
    modules are imported), CPython remembers it, and ``python -m`` ends by SIGINT whatever the code
    is. It forgets that with the next text that it executes (``run_eval_code_obj`` of pythonrun.c).
    """
    exec("")  # noqa: S102 - text of our own, and nothing


def code_of_stop() -> int:
    """Return the exit code of a command that was stopped: 128 and the number of the signal."""
    return 128 + stopping_signal()


def discard_output() -> None:
    """Let all further output go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
