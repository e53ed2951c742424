"""The journal: append-only records of what we did and said, one JSON object a line.

A line that cannot be read, or is not what was written, hides no other: it is passed over, and the
next run sets it aside.
"""

import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from glob import escape
from pathlib import Path
from typing import Any

import duckdb

from warehouse.connection import has_table, rows_as_dicts
from warehouse.duckdb_paths import is_misread
from warehouse.files import naming, write_durably
from warehouse.journal_kinds import needed_of
from warehouse.journal_line import Needed, decode, encode, is_sound
from warehouse.migrate import read_sql_file

_TABLES = {
    "run": "run_id",
    "publication": "publication_id",
    "check_result": "run_id, check_id",
    "trend_said": "run_id, feed_id, topic_id, grain, period_start",
}
"""The tables of ``ops`` that are copied from here, with the order of their rows."""
_IN_A_FILE = ("first_publication", "trend_said", "check_result", "run", "publication")
"""What a published file says of its runs; the record of a publication comes last, and makes the
others good."""
_RUN = re.compile(rb'"run_id": "([^"\\]*)"')
"""The member of a line that names its run: a quote within a value is escaped."""

JOURNAL_SUFFIX = ".ndjson"
_ASIDE = ".damaged"
_IDS_IN_A_RECORD = 1_000
"""Of a publication's new ids: a line of the journal stays readable."""


