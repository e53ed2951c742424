"""How a command ends: the exit codes of the contract, and which error gives which.

The errors of the command line itself::

    Exception
    ├── ExitCode                     ends the command with a code, after everything was printed
    ├── OutputError                  standard output cannot be written, as on a full disk
    └── QueryError (a ValueError)    the query of ``sql`` cannot be answered
"""

from collections.abc import Iterator
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flows.report import Report


class Code(IntEnum):
    """The exit codes of the contract."""

    DONE = 0
    PROBLEMS = 1
    """Done, but something was newly refused, held or rejected, differs, or is left undone."""
    USAGE = 2
    """The command line, the configuration or the query cannot be used."""
    UNREACHABLE = 3
    """A source or a configured server could not be reached."""
    LOCKED = 4
    """Another writer is at work."""
    NOT_PUBLISHED = 5
    """A critical check failed, or files of the home are damaged or gone."""
    INTERNAL = 6
    """An error of ours."""
    INTERRUPTED = 130


class ExitCode(Exception):  # noqa: N818 - it ends the command, it need not be an error
    """Ends the command with a code of the contract, after everything was printed."""

    def __init__(self, code: Code) -> None:
        """Remember the code."""
        super().__init__(code)
        self.code = code


class OutputError(Exception):
    """Standard output cannot be written; the message says why."""


class QueryError(ValueError):
    """The query cannot be answered; the message says why."""


def code_of(error: BaseException) -> Code:
    """Return the exit code of an error; one that nobody foresaw is an error of ours."""
    try:
        for code, errors in _errors_by_code():
            if isinstance(error, errors):
                return code
    except ImportError:  # then the error is that of a broken installation
        pass
    return Code.INTERNAL


def is_out_of_memory(error: BaseException) -> bool:
    """Tell whether DuckDB needs more memory than the settings allow."""
    # its class is asked by name: where it was raised, DuckDB is imported, and else it need not be
    return type(error).__name__ == "OutOfMemoryException"


def code_of_report(report: "Report") -> Code:
    """Return the exit code of a run that returned its report."""
    if report.is_blocked:
        return Code.NOT_PUBLISHED
    if report.failed or report.is_server_lost:
        return Code.UNREACHABLE
    is_good = not report.warnings and not sum(report.newly.values())
    return Code.DONE if is_good else Code.PROBLEMS


def _errors_by_code() -> Iterator[tuple[Code, tuple[type[Exception], ...]]]:
    """Yield each code with its errors, those of modules that are quick to import first.

    The classes are imported here, where an error has happened: other commands start without them.
    """
    yield Code.USAGE, (QueryError,)
    yield Code.PROBLEMS, (OutputError,)

    from config.settings import ConfigError
    from flows.report import FlowError, ServerUnreachableError
    from transforms.errors import TaxonomyError
    from warehouse.errors import (
        DamagedError,
        HeldError,
        LockedError,
        LossError,
        NoLocksError,
        NotPublishedError,
        PathError,
        SchemaError,
        UnprovenError,
    )

    yield Code.LOCKED, (LockedError, HeldError)
    yield Code.UNREACHABLE, (ServerUnreachableError,)
    yield Code.NOT_PUBLISHED, (DamagedError, LossError, SchemaError, UnprovenError)
    yield (
        Code.USAGE,
        (
            ConfigError,
            FlowError,
            TaxonomyError,
            NotPublishedError,
            NoLocksError,
            PathError,
        ),
    )

    from flows.sources.errors import UnreachableError

    yield Code.UNREACHABLE, (UnreachableError,)
