"""Write, audit, publish: a private copy to work on, and one rename that everybody sees."""

import os
import shutil
from pathlib import Path

import duckdb

from warehouse.connection import create_database

_COMPACT_ABOVE_FREE_SHARE = 0.3


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


def finish_work(connection: duckdb.DuckDBPyConnection) -> None:
    """Bring everything from the write-ahead log into the file, before it is closed."""
    connection.execute("checkpoint")


def compact(work: Path) -> bool:
    """Rewrite a work file of which too many blocks are free; tell whether it was."""
    with duckdb.connect(str(work), read_only=True) as connection:
        total, free = connection.execute(
            "select total_blocks, free_blocks from pragma_database_size()"
        ).fetchall()[0]
    if total < 40 or free / total <= _COMPACT_ABOVE_FREE_SHARE:
        return False
    compacted = work.with_suffix(".compact")
    compacted.unlink(missing_ok=True)
    create_database(compacted)
    with duckdb.connect() as connection:
        connection.execute(f"attach '{_quoted(work)}' as source (read_only)")
        connection.execute(f"attach '{_quoted(compacted)}' as target")
        connection.execute("copy from database source to target")
    compacted.rename(work)
    return True


def publish(work: Path, published: Path) -> None:
    """Rename a closed work file over the published one; durable on return.

    A write-ahead log beside the published file would be replayed into the new one, so that it is
    moved aside first: published files are read only and never have one of their own.
    """
    if _wal(work).exists():
        raise RuntimeError(f"{work.name} was not closed: it has a write-ahead log")
    descriptor = os.open(work, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)
    stale = _wal(published)
    if stale.exists():
        stale.rename(stale.with_suffix(".stale"))
    work.chmod(0o444)
    work.rename(published)
    folder = os.open(published.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


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
