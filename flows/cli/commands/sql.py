"""``paperstrata sql``: one query on the published warehouse, read only."""

import csv
import io
import json
import math
import sys
from pathlib import Path
from typing import Any

import click
import duckdb

_READING = {"SELECT", "EXPLAIN"}


class QueryError(ValueError):
    """The query cannot be answered; the message says why."""


@click.command(epilog='Example: paperstrata sql "select title, votes from mart.paper limit 5"')
@click.argument("query")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "json", "ndjson", "parquet"]),
    default="table",
    help="table (the default), csv, json (an array of objects), ndjson or parquet.",
)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to a file.")
@click.option("as_json", "--json", is_flag=True, help="The same as --format json.")
@click.pass_context
def command(ctx: click.Context, query: str, form: str, output: Path | None, as_json: bool) -> None:
    """Answer one query; it can neither change anything nor reach other files."""
    from config.settings import load_settings
    from warehouse.connection import open_published

    form = "json" if as_json else form
    if form == "parquet" and output is None:
        raise click.UsageError("--format parquet needs --output FILE")
    home = load_settings(ctx.obj["home"]).home
    if output and output.resolve().is_relative_to(home.folder.resolve()):
        raise click.UsageError(f"--output {output} lies in the home folder: choose another place")
    with open_published(home.published) as connection:
        _refuse_others(query)
        try:
            if form == "parquet" and output:
                _write_parquet(connection, query, output)
                return
            cursor = connection.execute(query)
            columns = [column[0] for column in cursor.description or []]
            rows = cursor.fetchall()
        except duckdb.Error as error:
            raise QueryError(str(error)) from error
    text = _write(form, columns, rows, output is not None)
    if text is None:
        return
    if output:
        try:
            output.write_text(text, encoding="utf-8")
        except OSError as error:
            raise QueryError(f"--output: {error}") from error
    else:
        sys.stdout.write(text)


def _write_parquet(connection: duckdb.DuckDBPyConnection, query: str, output: Path) -> None:
    answer = connection.sql(query)
    try:
        answer.pl().write_parquet(output)
    except duckdb.Error:
        raise
    except Exception as error:
        raise QueryError(f"Parquet cannot hold this answer: {error}") from error


def _refuse_others(query: str) -> None:
    """Raise for anything but a single statement that reads."""
    try:
        statements = duckdb.extract_statements(query)
    except duckdb.Error as error:
        raise QueryError(str(error)) from error
    if len(statements) != 1:
        raise QueryError(f"one statement, please: these are {len(statements)}")
    try:
        kind = statements[0].type.name
    except ValueError:
        kind = query.split()[0].upper()
    if kind not in _READING:
        raise QueryError(f"the warehouse is only read here: {kind} is not allowed")


def _write(form: str, columns: list[str], rows: list[tuple[Any, ...]], to_file: bool) -> str | None:
    if form == "json":
        return _json(_objects(columns, rows)) + "\n"
    if form == "ndjson":
        return "".join(_json(row) + "\n" for row in _objects(columns, rows))
    buffer = io.StringIO()
    if form == "csv":
        writer = csv.writer(buffer, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
        return buffer.getvalue()
    from flows.cli.output import show_table

    if not to_file:
        show_table(columns, rows)
        return None
    show_table(columns, rows, file=buffer)
    return buffer.getvalue()


def _objects(columns: list[str], rows: list[tuple[Any, ...]]) -> list[dict[str, Any]]:
    twice = sorted({name for name in columns if columns.count(name) > 1})
    if twice:
        raise QueryError(f"several columns are called {', '.join(twice)}: name them with `as`")
    return [dict(zip(columns, row, strict=True)) for row in rows]


def _json(value: object) -> str:
    return json.dumps(_speakable(value), default=str, ensure_ascii=False)


def _speakable(value: object) -> object:
    """Return a value as JSON can say it: a number that is none is null, a key is a text."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): _speakable(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_speakable(inner) for inner in value]
    return value
