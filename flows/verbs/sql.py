"""``paperstrata sql``: one query on the published warehouse, read only."""

import csv
import io
import json
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
    with open_published(load_settings(ctx.obj["home"]).home.published) as connection:
        _refuse_others(query)
        try:
            if form == "parquet" and output:
                connection.sql(query).pl().write_parquet(output)
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
        output.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)


def _refuse_others(query: str) -> None:
    """Raise for anything but a single statement that reads."""
    try:
        statements = duckdb.extract_statements(query)
    except duckdb.Error as error:
        raise QueryError(str(error)) from error
    if len(statements) != 1:
        raise QueryError(f"one statement, please: these are {len(statements)}")
    kind = statements[0].type.name
    if kind not in _READING:
        raise QueryError(f"the warehouse is only read here: {kind} is not allowed")


def _write(form: str, columns: list[str], rows: list[tuple[Any, ...]], to_file: bool) -> str | None:
    if form == "json":
        return json.dumps(_objects(columns, rows), default=str, ensure_ascii=False) + "\n"
    if form == "ndjson":
        lines = (
            json.dumps(row, default=str, ensure_ascii=False) for row in _objects(columns, rows)
        )
        return "".join(f"{line}\n" for line in lines)
    buffer = io.StringIO()
    if form == "csv":
        writer = csv.writer(buffer, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
        return buffer.getvalue()
    from flows.show import show_table

    if not to_file:
        show_table(columns, rows)
        return None
    show_table(columns, rows, file=buffer)
    return buffer.getvalue()


def _objects(columns: list[str], rows: list[tuple[Any, ...]]) -> list[dict[str, Any]]:
    return [dict(zip(columns, row, strict=True)) for row in rows]
