"""The log of runs: one JSON object a line for each stage, in the home folder.

It is for people who ask why a run was slow or went wrong. Nothing reads it, and a line that cannot
be written stops nothing: what must not be lost stands in the journal.
"""

import json
import logging
from contextlib import suppress
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

_LARGEST_BYTES = 4_000_000


class RunLog:
    """The log of one run. The file is made with the first line; one older file is kept beside it,
    as ``<name>.1``.
    """

    def __init__(self, path: Path) -> None:
        """Name the file."""
        self._handler = RotatingFileHandler(
            path, maxBytes=_LARGEST_BYTES, backupCount=1, encoding="utf-8", delay=True
        )
        self._handler.setFormatter(_JsonLine())
        # stderr belongs to the command line, and a log that cannot be written is no error
        self._handler.handleError = lambda record: None  # type: ignore[method-assign] # noqa: ARG005
        # not registered: neither the caller's logging nor Prefect's may change or repeat it
        self._logger = logging.Logger("paperstrata.run", logging.INFO)
        self._logger.addHandler(self._handler)

    def write(self, event: str, **facts: Any) -> None:
        """Add a line; facts that are no JSON are written as text."""
        self._logger.info(event, extra={"facts": facts})

    def close(self) -> None:
        """Close the file; what it could not take is lost."""
        with suppress(OSError):
            self._handler.close()


class _JsonLine(logging.Formatter):
    """A record as one JSON object; ``at`` is UTC."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        facts: dict[str, Any] = record.__dict__["facts"]
        return json.dumps({"at": at, "event": record.getMessage(), **facts}, default=str)
