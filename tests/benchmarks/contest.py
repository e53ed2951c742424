"""Who loads the captures of a benchmark, by which command, and what rows that made."""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import duckdb

from tests.benchmarks.peers.environment import SCRIPTS, peer
from tests.benchmarks.processes import Measured, ingest, measure, python

TABLES = (
    "raw.capture",
    "raw.entry",
    "raw.content",
    "core.identifier",
    "core.paper",
    "core.paper_version",
    "core.feed_day",
    "core.paper_topic",
    "mart.feed_coverage",
    "mart.topic_period",
)
THREE_TABLES = tuple(SCRIPTS)
"""Peers that fill the first, the second and the fifth of these tables; the others fill all."""
ALL_TABLES = ("floor", "pandas", "pandas-normalize")


@dataclass(frozen=True)
class Contest:
    """Where one benchmark reads and writes, and who takes part.

    ``interpreter`` runs the peers that fill three tables.
    """

    folder: Path
    captures: Path
    terms: Path
    interpreter: Path
    contenders: tuple[str, ...]

    def warehouse(self, contender: str) -> Path:
        """Return the file that a contender fills."""
        return self.folder / contender / "warehouse.duckdb"

    def run(self, contender: str) -> Measured:
        """Let a contender load all captures into a new warehouse."""
        home = self.warehouse(contender).parent
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir()
        return measure(self._command(contender, home))

    def _command(self, contender: str, home: Path) -> list[str]:
        if contender == "product":
            return ingest(home, self.captures)
        warehouse = self.warehouse(contender)
        if contender in THREE_TABLES:
            return peer(self.interpreter, contender, self.captures, warehouse)
        inputs = (self.captures, warehouse, self.terms)
        if contender == "floor":
            return python("tests.benchmarks.floor", *inputs)
        return python("tests.benchmarks.pandas_peer", *inputs, contender)

    def count_rows(self, contender: str) -> dict[str, int]:
        """Return the rows of each of ``TABLES`` that a contender has made."""
        if contender == "sqlite-utils":
            return _count_rows_of_sqlite(self.warehouse(contender))
        with duckdb.connect(str(self.warehouse(contender)), read_only=True) as connection:
            known = connection.execute(
                "select table_schema || '.' || table_name from information_schema.tables"
            ).fetchall()
            counted = {
                table: connection.execute(f"select count(*) from {table}").fetchall()
                for table in TABLES
                if (table,) in known
            }
        return {table: rows[0][0] for table, rows in counted.items()}


def _count_rows_of_sqlite(database: Path) -> dict[str, int]:
    counted = {}
    with closing(sqlite3.connect(database)) as connection:
        for table in ("raw.capture", "raw.entry", "core.paper"):
            rows = connection.execute(f"select count(*) from {table.partition('.')[2]}")
            counted[table] = rows.fetchone()[0]
    return counted
