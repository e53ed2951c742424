"""Files to looks: walking folders, reading each file once, and the reason where that fails."""

import errno
import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath

_BLOCK = 1 << 20
_CHANGED = "it was written while it was read: give it again when it is whole"


@dataclass(frozen=True)
class FoundFile:
    """A file and its bytes, or the reason why they cannot be had."""

    path: Path
    size: int | None
    body: bytes | None
    blob_id: str | None
    reason: str | None = None
    times: tuple[int, int] | None = None
    """As :func:`file_times` says, as seen before it was read."""


def find_files(paths: Iterable[Path]) -> Iterator[tuple[Path, str | None]]:
    """Yield every file below the paths in a stable order, with a reason where it is none to read.

    In a folder, what is no regular file is named, never followed or opened. A path that is given
    itself may be a link.
    """
    for path in paths:
        try:
            mode = path.stat().st_mode
        except OSError as error:
            yield path, _describe(error)
            continue
        if stat.S_ISDIR(mode):
            yield from _walk(path)
        else:
            yield path, None if stat.S_ISREG(mode) else _describe_mode(mode)


def file_times(facts: os.stat_result) -> tuple[int, int]:
    """Return when the bytes of a file were changed last, and when anything of it was.

    Nanoseconds since 1970. A copy can be given the first of another file, the second by nobody.
    """
    return facts.st_mtime_ns, facts.st_ctime_ns


def shown_path(path: PurePath) -> str:
    """Return a path as text; bytes of a name that are no UTF-8 are shown as escapes."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _walk(top: Path) -> Iterator[tuple[Path, str | None]]:
    """Walk depth first, in the order of names, however deep the folders lie."""
    waiting = [top]
    while waiting:
        path = waiting.pop()
        try:
            facts = path.lstat() if path != top else path.stat()
            if stat.S_ISDIR(facts.st_mode):
                names = sorted(os.listdir(path), reverse=True)  # noqa: PTH208 - bytes stay bytes
                waiting += [path / name for name in names]
            else:
                is_file = stat.S_ISREG(facts.st_mode)
                yield path, None if is_file else _describe_mode(facts.st_mode)
        except OSError as error:
            yield path, _describe(error)


def read_file(path: Path, largest: int) -> FoundFile:
    """Read a regular file once, in bounded memory; a larger one is hashed and left.

    Never blocks: what turns out to be a pipe is refused after opening. So is what is written while
    it is read, for it may be half of the old bytes and half of the new.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        return FoundFile(path, None, None, None, _describe(error))
    with open(descriptor, "rb") as file:  # noqa: PTH123 - a descriptor, opened without blocking
        facts = os.fstat(descriptor)
        if not stat.S_ISREG(facts.st_mode):
            return FoundFile(path, None, None, None, _describe_mode(facts.st_mode))
        try:
            if facts.st_size > largest:
                reason = f"{facts.st_size:,} bytes are over the limit of {largest:,}"
                head = _hash_head(file, largest)
                return FoundFile(path, facts.st_size, None, head, reason, file_times(facts))
            body = file.read(facts.st_size + 1)
            after = os.fstat(descriptor)
        except OSError as error:
            return FoundFile(path, facts.st_size, None, None, _describe(error))
    if len(body) != facts.st_size or after.st_mtime_ns != facts.st_mtime_ns:
        return FoundFile(path, facts.st_size, None, None, _CHANGED)
    digest = hashlib.sha256(body).hexdigest()
    return FoundFile(path, len(body), body, digest, times=file_times(facts))


def _hash_head(file, largest: int) -> str:  # type: ignore[no-untyped-def]
    """Hash the first bytes up to the limit: enough to know the file again, in bounded time."""
    digest = hashlib.sha256()
    for start in range(0, largest, _BLOCK):
        digest.update(file.read(min(_BLOCK, largest - start)))
    return f"head:{digest.hexdigest()}"


def _describe(error: OSError) -> str:
    name = errno.errorcode.get(error.errno or 0, "error")
    return f"cannot be read: {error.strerror} ({name})"


def _describe_mode(mode: int) -> str:
    kinds = {
        stat.S_IFLNK: "a symbolic link",
        stat.S_IFIFO: "a named pipe",
        stat.S_IFSOCK: "a socket",
        stat.S_IFCHR: "a device",
        stat.S_IFBLK: "a device",
    }
    return f"not a regular file: {kinds.get(stat.S_IFMT(mode), 'something else')}"
