"""Write, audit, publish: a private copy to work on, and one rename that everybody sees."""

import glob
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

import duckdb

from warehouse.connection import create_database
from warehouse.errors import UnprovenError
from warehouse.files import sync_file, sync_folder

_COMPACT_ABOVE_FREE_SHARE = 0.3

RowCounts = Mapping[str, int]
"""How many rows each table of a file holds, by ``schema.table``."""


def prepare_work(published: Path | None, work: Path) -> None:
    """Copy the published file byte for byte to the work file, or create an empty one."""
    remove_work(work)
    work.parent.mkdir(parents=True, exist_ok=True)
    if published is None or not published.exists():
        create_database(work)
        return
    with published.open("rb") as source, work.open("wb") as target:
        _copy(source.fileno(), target.fileno(), os.fstat(source.fileno()).st_size)
        os.fsync(target.fileno())


def remove_work(work: Path) -> None:
    """Remove a work file and what stands beside it: the rest of a killed run."""
    for path in (work, _wal(work)):
        path.unlink(missing_ok=True)
    shutil.rmtree(work.with_suffix(".spill"), ignore_errors=True)


def finish_work(connection: duckdb.DuckDBPyConnection) -> RowCounts:
    """Bring everything from the write-ahead log into the file, before it is closed.

    Returns how many rows each table holds, for :func:`publish` to prove.
    """
    connection.execute("checkpoint")
    return _count_rows(connection)


def compact(work: Path) -> bool:
    """Rewrite a work file of which too many blocks are free; tell whether it was.

    Where that fails, as on a full disk, the work file stays as it is.
    """
    with duckdb.connect(str(work), read_only=True) as connection:
        total, free = connection.execute(
            "select total_blocks, free_blocks from pragma_database_size()"
        ).fetchall()[0]
        rows = _count_rows(connection)
    if total < 40 or free / total <= _COMPACT_ABOVE_FREE_SHARE:
        return False
    compacted = work.with_suffix(".compact")
    remove_work(compacted)
    try:
        create_database(compacted)
        with duckdb.connect() as connection:
            connection.execute(f"attach '{_quoted(work)}' as source (read_only)")
            connection.execute(f"attach '{_quoted(compacted)}' as target")
            connection.execute("copy from database source to target")
            # closing swallows a checkpoint that fails
            connection.execute("checkpoint target")
        prove(compacted, rows)
    except (duckdb.Error, OSError, UnprovenError):
        remove_work(compacted)
        return False
    compacted.rename(work)
    return True


def prove(work: Path, rows: RowCounts) -> None:
    """Show that a closed file is on the disk and holds what it should.

    Raises:
        UnprovenError: it does not.
    """
    logs = sorted(path.name for path in work.parent.glob(f"{glob.escape(work.stem)}*.wal"))
    if logs:
        raise UnprovenError(
            f"{work.name} was not closed: a write-ahead log is beside it ({', '.join(logs)})"
        )
    sync_file(work)
    try:
        with duckdb.connect(str(work), read_only=True) as connection:
            found = _count_rows(connection)
    except duckdb.Error as error:
        raise UnprovenError(f"{work.name} cannot be read again: {error}") from error
    for table in sorted({*rows, *found}):
        if rows.get(table) != found.get(table):
            raise UnprovenError(
                f"{work.name} holds {found.get(table, 0)} rows of {table}, not {rows.get(table, 0)}"
            )


def publish(work: Path, published: Path, rows: RowCounts) -> None:
    """Rename a closed work file over the published one; durable on return.

    ``rows`` is what :func:`finish_work` counted: what is renamed has been proved. A write-ahead
    log beside the published file would be replayed into the new one, so that it is moved aside
    first: published files are read only and never have one of their own.

    Raises:
        UnprovenError: the file does not hold what it should; the published one stays.
    """
    prove(work, rows)
    stale = _wal(published)
    if stale.exists():
        stale.rename(stale.with_suffix(".stale"))
    work.chmod(0o444)
    work.rename(published)
    sync_folder(published.parent)


def _count_rows(connection: duckdb.DuckDBPyConnection) -> RowCounts:
    """Count the rows of every table of the file, by reading them."""
    tables = connection.execute(
        "select schema_name || '.' || table_name from duckdb_tables()"
        " where not temporary and not internal order by 1"
    ).fetchall()
    if not tables:
        return {}
    counts = " union all ".join(f"select '{name}', count(*) from {name}" for (name,) in tables)
    return dict(connection.execute(counts).fetchall())


def _copy(source: int, target: int, size: int) -> None:
    copied = 0
    try:
        while copied < size:
            step = os.copy_file_range(source, target, size - copied)
            if not step:
                break
            copied += step
    except OSError:
        # not every file system can: then by way of memory
        os.lseek(source, copied, os.SEEK_SET)
        os.lseek(target, copied, os.SEEK_SET)
        while block := os.read(source, 1 << 22):
            os.write(target, block)


def _wal(path: Path) -> Path:
    return path.with_name(path.name + ".wal")


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
