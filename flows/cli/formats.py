"""The formats in which the answer of a query is written, rows as they come."""

import csv
import json
import math
import sys
from collections.abc import Iterable, Sequence
from typing import IO, Any

from flows.cli.exit_codes import QueryError
from flows.cli.output import json_text, show_table, without_formulas
from warehouse.visible import visible, visible_json

FORMATS = ("table", "csv", "json", "ndjson", "parquet")

Row = tuple[Any, ...]


def write_rows(
    form: str,
    columns: Sequence[str],
    rows: Iterable[Row],
    out: IO[str],
    *,
    keeps_formulas: bool = False,
) -> None:
    """Write rows as text: ``json`` is an array of objects, ``table`` is separated by tabs.

    Lists, structs and maps are JSON also in ``csv`` and ``table``. A text that a spreadsheet would
    take for a formula gets an apostrophe before it there, unless ``keeps_formulas``.

    Raises:
        QueryError: two columns of a JSON object have one name.
    """
    if form in ("json", "ndjson"):
        _write_objects(form, columns, rows, out)
        return
    rows = map(_without_lists, rows)
    if form == "csv":
        safe: Iterable[Sequence[Any]] = rows
        if not keeps_formulas:
            columns = without_formulas(columns)
            safe = map(without_formulas, rows)
        if out is sys.stdout:
            # a pipe often ends on a terminal; a file of --output keeps the characters
            columns = [visible(name) for name in columns]
            safe = ([visible(v) if isinstance(v, str) else v for v in row] for row in safe)
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(safe)
    else:
        show_table(columns, rows, file=out, keeps_formulas=keeps_formulas)


def _write_objects(form: str, columns: Sequence[str], rows: Iterable[Row], out: IO[str]) -> None:
    twice = sorted({name for name in columns if columns.count(name) > 1})
    if twice:
        raise QueryError(f"several columns are called {', '.join(twice)}: name them with `as`")
    objects = (_json(dict(zip(columns, row, strict=True))) for row in rows)
    if form == "ndjson":
        out.writelines(f"{text}\n" for text in objects)
        return
    out.write("[")
    for number, text in enumerate(objects):
        out.write(f", {text}" if number else text)
    out.write("]\n")


def _without_lists(row: Sequence[Any]) -> Row:
    """Return a row for text: what lists, structs and maps hold is written as JSON."""
    return tuple(_json(one) if isinstance(one, list | tuple | dict) else one for one in row)


def _json(value: object) -> str:
    return visible_json(json.dumps(_as_json(value), default=json_text, ensure_ascii=False))


def _as_json(value: object) -> object:
    """Return a value that JSON can hold: NaN and infinities become null, keys become texts."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): _as_json(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_as_json(inner) for inner in value]
    return value
