"""The journal: append-only records of what we did and said, one JSON object a line."""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from warehouse.connection import rows_as_dicts
from warehouse.migrate import read_sql_file

_TABLES = {
    "run": "run_id",
    "publication": "publication_id",
    "check_result": "run_id, check_id",
    "trend_said": "run_id, feed_id, topic_id, grain, period_start",
}
"""The tables of ``ops`` that are copied from here, with the order of their rows."""
_OF_PUBLICATION = ("first_publication", "trend_said", "run", "publication")
"""What a publication says of itself; its own record comes last, and makes the others good."""


_IDS_IN_A_RECORD = 1_000
"""Of a publication's new ids: a line of the journal stays readable."""


class Journal:
    """The journal of one home folder."""

    def __init__(self, folder: Path) -> None:
        """Name the folder; it is made with the first record."""
        self.folder = folder

    def append(self, kind: str, records: Iterable[Mapping[str, Any]]) -> None:
        """Add records of one kind, durable on return."""
        lines = "".join(json.dumps(record, default=str) + "\n" for record in records)
        if not lines:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{kind}.ndjson"
        with path.open("ab+") as file:
            if file.tell() and not _ends_with_newline(file.fileno(), file.tell()):
                # a killed run left half a line; it stays, alone
                lines = "\n" + lines
            file.write(lines.encode())
            file.flush()
            os.fsync(file.fileno())

    def read(self, kind: str) -> list[dict[str, Any]]:
        """Return the records of one kind in the order of writing; a line that is torn, or no
        UTF-8, is passed over."""
        path = self.folder / f"{kind}.ndjson"
        if not path.exists():
            return []
        with path.open("rb") as lines:
            return [record for line in lines if (record := _decode(line))]

    def recover(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Put on record what a published file says of publications that no record is of: a run was
        killed between the rename and its records, or the journal is older than the file.
        """
        known = {record.get("publication_id") for record in self.read("publication")}
        said = connection.execute(
            "select publication_id from ops.publication order by 1"
        ).fetchall()
        for (run_id,) in said:
            if run_id not in known:
                for kind in _OF_PUBLICATION:
                    rows = _rows(connection, kind, run_id)
                    self.append(kind, pack_ids(rows) if kind == "first_publication" else rows)

    def copy_first_publications(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Tell a warehouse that was made anew which publication was the first to hold each id."""
        path = self.folder / "first_publication.ndjson"
        is_there = connection.execute("select 1 from ops.first_publication limit 1").fetchall()
        if path.exists() and not is_there:
            connection.execute(read_sql_file("loading/first_publications"), [str(path)])

    def copy_into(
        self,
        connection: duckdb.DuckDBPyConnection,
        said: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
    ) -> None:
        """Replace the tables of ``ops`` that come from here; ``said`` is not on record yet."""
        for table, order in _TABLES.items():
            columns = connection.execute(
                "select column_name, data_type from duckdb_columns()"
                " where schema_name = 'ops' and table_name = ? order by column_index",
                [table],
            ).fetchall()
            connection.execute(f"delete from ops.{table}")
            path = self.folder / f"{table}.ndjson"
            if not path.exists():
                continue
            types = dict(columns)
            connection.execute(
                f"insert into ops.{table} select {', '.join(types)} from read_json("
                f"?, columns = {types!r}, format = 'newline_delimited', ignore_errors = true)"
                # a line that cannot be read is a row of nulls
                f" where {order.partition(',')[0]} is not null order by {order}",
                [str(path)],
            )

        for kind, records in (said or {}).items():
            for record in records:
                places = ", ".join("?" for _ in record)
                connection.execute(
                    f"insert into ops.{kind} ({', '.join(record)}) values ({places})",
                    list(record.values()),
                )


def pack_ids(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return rows of ops.first_publication, of one run, as records of many ids each."""
    return [
        {
            "run_id": rows[start]["run_id"],
            "alias_ids": [row["alias_id"] for row in rows[start : start + _IDS_IN_A_RECORD]],
        }
        for start in range(0, len(rows), _IDS_IN_A_RECORD)
    ]


def _rows(connection: duckdb.DuckDBPyConnection, table: str, run_id: str) -> list[dict[str, Any]]:
    cursor = connection.execute(f"select * from ops.{table} where run_id = ?", [run_id])
    return rows_as_dicts(cursor)


def _ends_with_newline(descriptor: int, size: int) -> bool:
    return os.pread(descriptor, 1, size - 1) == b"\n"


def _decode(line: bytes) -> dict[str, Any] | None:
    try:
        record = json.loads(line)
    except ValueError:
        return None
    return record if isinstance(record, dict) else None
