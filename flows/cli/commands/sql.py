"""The verb ``sql``: its options, and what it prints."""

import sys
from pathlib import Path

import click
import duckdb

from flows.cli.exit_codes import QueryError
from flows.cli.formats import FORMATS, format_rows
from flows.cli.output import show_table

_READING = {"SELECT", "EXPLAIN"}


@click.command(epilog='Example: paperstrata sql "select title, votes from mart.paper limit 5"')
@click.argument("query")
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
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
    if form == "table" and output is None:
        show_table(columns, rows)
        return
    text = format_rows(form, columns, rows)
    if output is None:
        sys.stdout.write(text)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise QueryError(f"--output: {error}") from error


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
