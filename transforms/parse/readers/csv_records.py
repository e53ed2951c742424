"""Records of a CSV, read strictly: a broken one is told and takes no neighbour with it."""

import csv
from collections.abc import Iterator

from transforms.parse.readers.json_lines import Broken


class _Lines:
    """Lines from a position on; knows how many were taken."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self.at = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        if self.at >= len(self._lines):
            raise StopIteration
        self.at += 1
        return self._lines[self.at - 1]


def read_records(lines: list[str], delimiter: str, width: int) -> Iterator[list[str] | Broken]:
    """Yield the records of a CSV, blank lines left out; ``width`` is how many cells each has.

    A record may go on over several lines within quotes. Where it does not end well (text behind a
    closing quote, a quote that is never closed, another number of cells), its first line is broken
    and reading goes on with the next one: an open quote swallows no neighbour.
    """
    source = _Lines(lines)
    while source.at < len(lines):
        start = source.at
        try:
            record = next(csv.reader(source, delimiter=delimiter, strict=True), [])
        except csv.Error as error:
            source.at = start + 1
            yield Broken(lines[start].rstrip("\r\n"), f"not CSV: {error}")
            continue
        if not record:
            continue
        if len(record) != width:
            source.at = start + 1
            reason = f"the row has {len(record)} cells, the header {width}"
            yield Broken(lines[start].rstrip("\r\n"), reason)
            continue
        yield record
