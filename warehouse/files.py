"""Durable writes: what is said once about fsync and about renaming into place."""

import os
from pathlib import Path


def sync_file(path: Path) -> None:
    """Bring a file's bytes to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
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
    temporary = temporary_beside(path)
    try:
        with temporary.open("wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            temporary.chmod(path.stat().st_mode & 0o777)
        if old_size is not None and path.stat().st_size != old_size:
            temporary.unlink()
            return False
        temporary.rename(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)
    return True


def temporary_beside(path: Path) -> Path:
    """Return a name in the same folder for a file that is to be renamed to ``path``."""
    return path.with_name(f".{path.name}.{os.getpid()}.tmp")
