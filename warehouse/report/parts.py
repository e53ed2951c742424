"""Small values that several sections show: tables, legends, counts."""

import ast
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

_LONG_CELL = 30
_SHORT_CELL = 20
_MOST_COLUMNS = 6


@dataclass(frozen=True)
class Cell:
    """One cell of a table; ``kind`` is how it is set: as a number, a long text, one short word, or
    as usual."""

    column: str
    value: Any
    kind: str | None = None


@dataclass(frozen=True)
class Table:
    """A table: the names of its columns, and its rows."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]

    @classmethod
    def of(
        cls, columns: Sequence[str], rows: Iterable[Sequence[Any]], longest: int | None = 400
    ) -> "Table":
        """Return a table of values; texts are cut that are longer than ``longest``."""
        return cls(
            columns,
            [[_cell(*cell, longest) for cell in zip(columns, row, strict=True)] for row in rows],
        )

    @property
    def is_wide(self) -> bool:
        """Whether its columns find no room beside each other: rows are then shown as lists."""
        return len(self.columns) > _MOST_COLUMNS


@dataclass(frozen=True)
class LegendEntry:
    """A sign, how it is set, and what it means."""

    style: str
    sign: str
    meaning: str


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


def _cell(column: str, value: Any, longest: int | None) -> Cell:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Cell(column, value, "number")
    if isinstance(value, str) and len(value) > _LONG_CELL:
        is_cut = longest is not None and len(value) > longest
        shown = f"{value[:longest]} …" if is_cut else value
        return Cell(column, shown, "long")
    is_short = isinstance(value, date) or (
        isinstance(value, str) and len(value) <= _SHORT_CELL and " " not in value
    )
    return Cell(column, value, "short" if is_short else None)
