"""One writer at a time: a kernel lock on a file that says who holds it."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class LockedError(RuntimeError):
    """Another writer is at work; the message says who. Wait for it, or look whether it hangs."""


@contextmanager
def writer_lock(path: Path, holder: dict[str, str]) -> Iterator[None]:
    """Hold the lock of a home folder; the kernel frees it however the process ends.

    Raises:
        LockedError: at once, where another process holds it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise LockedError(f"another writer is at work: {_read(descriptor)}") from error
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps(holder).encode(), 0)
        yield
        os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def _read(descriptor: int) -> str:
    try:
        holder = json.loads(os.pread(descriptor, 4096, 0))
    except ValueError:
        return "it has not said who it is"
    return ", ".join(f"{name} {value}" for name, value in holder.items())
