"""Durable writes: what is said once about fsync and about renaming into place."""

import errno
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_SYSTEM_ERROR = re.compile(r"\(os error (\d+)\)")
"""How Polars tells an error of the system."""
_NO_SPACE = ("No space left on device", "'max_temp_directory_size'")
"""How DuckDB tells a full disk: of its files, and of what it puts aside while it computes."""
_IN_THE_WAY = (errno.EEXIST, errno.ENOTDIR, errno.EISDIR, errno.ELOOP, errno.ENOENT)
_NOT_ALLOWED = (errno.EROFS, errno.EACCES, errno.EPERM, errno.EFBIG)
_NAMED_FILE = re.compile(r'file "([^"]+)"')


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Let an error of the system, such as a full disk, name the file that was written.

    Raises:
        OSError: with the file.
    """
    try:
        yield
    except OSError as error:
        if error.filename is not None or error.errno is None:
            raise
        raise OSError(error.errno, error.strerror, str(path)) from error
    except Exception as error:
        told = _SYSTEM_ERROR.search(str(error))
        if not told:
            raise
        raise OSError(int(told[1]), os.strerror(int(told[1])), str(path)) from error


def sync_file(path: Path) -> None:
    """Bring a file's bytes to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        with naming(path):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Bring a folder's names to the disk, so that a rename in it is durable."""
    sync_file(folder)


def write_durably(path: Path, body: bytes, old_size: int | None = None) -> bool:
    """Put a whole file in the place of another: beside it first, then by a rename.

    The mode of the file that was there stays. With ``old_size`` (bytes) nothing is done, and False
    returned, where the file has another size by then: somebody has added to it.

    Raises:
        OSError: the old file stays as it was.
    """
    with half_beside(path) as half:
        with naming(path), half.open("wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            half.chmod(path.stat().st_mode & 0o777)
        if old_size is not None and path.stat().st_size != old_size:
            return False
        half.rename(path)
    sync_folder(path.parent)
    return True


def remove(path: Path) -> None:
    """Remove what is ours by its name, whatever it is by now; nothing there is no error."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def temporary_beside(path: Path) -> Path:
    """Return a name in the same folder for a file that is to be renamed to ``path``."""
    return path.with_name(f".{path.name}.{os.getpid()}.tmp")


@contextmanager
def half_beside(path: Path) -> Iterator[Path]:
    """Yield that name; what is not renamed at the end, as after a signal, is removed."""
    half = temporary_beside(path)
    try:
        yield half
    finally:
        with suppress(OSError):
            half.unlink(missing_ok=True)


def remove_halves(folder: Path) -> None:
    """Remove what killed processes were writing in a folder of files that one process writes."""
    for half in folder.glob(".*.tmp"):
        remove(half)


def file_without_space(error: BaseException) -> str | None:
    """Return the file that a full disk did not take; empty where nobody names it, None otherwise.

    The first of a chain of errors is the cause: what then cleans up fails for the same reason.
    """
    found = None
    chain: BaseException | None = error
    while chain is not None:
        unwritten = _unwritten(chain)
        found = found if unwritten is None else unwritten or found or ""
        chain = chain.__cause__ or chain.__context__
    return found


def is_of_full_disk(error: BaseException | None) -> bool:
    """Tell whether an error of the system, itself and not one before it, is a full disk."""
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)


def _unwritten(error: BaseException) -> str | None:
    if isinstance(error, OSError) and is_of_full_disk(error):
        return str(error.filename2 or error.filename or "")
    text = str(error)
    if not any(said in text for said in _NO_SPACE):
        return None
    named = _NAMED_FILE.search(text)
    return named[1] if named else ""


def say_too_long(error: BaseException) -> str | None:
    """Return which name is longer than its file system takes; None where that is not the error."""
    if not isinstance(error, OSError) or error.errno != errno.ENAMETOOLONG:
        return None
    return f"{error.filename2 or error.filename or 'a path'} is too long a name: choose another one"


def say_not_allowed(error: BaseException) -> str | None:
    """Return what a read-only file system, or the rights of a file, forbid; None where that is not
    the error.
    """
    if not isinstance(error, OSError) or error.errno not in _NOT_ALLOWED or not error.filename:
        return None
    path = os.fsdecode(error.filename2 or error.filename)
    return f"{path} cannot be read or written: {error.strerror}"


def say_in_the_way(error: BaseException) -> str | None:
    """Return what stands where another kind of file should be, or leads to another disk; None where
    that is not the error.
    """
    if not isinstance(error, OSError) or error.filename is None:
        return None
    if error.errno == errno.EXDEV and error.filename2:
        folder, target = (Path(os.fsdecode(one)) for one in (error.filename, error.filename2))
        return f"{folder.parent} is on another disk than {target}: move it away"
    if error.errno not in _IN_THE_WAY:
        return None
    path = Path(os.fsdecode(error.filename2 or error.filename))
    for place in (*reversed(path.parents), path):
        if place.is_symlink() and not place.exists():
            return f"{place} is a link that leads nowhere: move it away"
        if place != path and place.exists() and not place.is_dir():
            return f"{place} is a file where a folder should be: move it away"
    if error.errno == errno.ENOENT:
        return None
    kinds = ("a folder", "a file") if path.is_dir() else ("a file", "a folder")
    return f"{path} is {kinds[0]} where {kinds[1]} should be: move it away"