class Journal:
    """The journal of one home folder."""

    def __init__(self, folder: Path) -> None:
        """Name the folder; it is made with the first record."""
        self.folder = folder

    def append(self, kind: str, records: Iterable[Mapping[str, Any]]) -> None:
        """Add records of one kind, durable on return."""
        lines = b"".join(map(encode, records))
        if not lines:
            return
        # not without its home: that may have been unmounted
        self.folder.mkdir(exist_ok=True)
        path = self.folder / f"{kind}{JOURNAL_SUFFIX}"
        with naming(path), path.open("ab+") as file:
            if file.tell() and not _ends_with_newline(file.fileno(), file.tell()):
                # a killed run left half a line; it stays, alone
                lines = b"\n" + lines
            file.write(lines)
            file.flush()
            os.fsync(file.fileno())

    def read(self, kind: str) -> list[dict[str, Any]]:
        """Return the records of one kind in the order of writing, without damaged lines."""
        path, needed = self.folder / f"{kind}{JOURNAL_SUFFIX}", needed_of(kind)
        if not path.exists():
            return []
        with path.open("rb") as lines:
            return [record for line in lines if (record := decode(line, needed))]

    def set_aside_damage(self) -> dict[str, int]:
        """Move damaged lines out of the journal; return how many, by the file that holds them now.

        Only the writer may do so.

        Raises:
            OSError: they stay where they are, and are passed over.
        """
        moved = {}
        for path in sorted(self.folder.glob(f"*{JOURNAL_SUFFIX}")):
            body = path.read_bytes()
            lines = body.splitlines(keepends=True)
            needed = needed_of(path.stem)
            unsound = [line for line in lines if not is_sound(line, needed)]
            damaged = [line.rstrip(b"\n") + b"\n" for line in unsound if line.strip()]
            if not damaged:
                continue
            left_out = frozenset(unsound)
            sound = b"".join(line for line in lines if line not in left_out)
            aside = path.with_suffix(_ASIDE)
            with naming(aside), aside.open("ab") as file:
                file.writelines(damaged)
                file.flush()
                os.fsync(file.fileno())
            # what another process is just adding waits for the next run
            if write_durably(path, sound, old_size=len(body)):
                moved[aside.name] = len(damaged)
        return moved

    def count_damage(self) -> dict[str, int]:
        """Return how many damaged lines there are, by file: set aside, and still in place."""
        counts = {}
        for path in sorted(self.folder.glob(f"*{_ASIDE}")):
            counts[path.name] = len(path.read_bytes().splitlines())
        for path in sorted(self.folder.glob(f"*{JOURNAL_SUFFIX}")):
            lines = path.read_bytes().splitlines(keepends=True)
            needed = needed_of(path.stem)
            counts[path.name] = sum(not _is_passed(line, needed) for line in lines)
        return {name: count for name, count in counts.items() if count}

    @contextmanager
    def _sound_file(self, kind: str) -> Iterator[Path | None]:
        """Yield a file of the sound lines of one kind: the journal's own, where it has no others
        and DuckDB can read it.
        """
        path = self.folder / f"{kind}{JOURNAL_SUFFIX}"
        if not path.exists():
            yield None
            return
        lines = path.read_bytes().splitlines(keepends=True)
        sound = [line for line in lines if is_sound(line, needed_of(kind))]
        if len(sound) == len(lines) and not is_misread(path):
            yield path
            return
        with _in_file(sound) as copy:
            yield copy

    def _new_lines(self, connection: duckdb.DuckDBPyConnection, kind: str, key: str) -> list[bytes]:
        """Return the sound lines of one kind whose key, such as their run, ``ops`` does not hold:
        the records of a key are written at once.
        """
        path, needed = self.folder / f"{kind}{JOURNAL_SUFFIX}", needed_of(kind)
        if not path.exists():
            return []
        rows = connection.execute(f"select distinct {key} from ops.{kind}").fetchall()
        known = {value.encode() for (value,) in rows}
        # a quote within a value is escaped: this finds the member, and nothing in another one
        member = re.compile(rb'"%s": "([^"\\]*)"' % key.encode())
        return [
            line
            for line in path.read_bytes().splitlines(keepends=True)
            if not ((found := member.search(line)) and found[1] in known) and is_sound(line, needed)
        ]

    def find_lost(self, connection: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
        """Return the runs that a published file knows and no line is of, by kind: a run was killed
        between the rename and its records, or lines are lost.
        """
        lost = {}
        for kind in _IN_A_FILE:
            if not has_table(connection, f"ops.{kind}"):
                continue
            path = self.folder / f"{kind}{JOURNAL_SUFFIX}"
            known = set(_RUN.findall(path.read_bytes())) if path.exists() else set()
            rows = connection.execute(f"select distinct run_id from ops.{kind} order by 1")
            runs = [run_id for (run_id,) in rows.fetchall() if run_id.encode() not in known]
            if runs:
                lost[kind] = runs
        return lost

    def recover(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Put on record what a published file says of runs that no line is of any more."""
        for kind, runs in self.find_lost(connection).items():
            for run_id in runs:
                rows = _rows(connection, kind, run_id)
                self.append(kind, pack_ids(rows) if kind == "first_publication" else rows)

    def copy_first_publications(self, connection: duckdb.DuckDBPyConnection) -> bool:
        """Tell a warehouse that was made anew which publication was the first to hold each id; tell
        whether it knew of none.
        """
        if connection.execute("select 1 from ops.first_publication limit 1").fetchall():
            return False
        with self._sound_file("first_publication") as path:
            if path:
                connection.execute(read_sql_file("loading/first_publications"), [escape(str(path))])
        return True

    def copy_into(
        self,
        connection: duckdb.DuckDBPyConnection,
        said: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
    ) -> None:
        """Add to the tables of ``ops`` what is on record since; ``said`` is not on record yet.

        What they hold stays, also where its line is damaged since.
        """
        for table, order in _TABLES.items():
            lines = self._new_lines(connection, table, key=order.partition(",")[0])
            if lines:
                described = connection.execute(f"select * from ops.{table} limit 0").description
                types = {name: str(dtype) for name, dtype, *_ in described or ()}
                with _in_file(lines) as path:
                    _insert_lines(connection, table, types, order, path)

        for kind, records in (said or {}).items():
            for record in records:
                places = ", ".join("?" for _ in record)
                connection.execute(
                    f"insert into ops.{kind} ({', '.join(record)}) values ({places})",
                    list(record.values()),
                )


@contextmanager
def _in_file(lines: Iterable[bytes]) -> Iterator[Path]:
    """Yield a temporary file of these lines, whose name DuckDB can read."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"lines{JOURNAL_SUFFIX}"
        path.write_bytes(b"".join(lines))
        yield path


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


def _insert_lines(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    types: Mapping[str, str],
    order: str,
    path: Path,
) -> None:
    connection.execute(
        f"insert into ops.{table} select {', '.join(types)} from read_json("
        f"?, columns = {types!r}, format = 'newline_delimited', ignore_errors = true)"
        # a line of another shape is a row of nulls
        f" where {order.partition(',')[0]} is not null order by {order}",
        [escape(str(path))],
    )


def _is_passed(line: bytes, needed: Needed) -> bool:
    """Tell whether a line is sound, or empty: an empty one ends what a killed run left."""
    return not line.strip() or is_sound(line, needed)


def _ends_with_newline(descriptor: int, size: int) -> bool:
    return os.pread(descriptor, 1, size - 1) == b"\n"
