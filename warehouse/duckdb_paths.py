"""Files below folders whose names DuckDB misreads.

DuckDB 1.5 and later take ``?`` for the beginning of parameters, so that the write-ahead log of
``/a?b/x.duckdb`` would be ``/a.wal?b/x.duckdb``, and ``\\`` for a separator of folders. It resolves
symbolic links first, so that no other name of such a folder helps a file that is written. Names
that are no UTF-8 it cannot be given.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from warehouse.errors import PathError

_MISREAD = "?\\"
_PRIVATE = "paperstrata-work-"
"""How a private folder begins; the id of its process follows."""


def is_misread(path: Path) -> bool:
    """Tell whether DuckDB would look for a file in another place."""
    name = os.path.realpath(path)
    # bytes that are no UTF-8 are surrogates
    return any(sign in _MISREAD or "\ud800" <= sign <= "\udfff" for sign in name)


@contextmanager
def name_to_read(path: Path) -> Iterator[Path]:
    """Yield a name by which DuckDB can ``attach`` a file read-only, until the end of the block.

    Raises:
        PathError: this system names no open files.
    """
    if not is_misread(path):
        yield path
        return
    if not Path("/proc/self/fd").is_dir():
        raise PathError(
            f"{path}: DuckDB opens no file below a folder with ? or \\ in its name here"
        )
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        yield Path(f"/proc/self/fd/{descriptor}")
    finally:
        os.close(descriptor)


@contextmanager
def place_to_write(path: Path) -> Iterator[Path]:
    """Yield where DuckDB can write a file: the path, or a private copy that takes its place where
    the block ends without an error.

    Raises:
        PathError: the folder of temporary files has such a name itself.
        OSError: the copy cannot be made or brought back, as on a full disk.
    """
    if not is_misread(path):
        yield path
        return
    _remove_left_by_killed()
    with tempfile.TemporaryDirectory(prefix=f"{_PRIVATE}{os.getpid()}-") as folder:
        if is_misread(Path(folder)):
            raise PathError(f"{folder}: let TMPDIR name a folder without ? and \\")
        place = Path(folder) / "warehouse.duckdb"
        if path.exists():
            shutil.copyfile(path, place)
        yield place
        logs = [log.name for log in place.parent.glob("*.wal")]
        if logs:
            raise PathError(f"{place} was not closed: a write-ahead log is beside it")
        shutil.copyfile(place, path)


def _remove_left_by_killed() -> None:
    for left in Path(tempfile.gettempdir()).glob(f"{_PRIVATE}*"):
        process = left.name.removeprefix(_PRIVATE).partition("-")[0]
        if process.isdigit() and not Path(f"/proc/{process}").exists():
            shutil.rmtree(left, ignore_errors=True)
