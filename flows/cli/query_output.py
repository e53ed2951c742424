"""The answer of a query, as a person or another program reads it."""

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from functools import partial
from io import StringIO
from pathlib import Path
from typing import IO, Any

import duckdb

from flows.cli.drawn import with_count
from flows.cli.exit_codes import QueryError
from flows.cli.formats import write_rows
from flows.cli.query_bounds import room_left
from warehouse.files import temporary_beside
from warehouse.visible import visible

_ROWS_AT_ONCE = 2_000
_EVERYTHING = 10**9
_MOST_DRAWN = 9_999
"""Rows that DuckDB draws at most."""


@dataclass(frozen=True)
class Asked:
    """A query, and how its answer is to be written."""

    connection: duckdb.DuckDBPyConnection
    sql: str
    values: dict[str, Any] | None
    kind: str
    form: str
    keeps_formulas: bool


def writing(
    asked: Asked, output: Path | None, drawn: StringIO, *, shows_all: bool
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


def _draw(asked: Asked, out: IO[str], *, shows_all: bool) -> None:
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


def _write_file(asked: Asked, path: Path) -> None:
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


def _write_text(asked: Asked, out: IO[str]) -> None:
    cursor = asked.connection.execute(asked.sql, asked.values)
    columns = [column[0] for column in cursor.description or []]
    write_rows(asked.form, columns, _rows(cursor), out, keeps_formulas=asked.keeps_formulas)


def _rows(cursor: duckdb.DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    while rows := cursor.fetchmany(_ROWS_AT_ONCE):
        yield from rows


def _write_parquet(asked: Asked, path: Path) -> None:
    from flows.out.parquet import write_parquet

    answer = asked.connection.sql(asked.sql, params=asked.values)
    try:
        with answer.to_arrow_reader(_ROWS_AT_ONCE) as batches:
            write_parquet(path, batches, room_left)
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
