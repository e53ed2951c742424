"""What is set before Prefect is imported: quiet, without telemetry, patient with a slow machine.

Then its import, which fails where Prefect's own settings cannot be used.
"""

import atexit
import os
import sys
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr
from importlib import import_module
from io import StringIO

from pydantic import ValidationError

from config.settings import ConfigError, first_error
from flows.sources.addresses import without_credentials

_SETTINGS = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_LOGGING_LEVEL": "WARNING",
    "PREFECT_SERVER_LOGGING_LEVEL": "ERROR",
    # a server that hangs is lost after half a minute; Prefect's own would be four minutes a request
    "PREFECT_API_REQUEST_TIMEOUT": "12",
    "PREFECT_CLIENT_MAX_RETRIES": "1",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
    # what a run says goes to the server; the terminal has the lines of the command
    "PREFECT_LOGGING_LOGGERS_PREFECT_FLOW_RUNS_LEVEL": "INFO",
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "ERROR",
}
_PREFIX = "PREFECT_"
_OF_FILES = ("PREFECT_HOME", "PREFECT_PROFILES_PATH", "PREFECT_PROFILE")
"""The variables that say where the files are in which Prefect keeps settings."""


def prepare() -> None:
    """Set what is not set, let the process end in silence, and import Prefect.

    Raises:
        ConfigError: Prefect refuses its settings; the message names the variable, or the files.
    """
    for name, value in _SETTINGS.items():
        os.environ.setdefault(name, value)
    # the first to be registered is the last to run, after Prefect has stopped its server
    atexit.register(_silence_exit)
    told = StringIO()
    try:
        # Prefect prints what it cannot read and goes on; its logging keeps the stream that is there
        with redirect_stderr(told):
            import_module("prefect")
        import_module("prefect.main")
    except ImportError:
        raise
    except Exception as error:
        raise ConfigError(explain(error)) from error
    sys.stderr.write(told.getvalue())


def _silence_exit() -> None:
    """Stay quiet while the process ends: DuckDB's bindings would list what threads keep alive."""
    sys.stderr.flush()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


def explain(error: Exception) -> str:
    """Return where the setting comes from that Prefect refuses, and why; never its value."""
    given = {name: value for name, value in os.environ.items() if name.startswith(_PREFIX)}
    of_files = {name: value for name, value in given.items() if name in _OF_FILES}
    if found := _find_problem(of_files):
        place = "PREFECT_HOME, its profiles.toml, or prefect.toml, .env or pyproject.toml here"
        return f"Prefect cannot use its settings ({place}): {_say(found)}"
    for name, value in given.items():
        if found := _find_problem({**of_files, name: value}):
            return f"Prefect cannot use {name}: {_say(found)}"
    return f"Prefect cannot use its settings together: {_say(error)}"


def _find_problem(variables: Mapping[str, str]) -> Exception | None:
    """Return why Prefect refuses some of its variables, without all others; None where it does not.

    The class of its settings can be imported where the rest of it cannot.
    """
    from prefect.settings.models.root import Settings
    from prefect.settings.profiles import load_profiles

    try:
        with _only(variables), warnings.catch_warnings(action="ignore"):
            Settings()
            load_profiles()
    except Exception as error:
        return error
    return None


@contextmanager
def _only(variables: Mapping[str, str]) -> Iterator[None]:
    """Leave only these variables of Prefect in the environment."""
    before = {name: value for name, value in os.environ.items() if name.startswith(_PREFIX)}
    for name in before:
        del os.environ[name]
    os.environ.update(variables)
    try:
        yield
    finally:
        for name in variables:
            del os.environ[name]
        os.environ.update(before)


def _say(error: Exception) -> str:
    if isinstance(error, ValidationError):
        told = first_error(error).removeprefix(": ")
    else:
        told = str(error)
    return without_credentials(told.partition("\n")[0])
