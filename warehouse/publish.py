"""Write, audit, publish: a private copy to work on, and one rename that everybody sees."""

import glob
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import duckdb

from warehouse.connection import create_database, open_read_only
from warehouse.duckdb_paths import name_to_read, place_to_write
from warehouse.empty import empty_warehouse
from warehouse.engine import Engine, quoted
from warehouse.errors import UnprovenError, WarehouseError
from warehouse.files import naming, remove, sync_file, sync_folder
from warehouse.migrate import read_query

REBUILT = ".rebuilt-"
"""How the folder of a rebuild to compare with begins; the id of its process follows."""
_COMPACT_ABOVE_FREE_SHARE = 0.3
LEAST_BLOCKS = 256
"""Of 256 KiB each: smaller files are not worth it."""


class TableContent(NamedTuple):
    """What a table holds: the number of its rows, and a digest of its first column, the key."""

    rows: int
    keys: int


Content = Mapping[str, TableContent]
"""What each table of a file holds, by ``schema.table``."""
_NOTHING = TableContent(0, 0)


def prepare_work(published: Path | None, work: Path) -> None:
    """Copy the published file byte for byte to the work file, or make an empty one."""
    remove_work(work)
    work.parent.mkdir(exist_ok=True)
    if published is None or not published.exists():
        with naming(work):
            work.write_bytes(empty_warehouse())
        return
    with naming(work), published.open("rb") as source, work.open("wb") as target:
        _copy(source.fileno(), target.fileno(), os.fstat(source.fileno()).st_size)
        os.fsync(target.fileno())


def remove_work(work: Path) -> None:
    """Remove a work file and what stands beside it: the rest of a killed run."""
    for path in (work, _wal(work)):
        remove(path)
    shutil.rmtree(work.with_suffix(".spill"), ignore_errors=True)


def remove_rebuilt(folder: Path) -> None:
    """Remove from a home the temporary rebuilds of processes that are no more."""
    for rebuilt in folder.glob(f"{REBUILT}*"):
        process = rebuilt.name.removeprefix(REBUILT).partition("-")[0]
        if not (process.isdigit() and Path(f"/proc/{process}").exists()):
            shutil.rmtree(rebuilt, ignore_errors=True)


def finish_work(connection: duckdb.DuckDBPyConnection) -> Content:
    """Bring everything from the write-ahead log into the file, before it is closed.

    Returns what each table holds, for :func:`publish` to prove.
    """
    connection.execute("checkpoint")
    return _read_content(connection)


def is_sparse(connection: duckdb.DuckDBPyConnection, least_blocks: int = LEAST_BLOCKS) -> bool:
    """Tell whether so many blocks of a work file are free that it should be compacted."""
    total, free = connection.execute(
        "select total_blocks, free_blocks from pragma_database_size()"
        " where database_name = current_database()"
    ).fetchall()[0]
    return bool(total >= least_blocks and free / total > _COMPACT_ABOVE_FREE_SHARE)


def compact(work: Path, content: Content) -> bool:
    """Rewrite a closed work file without its free blocks; tell whether that was done.

    ``content`` is what it holds. Where that fails, as on a full disk, the file stays as it is.
    """
    compacted = work.with_suffix(".compact")
    remove_work(compacted)
    try:
        create_database(compacted)
        with (
            name_to_read(work) as source,
            place_to_write(compacted) as target,
            duckdb.connect() as connection,
        ):
            connection.execute(f"attach '{quoted(source)}' as source (read_only)")
            connection.execute(f"attach '{quoted(target)}' as target")
            connection.execute("copy from database source to target")
            # closing swallows a checkpoint that fails
            connection.execute("checkpoint target")
        prove(compacted, content)
    except (duckdb.Error, OSError, WarehouseError):
        remove_work(compacted)
        return False
    compacted.rename(work)
    return True


def prove(work: Path, content: Content, engine: Engine | None = None) -> None:
    """Show that a closed file is on the disk and holds what it should: it is opened again, by the
    ``engine`` where there is one.

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
        with open_read_only(work, engine=engine) as connection:
            found = _read_content(connection)
    except duckdb.Error as error:
        raise UnprovenError(f"{work.name} cannot be read again: {error}") from error
    for table in sorted({*content, *found}):
        there, wanted = found.get(table, _NOTHING), content.get(table, _NOTHING)
        if there.rows != wanted.rows:
            raise UnprovenError(
                f"{work.name} holds {there.rows} rows of {table}, not {wanted.rows}"
            )
        if there != wanted:
            raise UnprovenError(f"{work.name} holds other rows of {table} than were checked")


def publish(work: Path, published: Path, content: Content, engine: Engine | None = None) -> None:
    """Rename a closed work file over the published one; :func:`make_durable` is to follow.

    ``content`` is what :func:`finish_work` read: what is renamed has been proved. A write-ahead
    log beside the published file would be replayed into the new one, so that it is moved aside
    first: published files are read only and never have one of their own.

    Raises:
        UnprovenError: the file does not hold what it should; the published one stays.
        OSError: as well, and nothing was renamed.
    """
    prove(work, content, engine)
    stale = _wal(published)
    if stale.exists():
        stale.rename(stale.with_suffix(".stale"))
    work.chmod(0o444)
    work.rename(published)


def make_durable(published: Path) -> None:
    """Bring the rename to the disk. All readers see the new file already.

    Raises:
        OSError: after a power failure, the file published before may be there again.
    """
    sync_folder(published.parent)


def _read_content(connection: duckdb.DuckDBPyConnection) -> Content:
    """Read the keys of every table of the file."""
    keys = connection.execute(read_query("key_columns")).fetchall()
    if not keys:
        return {}
    tables = " union all ".join(
        f"select '{table}', count(*), coalesce(bit_xor(hash({key})), 0) from {table}"
        for table, key in keys
    )
    rows = connection.execute(tables).fetchall()
    return {table: TableContent(count, digest) for table, count, digest in rows}


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
            while block:
                # not all of it need be taken at once
                block = block[os.write(target, block) :]


def _wal(path: Path) -> Path:
    return path.with_name(path.name + ".wal")
