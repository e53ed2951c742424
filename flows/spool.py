"""Texts that wait on the disk instead of in memory, in a file without a name that ends with it."""

import os
from pathlib import Path
from tempfile import TemporaryFile
from typing import NamedTuple


class Place(NamedTuple):
    """Bytes of a spool."""

    begin: int
    length: int


class Spool:
    """A file to which texts are added, by one process; others that inherit it may read it."""

    def __init__(self, folder: Path) -> None:
        """Begin one on the disk of a folder, which is made where there is none.

        Raises:
            OSError: nothing can be written there.
        """
        folder.mkdir(exist_ok=True)
        self._file = TemporaryFile(dir=folder)  # noqa: SIM115 - open as long as this
        self._end = 0

    @property
    def number(self) -> int:
        """The file descriptor."""
        return self._file.fileno()

    def put(self, text: bytes) -> Place:
        """Add a text.

        Raises:
            OSError: it cannot be written; the texts before it stay.
        """
        place = put(self.number, text, self._end)
        self._end += len(text)
        return place

    def get(self, place: Place) -> bytes:
        """Return a text."""
        return get(self.number, place)

    def close(self) -> None:
        """End it, with all texts."""
        self._file.close()


def put(number: int, text: bytes, begin: int) -> Place:
    """Write a text into a file by its place: processes that share a file share its position."""
    rest, end = memoryview(text), begin
    while rest:
        written = os.pwrite(number, rest, end)
        rest, end = rest[written:], end + written
    return Place(begin, len(text))


def get(number: int, place: Place) -> bytes:
    """Read a text of a file."""
    parts: list[bytes] = []
    begin, end = place.begin, place.begin + place.length
    while begin < end and (part := os.pread(number, end - begin, begin)):
        parts.append(part)
        begin += len(part)
    return b"".join(parts)
