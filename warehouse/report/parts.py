"""Small values that several sections show: tables, legends, counts."""

import ast
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

_LONG_CELL = 30
_LONGEST_CELL = 400


@dataclass(frozen=True)
class Cell:
    """One cell of a table; ``kind`` is how it is set: as a number, a long text, or as usual."""

    column: str
    value: Any
    kind: str | None = None


@dataclass(frozen=True)
class Table:
    """A table: the names of its columns, and its rows."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]

    @classmethod
    def of(cls, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> "Table":
        """Return a table of values; long texts are cut."""
        return cls(columns, [list(map(_cell, columns, row)) for row in rows])


@dataclass(frozen=True)
class LegendEntry:
    """A sign, how it is set, and what it means."""

    style: str
    sign: str
    meaning: str


def count(number: int, noun: str) -> str:
    """Return a number with its noun: ``1 day``, ``2 days``, ``3 entries``."""
    if number == 1:
        return f"1 {noun}"
    plural = f"{noun[:-1]}ies" if noun.endswith("ry") else f"{noun}s"
    return f"{number:,} {plural}"


def read_rows(failing_rows: str | None) -> list[dict[str, Any]]:
    """Return the failing rows of a result; a text that holds none is one row with that text."""
    if not failing_rows:
        return []
    for read in (json.loads, ast.literal_eval):
        try:
            rows = read(failing_rows)
        except (ValueError, SyntaxError, RecursionError):
            continue
        if isinstance(rows, list) and all(isinstance(row, dict) for row in rows):
            return rows
    return [{"rows": failing_rows}]


def _cell(column: str, value: Any) -> Cell:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Cell(column, value, "number")
    if isinstance(value, str) and len(value) > _LONG_CELL:
        shown = f"{value[:_LONGEST_CELL]} …" if len(value) > _LONGEST_CELL else value
        return Cell(column, shown, "long")
    return Cell(column, value)
