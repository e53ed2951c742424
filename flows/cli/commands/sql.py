"""The verb ``sql``: its options, and what it prints."""

import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from functools import partial
from io import StringIO
from pathlib import Path
from typing import IO, Any

import click
import duckdb

from flows.cli.asked_query import find_query, list_saved
from flows.cli.drawn import with_count
from flows.cli.exit_codes import QueryError
from flows.cli.formats import FORMATS, write_rows
from flows.cli.interruptible import late, run_at_most, run_interruptibly
from flows.cli.options import GivenPath, SecondsType, output_option, refuse_output
from flows.cli.pager import paged
from flows.cli.query_bounds import bounded_data, count_characters, refuse_endless
from warehouse.files import temporary_beside
from warehouse.visible import visible

_READING = {"SELECT", "EXPLAIN", "MULTI"}
"""What reads, as DuckDB's parser has it; MULTI is a PIVOT whose columns it has to look up. What
these could do beyond reading, the read-only file and the locked settings prevent."""
_ROWS_AT_ONCE = 2_000
_MOST_CHARACTERS = 2_000_000
"""Of an answer for agents."""
_SECONDS = 600.0
_EVERYTHING = 10**9
_LAYERS = "mart,core,raw,ops"
"""Where a table is looked for whose name has no schema."""
_MOST_DRAWN = 9_999
"""Rows that DuckDB draws at most."""


@click.command(epilog='Example: paperstrata sql "select title, votes from mart.paper limit 5"')
@click.argument("query", required=False)
@click.option(
    "--file",
    "file",
    type=GivenPath(path_type=Path, exists=True, dir_okay=False, allow_dash=True),
    help="Read the query from a file; - is standard input.",
)
@click.option("--saved", metavar="NAME", help="A query of this package; list shows them.")
@click.option("--param", "params", multiple=True, metavar="NAME=VALUE", help="A value for $NAME.")
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    help="table, csv, json (an array of objects), ndjson or parquet; without it as the name of"
    " --output ends, else a table.",
)
@output_option
@click.option("as_json", "--json", is_flag=True, help="The same as --format json.")
@click.option(
    "--all",
    "shows_all",
    is_flag=True,
    help="All rows and columns on a terminal (more than 9,999 as lines with tabs).",
)
@click.option(
    "--timeout",
    type=SecondsType(),
    default=_SECONDS,
    help="Give up after so many seconds (600).",
)
@click.option(
    "--keep-formulas", is_flag=True, help="Write texts like =A1 as they are, without an apostrophe."
)
@click.pass_context
def command(
    ctx: click.Context,
    query: str | None,
    file: Path | None,
    saved: str | None,
    params: tuple[str, ...],
    form: str | None,
    output: Path | None,
    force: bool,
    as_json: bool,
    shows_all: bool,
    timeout: float,
    keep_formulas: bool,
) -> None:
    """Answer one query; it can neither change anything nor reach other files.

    QUERY - is standard input. Tables of mart, core, raw and ops need no schema before their name:
    `show tables` lists them, `describe paper` the columns of one. It may use duckdb_memory of
    settings.toml; Ctrl-C stops it.
    """
    from config.settings import load_settings
    from warehouse.connection import open_published

    if saved == "list":
        list_saved(as_json=as_json or form == "json")
        return
    form = "json" if as_json else form or _form_of(output)
    if form == "parquet" and output is None:
        raise click.UsageError("--format parquet needs --output FILE")
    sql, values = find_query(query, file, saved, params)
    settings = load_settings(ctx.obj["home"])
    if output:
        refuse_output(output, settings.home, is_forced=force)
    memory = settings.duckdb_memory
    with open_published(settings.home.published, memory, search_path=_LAYERS) as connection:
        kind = _refuse_others(sql)
        asked = _Asked(connection, sql, values or None, kind, form, keep_formulas)
        drawn = StringIO()
        write = _writing(asked, output, drawn, shows_all=shows_all)
        with _limited(connection, timeout, memory):
            unfinished = temporary_beside(output) if output else None
            run_interruptibly(connection, write, timeout, unfinished)
    # here, not beside the query: a pager has a terminal and Ctrl-C of its own, and takes its time
    with paged(is_wide=shows_all):
        sys.stdout.write(drawn.getvalue())


def _writing(
    asked: "_Asked", output: Path | None, drawn: StringIO, *, shows_all: bool
) -> Callable[[], None]:
    """Return what answers: to a file, to ``drawn`` for a person, or to standard output."""
    if output is not None:
        if asked.form == "parquet":
            from flows.out.parquet import prepare_parquet

            # before memory is bounded
            prepare_parquet()
        return partial(_write_file, asked, output)
    if asked.form == "table" and (sys.stdout.isatty() or asked.kind == "EXPLAIN"):
        return partial(_draw, asked, drawn, shows_all=shows_all)
    return partial(_write_text, asked, sys.stdout)


def _form_of(output: Path | None) -> str:
    """Return the format that the name of a file says, else that of a table."""
    ending = output.suffix.removeprefix(".").lower() if output else ""
    return ending if ending in FORMATS else "table"


@dataclass(frozen=True)
class _Asked:
    """A query, and how its answer is to be written."""

    connection: duckdb.DuckDBPyConnection
    sql: str
    values: dict[str, Any] | None
    kind: str
    form: str
    keeps_formulas: bool


