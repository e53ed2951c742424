"""One writer at a time: a kernel lock on a file that says who holds it."""

import errno
import fcntl
import json
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from warehouse.errors import LockedError, NoLocksError
from warehouse.files import naming

_ASK_EVERY_SECONDS = 0.2


@contextmanager
def writer_lock(path: Path, holder: dict[str, str], wait_seconds: float = 0.0) -> Iterator[None]:
    """Hold the lock of a home folder; the kernel frees it however the process ends.

    Raises:
        LockedError: another process holds it, and does so after the wait.
        NoLocksError: the file system has no locks, or something else stands in the place of one.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = _open(path)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise NoLocksError(f"{path} is no file: move it away, then give the command again")
        _take(descriptor, wait_seconds)
        os.ftruncate(descriptor, 0)
        with naming(path):
            os.pwrite(descriptor, json.dumps(holder).encode(), 0)
        yield
        with suppress(OSError):
            # whoever reads it next takes the lock first: an old name harms nobody
            os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def _open(path: Path) -> int:
    """Open the file of a lock, and none that a link leads to: its content is written anew."""
    flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOFOLLOW
    try:
        return os.open(path, flags, 0o644)
    except OSError as error:
        if error.errno != errno.ELOOP:
            raise
        reason = f"{path} is a symbolic link: move it away, then give the command again"
        raise NoLocksError(reason) from error


def _take(descriptor: int, wait_seconds: float) -> None:
    """Ask the kernel every so often: a blocking call could not be given up."""
    until = time.monotonic() + wait_seconds
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() >= until:
                raise LockedError(f"another writer is at work: {_read(descriptor)}") from error
            time.sleep(_ASK_EVERY_SECONDS)
        except OSError as error:
            raise NoLocksError(
                f"the file system of the home offers no locks ({error.strerror}): two writers could"
                " work at once; choose a home on a local disk"
            ) from error
        else:
            return


def is_held(path: Path) -> bool:
    """Tell whether a writer is at work; a file system without locks has none to tell."""
    if not path.exists():
        return False
    # a pipe in its place would be waited for
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return False


def _read(descriptor: int) -> str:
    try:
        holder = json.loads(os.pread(descriptor, 4096, 0))
    except ValueError:
        holder = None
    if not isinstance(holder, dict):
        return "it has not said who it is"
    return ", ".join(f"{name} {value}" for name, value in holder.items())
