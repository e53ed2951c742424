"""The identities of the warehouse: queries that return the rows that must not exist.

They run on every candidate before it is published; a single failing row stops it.
"""

import json

import duckdb
import polars as pl

from warehouse.checks.integrity.hashed import Hashed
from warehouse.checks.result import CheckResult, State
from warehouse.counted import say_count
from warehouse.load import registered
from warehouse.migrate import read_sql

_SHOWN = 5


def check_integrity(
    connection: duckdb.DuckDBPyConnection, landed: pl.DataFrame, *, by_hash: bool = False
) -> list[CheckResult]:
    """Run every query beside this module; ``landed`` holds the capture_id of every landed capture.

    A query that cannot run is ``broken``, never ``passed``. With ``by_hash`` those about keys and
    references are asked only where hashes do not show already that they find no row.
    """
    hashed = Hashed(connection) if by_hash else None
    with registered(connection, landed_look=landed):
        return [
            _check(connection, name.removesuffix(".sql"), sql, hashed)
            for name, sql in read_sql("checks/integrity")
        ]


def _check(
    connection: duckdb.DuckDBPyConnection, check_id: str, sql: str, hashed: Hashed | None
) -> CheckResult:
    try:
        if hashed and hashed.is_sound(check_id):
            return _result(check_id, "passed", "no row")
        cursor = connection.execute(sql)
        names = [column[0] for column in cursor.description or []]
        failing = cursor.fetchall()
    except duckdb.Error as error:
        return _result(check_id, "broken", str(error))
    if not failing:
        return _result(check_id, "passed", "no row")
    rows = [dict(zip(names, map(str, row), strict=True)) for row in failing[:_SHOWN]]
    return _result(check_id, "failed", say_count(len(failing), "row"), json.dumps(rows))


def _result(check_id: str, state: State, observed: str, rows: str | None = None) -> CheckResult:
    return CheckResult(check_id, "identity", "critical", state, "no row", observed, rows)