def answer_rows(
    published: Path, memory: str, seconds: float, query: str, limit: int
) -> tuple[list[str], list[tuple[Any, ...]], bool]:
    """Return the columns of an answer, its first rows, and whether there are more of them.

    Raises:
        QueryError: the query is none that reads, or cannot be answered in time and memory, or the
            answer is longer than an agent reads.
    """
    from warehouse.connection import open_published

    def ask() -> tuple[list[str], list[tuple[Any, ...]]]:
        with open_published(published, memory, search_path=_LAYERS) as connection:
            _refuse_others(query)
            with _limited(connection, seconds, memory):
                cursor = connection.execute(query)
                columns = [column[0] for column in cursor.description or []]
                rows = cursor.fetchmany(limit + 1)
                if count_characters([columns, rows], _MOST_CHARACTERS) > _MOST_CHARACTERS:
                    raise QueryError(
                        f"the answer has more than {_MOST_CHARACTERS:,} characters: ask for fewer"
                        " rows or columns, or for the beginnings of texts, as left(abstract, 200)"
                    )
        return columns, rows

    columns, rows = run_at_most(seconds, ask)
    return columns, rows[:limit], len(rows) > limit


@contextmanager
def _limited(connection: duckdb.DuckDBPyConnection, seconds: float, memory: str) -> Iterator[None]:
    """Stop the query of a connection after so many seconds, bound what it may use, and translate
    the errors of DuckDB.
    """
    from warehouse.connection import find_corruption

    is_over = threading.Event()
    threading.Thread(target=_stop_late, args=(connection, seconds, is_over), daemon=True).start()
    try:
        with bounded_data(memory):
            yield
    except MemoryError as error:
        raise QueryError(
            "the answer needs more memory than twice duckdb_memory of settings.toml allows"
            f" ({memory}): ask for fewer rows or shorter values"
        ) from error
    except duckdb.InterruptException as error:
        raise QueryError(late(seconds)) from error
    except duckdb.OutOfMemoryException as error:
        reason = "the query needs more memory than duckdb_memory of settings.toml allows"
        raise QueryError(f"{reason} ({memory}): {str(error).splitlines()[0]}") from error
    except duckdb.Error as error:
        if find_corruption(error) is not None:
            raise
        raise QueryError(str(error)) from error
    finally:
        is_over.set()


def _stop_late(
    connection: duckdb.DuckDBPyConnection, seconds: float, is_over: threading.Event
) -> None:
    """Stop the query after so many seconds: again and again, for between two fetches of rows
    DuckDB does not see it.
    """
    while not is_over.wait(seconds):
        connection.interrupt()
        seconds = 0.1


def _draw(asked: _Asked, out: IO[str], *, shows_all: bool) -> None:
    """Write an answer for people: as DuckDB draws it, cut to the terminal unless all is shown."""
    if asked.kind == "EXPLAIN":
        for _, plan in asked.connection.execute(asked.sql, asked.values).fetchall():
            out.write(visible(plan))
        return
    answer = asked.connection.sql(asked.sql, params=asked.values)
    width, height = shutil.get_terminal_size()
    rows, columns = max(20, height - 8), None
    if shows_all:
        if len(answer.limit(_MOST_DRAWN + 1).fetchall()) > _MOST_DRAWN:
            _write_text(asked, out)
            return
        width = rows = columns = _EVERYTHING
    drawn = StringIO()
    with redirect_stdout(drawn):
        answer.show(max_width=width, max_rows=rows, max_col_width=columns)
    counted = with_count(visible(drawn.getvalue()).rstrip("\n"), lambda: _count(answer))
    out.write(counted + "\n")


def _count(answer: duckdb.DuckDBPyRelation) -> int:
    ((rows,),) = answer.aggregate("count(*)").fetchall()
    return int(rows)


def _write_file(asked: _Asked, path: Path) -> None:
    """Write an answer to a file, which is there when it is whole."""
    beside = temporary_beside(path)
    try:
        if asked.form == "parquet":
            _write_parquet(asked, beside)
        else:
            with beside.open("w", encoding="utf-8") as file:
                _write_text(asked, file)
        beside.rename(path)
    except OSError as error:
        raise QueryError(f"--output {path}: {error.strerror or error}") from error
    finally:
        beside.unlink(missing_ok=True)


def _write_text(asked: _Asked, out: IO[str]) -> None:
    cursor = asked.connection.execute(asked.sql, asked.values)
    columns = [column[0] for column in cursor.description or []]
    write_rows(asked.form, columns, _rows(cursor), out, keeps_formulas=asked.keeps_formulas)


def _rows(cursor: duckdb.DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    while rows := cursor.fetchmany(_ROWS_AT_ONCE):
        yield from rows


def _write_parquet(asked: _Asked, path: Path) -> None:
    from flows.out.parquet import write_parquet

    answer = asked.connection.sql(asked.sql, params=asked.values)
    try:
        with answer.to_arrow_reader(_ROWS_AT_ONCE) as batches:
            write_parquet(path, batches)
    except (duckdb.Error, MemoryError):
        raise
    except OSError as error:
        if error.errno is not None:
            raise
        raise _as_told(str(error)) from error
    except Exception as error:
        raise QueryError(f"Parquet cannot hold this answer: {error}") from error


def _as_told(text: str) -> duckdb.Error:
    """Return an error of DuckDB that came by way of Arrow, which tells its text alone."""
    kinds = {
        "Out of Memory Error": duckdb.OutOfMemoryException,
        "INTERRUPT Error": duckdb.InterruptException,
    }
    return kinds.get(text.partition(":")[0], duckdb.Error)(text)


def _refuse_others(query: str) -> str:
    """Return the kind of a single statement that reads; raise for any other."""
    refuse_endless(query)
    try:
        statements = duckdb.extract_statements(query)
    except duckdb.Error as error:
        raise QueryError(str(error)) from error
    if len(statements) != 1:
        raise QueryError(f"one statement, please: these are {len(statements)}")
    try:
        kind = str(statements[0].type.name)
    except ValueError:
        kind = query.split()[0].upper()
    if kind not in _READING:
        raise QueryError(f"the warehouse is only read here: {kind} is not allowed")
    return kind
