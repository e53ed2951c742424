"""Queries of others: what they may be, how long they may take, and what they may use."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from flows.cli.exit_codes import QueryError
from flows.cli.interruptible import late, run_at_most
from flows.cli.query_bounds import bounded_data, count_characters, refuse_endless

LAYERS = "mart,core,raw,ops"
"""Where a table is looked for whose name has no schema."""
_READING = {"SELECT", "EXPLAIN", "MULTI"}
"""What reads, as DuckDB's parser has it; MULTI is a PIVOT whose columns it has to look up. What
these could do beyond reading, the read-only file and the locked settings prevent."""
_JOIN_SECONDS = 5.0
_MOST_CHARACTERS = 2_000_000
"""Of an answer for agents."""


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
        with open_published(published, memory, search_path=LAYERS) as connection:
            refuse_others(query)
            with limited(connection, seconds, memory):
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
def limited(connection: duckdb.DuckDBPyConnection, seconds: float, memory: str) -> Iterator[None]:
    """Stop the query of a connection after so many seconds, bound what it may use, and translate
    the errors of DuckDB.
    """
    from warehouse.connection import find_corruption

    is_over = threading.Event()
    watch = threading.Thread(target=_stop_late, args=(connection, seconds, is_over), daemon=True)
    watch.start()
    try:
        with bounded_data(memory):
            yield
    except MemoryError as error:
        raise QueryError(
            "the answer needs more memory than twice duckdb_memory of settings.toml allows"
            f" ({memory}): ask for fewer rows or shorter values"
        ) from error
    except RecursionError as error:
        raise QueryError("a value of the answer is nested too deeply to be written") from error
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
        # where it still ran at the exit of Python, DuckDB's binding would print what it calls leaks
        watch.join(_JOIN_SECONDS)


def _stop_late(
    connection: duckdb.DuckDBPyConnection, seconds: float, is_over: threading.Event
) -> None:
    """Stop the query after so many seconds: again and again, for between two fetches of rows
    DuckDB does not see it.
    """
    while not is_over.wait(seconds):
        connection.interrupt()
        seconds = 0.1


def refuse_others(query: str) -> str:
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
