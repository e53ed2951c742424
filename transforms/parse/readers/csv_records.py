"""Records of a CSV, read strictly: a broken one is told and takes no neighbour with it."""

import csv
import re
from collections.abc import Iterable, Iterator

from transforms.parse.readers.json_lines import Broken

_FORMULA = re.compile(r'="([^"]*)"')
"""How Excel is told to keep a number as text."""


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


def without_blanks(
    records: Iterable[list[str] | Broken], names: list[str]
) -> Iterator[list[str] | Broken]:
    """Yield records, without those of which every cell is blank, as programs of tables write behind
    the last row; a header again, as in files put together, is no row.
    """
    for number, record in enumerate(records):
        if isinstance(record, Broken):
            yield record
        elif number and [cell.strip() for cell in record] == names:
            yield Broken(",".join(record), "the row is the header again")
        elif any(cell and not cell.isspace() for cell in record):
            yield record


def as_row(names: list[str], cells: list[str]) -> dict[str, str]:
    """Return the cells of a record by column."""
    plain = (
        formula[1] if cell[:2] == '="' and (formula := _FORMULA.fullmatch(cell)) else cell
        for cell in cells
    )
    return dict(zip(names, plain, strict=True))
