"""What is set before Prefect is imported: quiet, without telemetry, patient with a slow machine."""

import atexit
import os
import sys

_SETTINGS = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_LOGGING_LEVEL": "WARNING",
    "PREFECT_SERVER_LOGGING_LEVEL": "ERROR",
    "PREFECT_CLIENT_MAX_RETRIES": "3",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
    # what a run says goes to the server; the terminal has the lines of the command
    "PREFECT_LOGGING_LOGGERS_PREFECT_FLOW_RUNS_LEVEL": "INFO",
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "ERROR",
}


def prepare() -> None:
    """Set what is not set, and let the process end in silence."""
    for name, value in _SETTINGS.items():
        os.environ.setdefault(name, value)
    # the first to be registered is the last to run, after Prefect has stopped its server
    atexit.register(_silence_exit)


def _silence_exit() -> None:
    """Stay quiet while the process ends: DuckDB's bindings would list what threads keep alive."""
    sys.stderr.flush()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
