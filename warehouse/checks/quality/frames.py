"""The small frames that are checked: one query each, scalars only."""

import re
from collections.abc import Mapping
from datetime import datetime
from importlib.resources import files
from typing import Any

import duckdb
import pandas as pd

from warehouse.checks.quality.declarations import QualityCheck
from warehouse.errors import FrameError
from warehouse.migrate import read_sql

_PARAMETER = re.compile(r"\$([a-z_]+)")


class Frames:
    """Reads frames from one warehouse at one moment; ``now`` is naive UTC."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, now: datetime, limits: Mapping[str, float]
    ) -> None:
        """Mark which captures are recent, in a temporary table of the connection."""
        self._connection = connection
        self._values: dict[str, Any] = {**limits, "now": now}
        self._queries = dict(read_sql("checks/quality"))
        marking = files("warehouse") / "checks" / "recent_capture.sql"
        # where this fails, so does each query that needs the table
        self._failure = self._try(marking.read_text(encoding="utf-8"))

    def read(self, quality_check: QualityCheck) -> pd.DataFrame:
        """Return the frame of a check; empty only where there is nothing to check.

        Raises:
            FrameError: see there.
        """
        sql = self._queries.get(f"{quality_check.check_id}.sql")
        if sql is None:
            raise FrameError(f"there is no quality/{quality_check.check_id}.sql")
        frame = self._query(sql)
        if frame.empty:
            count = self._query(f"select count(*) as rows from {quality_check.basis}")["rows"][0]
            if count:
                raise FrameError(f"the query returns no row, of {count} in {quality_check.basis}")
        return frame

    def _query(self, sql: str) -> pd.DataFrame:
        try:
            return self._execute(sql).df()
        except duckdb.Error as error:
            raise FrameError(self._failure or _one_line(error)) from error

    def _try(self, sql: str) -> str | None:
        try:
            self._execute(sql)
        except duckdb.Error as error:
            return f"recent_capture.sql: {_one_line(error)}"
        return None

    def _execute(self, sql: str) -> duckdb.DuckDBPyConnection:
        used = {name: self._values[name] for name in _PARAMETER.findall(sql)}
        return self._connection.execute(sql, used)


def _one_line(error: Exception) -> str:
    """Return the message of an error without line breaks and without the picture of its place."""
    return " ".join(str(error).split("LINE")[0].split())
