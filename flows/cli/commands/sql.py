"""The verb ``sql``: its options, and what it prints."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import click
import duckdb

from flows.cli.exit_codes import QueryError
from flows.cli.formats import FORMATS, write_rows
from flows.cli.interruptible import run_interruptibly
from flows.cli.options import output_option, refuse_output
from warehouse.files import temporary_beside

_READING = {"SELECT", "EXPLAIN"}
_ROWS_AT_ONCE = 2_000


@click.command(epilog='Example: paperstrata sql "select title, votes from mart.paper limit 5"')
@click.argument("query")
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="table",
    help="table (the default), csv, json (an array of objects), ndjson or parquet.",
)
@output_option
@click.option("as_json", "--json", is_flag=True, help="The same as --format json.")
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    help="Give up after so many seconds. Without it: never on a terminal, else after 600.",
)
@click.option(
    "--keep-formulas", is_flag=True, help="Write texts like =A1 as they are, without an apostrophe."
)
@click.pass_context
def command(
    ctx: click.Context,
    query: str,
    form: str,
    output: Path | None,
    force: bool,
    as_json: bool,
    timeout: float | None,
    keep_formulas: bool,
) -> None:
    """Answer one query; it can neither change anything nor reach other files.

    It may use duckdb_memory of settings.toml; Ctrl-C stops it.
    """
    from config.settings import load_settings
    from warehouse.connection import open_published

    form = "json" if as_json else form
    if form == "parquet" and output is None:
        raise click.UsageError("--format parquet needs --output FILE")
    settings = load_settings(ctx.obj["home"])
    if output:
        refuse_output(output, settings.home, is_forced=force)
    if timeout is None and not sys.stdout.isatty():
        timeout = 600.0
    with open_published(settings.home.published, settings.duckdb_memory) as connection:
        _refuse_others(query)
        if output is None:
            write = partial(_write_text, connection, query, form, sys.stdout, keep_formulas)
        else:
            write = partial(_write_file, connection, query, form, output, keep_formulas)
        with _limited(connection, timeout):
            run_interruptibly(connection, write)


def answer_rows(
    published: Path, memory: str, seconds: float, query: str, limit: int
) -> tuple[list[str], list[tuple[Any, ...]], bool]:
    """Return the columns of an answer, its first rows, and whether there are more of them.

    Raises:
        QueryError: the query is none that reads, or cannot be answered in time and memory.
    """
    from warehouse.connection import open_published

    with open_published(published, memory) as connection:
        _refuse_others(query)
        with _limited(connection, seconds):
            cursor = connection.execute(query)
            columns = [column[0] for column in cursor.description or []]
            rows = cursor.fetchmany(limit + 1)
    return columns, rows[:limit], len(rows) > limit


@contextmanager
def _limited(connection: duckdb.DuckDBPyConnection, seconds: float | None) -> Iterator[None]:
    """Stop the query of a connection after so many seconds, and translate the errors of DuckDB."""
    timer = threading.Timer(seconds or 0, connection.interrupt)
    timer.daemon = True
    if seconds:
        timer.start()
    try:
        yield
    except duckdb.InterruptException as error:
        raise QueryError(f"stopped after {seconds:g} seconds (--timeout)") from error
    except duckdb.OutOfMemoryException as error:
        reason = "the query needs more memory than duckdb_memory of settings.toml allows"
        raise QueryError(f"{reason}: {str(error).splitlines()[0]}") from error
    except duckdb.Error as error:
        raise QueryError(str(error)) from error
    finally:
        timer.cancel()


def _write_file(
    connection: duckdb.DuckDBPyConnection, query: str, form: str, path: Path, keeps_formulas: bool
) -> None:
    """Write an answer to a file, which is there when it is whole."""
    beside = temporary_beside(path)
    try:
        if form == "parquet":
            _write_parquet(connection, query, beside)
        else:
            with beside.open("w", encoding="utf-8") as file:
                _write_text(connection, query, form, file, keeps_formulas)
        beside.rename(path)
    except OSError as error:
        raise QueryError(f"--output {path}: {error.strerror or error}") from error
    finally:
        beside.unlink(missing_ok=True)


def _write_text(
    connection: duckdb.DuckDBPyConnection, query: str, form: str, out: Any, keeps_formulas: bool
) -> None:
    cursor = connection.execute(query)
    columns = [column[0] for column in cursor.description or []]
    write_rows(form, columns, _rows(cursor), out, keeps_formulas=keeps_formulas)


def _rows(cursor: duckdb.DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    while rows := cursor.fetchmany(_ROWS_AT_ONCE):
        yield from rows


def _write_parquet(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    answer = connection.sql(query)
    try:
        answer.pl().write_parquet(path)
    except (duckdb.Error, OSError):
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
