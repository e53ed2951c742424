"""The formats in which the answer of a query is written."""

import csv
import io
import json
import math
from typing import Any

from flows.cli.exit_codes import QueryError
from flows.cli.output import show_table

FORMATS = ("table", "csv", "json", "ndjson", "parquet")


def format_rows(form: str, columns: list[str], rows: list[tuple[Any, ...]]) -> str:
    """Return rows as text: ``json`` is an array of objects, ``table`` is separated by tabs.

    Raises:
        QueryError: two columns of a JSON object have one name.
    """
    if form == "json":
        return _json(_objects(columns, rows)) + "\n"
    if form == "ndjson":
        return "".join(_json(row) + "\n" for row in _objects(columns, rows))
    buffer = io.StringIO()
    if form == "csv":
        writer = csv.writer(buffer, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
    else:
        show_table(columns, rows, file=buffer)
    return buffer.getvalue()


def _objects(columns: list[str], rows: list[tuple[Any, ...]]) -> list[dict[str, Any]]:
    twice = sorted({name for name in columns if columns.count(name) > 1})
    if twice:
        raise QueryError(f"several columns are called {', '.join(twice)}: name them with `as`")
    return [dict(zip(columns, row, strict=True)) for row in rows]


def _json(value: object) -> str:
    return json.dumps(_as_json(value), default=str, ensure_ascii=False)


def _as_json(value: object) -> object:
    """Return a value that JSON can hold: NaN and infinities become null, keys become texts."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): _as_json(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_as_json(inner) for inner in value]
    return value
