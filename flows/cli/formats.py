"""The formats in which the answer of a query is written, rows as they come."""

import csv
import json
import math
import re
from collections.abc import Iterable, Sequence
from typing import IO, Any

from flows.cli.exit_codes import QueryError
from flows.cli.output import show_table
from warehouse.visible import visible, visible_json

FORMATS = ("table", "csv", "json", "ndjson", "parquet")

Row = tuple[Any, ...]

_FORMULA = re.compile(r"[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?\d[\d.,]*(?:[eE][+-]?\d+)?%?")


def write_rows(
    form: str,
    columns: Sequence[str],
    rows: Iterable[Row],
    out: IO[str],
    *,
    keeps_formulas: bool = False,
) -> None:
    """Write rows as text: ``json`` is an array of objects, ``table`` is separated by tabs.

    A text that a spreadsheet would take for a formula gets an apostrophe before it in ``csv`` and
    ``table``, unless ``keeps_formulas``.

    Raises:
        QueryError: two columns of a JSON object have one name.
    """
    if form in ("json", "ndjson"):
        _write_objects(form, columns, rows, out)
        return
    safe: Iterable[Sequence[Any]] = rows
    if not keeps_formulas and not (form == "table" and out.isatty()):
        columns = _without_formulas(columns)
        safe = map(_without_formulas, rows)
    if form == "csv":
        if out.isatty():
            safe = ([visible(v) if isinstance(v, str) else v for v in row] for row in safe)
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(safe)
    else:
        show_table(columns, safe, file=out)


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


def _without_formulas(row: Sequence[Any]) -> list[Any]:
    return [f"'{value}" if _is_formula(value) else value for value in row]


def _is_formula(value: Any) -> bool:
    is_suspect = isinstance(value, str) and _FORMULA.match(value) is not None
    return is_suspect and not _NUMBER.fullmatch(value)


def _json(value: object) -> str:
    return visible_json(json.dumps(_as_json(value), default=str, ensure_ascii=False))


def _as_json(value: object) -> object:
    """Return a value that JSON can hold: NaN and infinities become null, keys become texts."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): _as_json(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_as_json(inner) for inner in value]
    return value
