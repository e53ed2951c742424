"""What people see: tables on a terminal, plain lines in a pipe, one object as JSON.

All text goes through here, and through the one filter: captures, servers and file names hold what
others wrote.
"""

import json
import shutil
import sys
import textwrap
from collections.abc import Iterable, Sequence
from datetime import date, time
from itertools import chain
from typing import IO, Any, Final

from flows.out.formulas import is_formula
from warehouse.visible import on_one_line, visible, visible_json


def json_text(value: object) -> str:
    """Return a value that JSON has no type for as text: instants and dates in ISO 8601."""
    return value.isoformat() if isinstance(value, date | time) else str(value)


# made once, for `json.dumps` makes one with every line
_ENCODER: Final = json.JSONEncoder(default=json_text, ensure_ascii=False)


def say(text: str = "") -> None:
    """Print a line for people, on standard output."""
    print(on_one_line(text))  # noqa: T201 - output is what this module is for


def say_wrapped(text: str) -> None:
    """Print a line for people; on a terminal it is parted between words, and keeps its indent."""
    if not sys.stdout.isatty():
        say(text)
        return
    shown = on_one_line(text)
    indent = " " * (len(shown) - len(shown.lstrip()))
    width = shutil.get_terminal_size().columns
    lines = textwrap.wrap(
        shown.strip(),
        width,
        initial_indent=indent,
        subsequent_indent=f"{indent}  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
    print("\n".join(lines))  # noqa: T201


def is_narrower_than(columns: int) -> bool:
    """Tell whether standard output is a terminal with fewer columns."""
    return sys.stdout.isatty() and shutil.get_terminal_size().columns < columns


def warn(text: str) -> None:
    """Print a line for people, on standard error."""
    print(on_one_line(text), file=sys.stderr)  # noqa: T201 - output is what this module is for


def show_json(value: object) -> None:
    """Print one object; dates are ISO 8601."""
    say(as_json(value))


def as_json(value: object) -> str:
    """Return JSON on one line that steers no terminal; dates are ISO 8601."""
    return visible_json(_ENCODER.encode(value))


_LONGEST_ID = 24
"""A longer text without a space may break over two lines of a table."""
_LEAST_WORDS = 16
"""So wide a column of words should stay."""


def show_table(
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    file: IO[str] | None = None,
    *,
    keeps_formulas: bool = False,
) -> None:
    """Print rows as a table on a terminal, as tab-separated lines with a heading in a pipe.

    ``file`` is standard output where it is not given. In a pipe, a text that a spreadsheet would
    take for a formula gets an apostrophe before it, unless ``keeps_formulas``.
    """
    out = file or sys.stdout
    if out.isatty():
        _draw_table(columns, rows, out)
        return
    for row in chain((columns,), rows):
        cells = row if keeps_formulas else without_formulas(row)
        print("\t".join(map(_plain, cells)), file=out)


def without_formulas(row: Sequence[Any]) -> list[Any]:
    """Return a row of which no text is a formula to a spreadsheet."""
    return [f"'{value}" if _is_formula(value) else value for value in row]


def _is_formula(value: Any) -> bool:
    return isinstance(value, str) and is_formula(value)


def _draw_table(columns: Sequence[str], rows: Iterable[Sequence[Any]], out: IO[str]) -> None:
    from rich.console import Console
    from rich.table import Table

    console, table = Console(file=out), Table(header_style="bold")
    cells = [[_escape(value) for value in row] for row in rows]
    whole = _whole_columns(len(columns), cells, console.width)
    for place, column in enumerate(columns):
        table.add_column(_escape(column), overflow="fold", no_wrap=place in whole)
    for row in cells:
        table.add_row(*row)
    console.print(table)


def _whole_columns(columns: int, cells: Sequence[Sequence[str]], width: int) -> set[int]:
    """Return the columns of ids, dates and numbers, which no line should break; none where that
    would leave too little for those of words.
    """
    whole: dict[int, int] = {}
    for column in range(columns):
        of_column = [row[column] for row in cells]
        longest = max(map(len, of_column), default=0)
        if longest <= _LONGEST_ID and not any(" " in cell for cell in of_column):
            whole[column] = longest
    needed = sum(whole.values()) + _LEAST_WORDS * (columns - len(whole)) + 3 * columns + 1
    return set(whole) if needed <= width else set()


def _plain(value: Any) -> str:
    if value is None:
        return ""
    return on_one_line(str(value).replace("\t", " ").replace("\n", " "))


def _escape(value: Any) -> str:
    from rich.markup import escape

    return "" if value is None else escape(visible(str(value)))
