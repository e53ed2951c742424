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


def temporary_beside(path: Path) -> Path:
    """Return a name in the same folder for a file that is to be renamed to ``path``."""
    return path.with_name(f".{path.name}.{os.getpid()}.tmp")
