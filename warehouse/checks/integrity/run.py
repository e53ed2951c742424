"""The identities of the warehouse: queries that return the rows that must not exist.

They run on every candidate before it is published; a single failing row stops it.
"""

import json
from typing import Any

import duckdb
import polars as pl

from warehouse.load import registered
from warehouse.migrate import read_sql

_SHOWN = 5


def check_integrity(
    connection: duckdb.DuckDBPyConnection, landed: pl.DataFrame
) -> list[dict[str, Any]]:
    """Run every query beside this module; ``landed`` holds the capture_id of every landed look.

    A query that cannot run is ``broken``, never ``passed``.
    """
    with registered(connection, landed_look=landed):
        return [
            _check(connection, name.removesuffix(".sql"), sql)
            for name, sql in read_sql("checks/integrity")
        ]


def _check(connection: duckdb.DuckDBPyConnection, check_id: str, sql: str) -> dict[str, Any]:
    result: dict[str, Any] = {
        "check_id": check_id,
        "layer": "identity",
        "severity": "critical",
        "expected": "no row",
    }
    try:
        cursor = connection.execute(sql)
        names = [column[0] for column in cursor.description or []]
        failing = cursor.fetchall()
    except duckdb.Error as error:
        return result | {"state": "broken", "observed": str(error), "failing_rows": None}
    rows = [dict(zip(names, map(str, row), strict=True)) for row in failing[:_SHOWN]]
    return result | {
        "state": "failed" if failing else "passed",
        "observed": f"{len(failing)} rows" if failing else "no row",
        "failing_rows": json.dumps(rows) if rows else None,
    }
