"""Connections to DuckDB: the work file that one run writes, the published file that all read."""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from warehouse.duckdb_paths import is_misread, name_to_read, place_to_write
from warehouse.engine import Engine, quoted
from warehouse.errors import DamagedError, HeldError, NotPublishedError, SchemaError
from warehouse.migrate import read_sql
from warehouse.shape import is_altered

STORAGE_VERSION = "v1.5.0"
"""The oldest storage format that knows zstd; the default one ignores it without a word."""


@dataclass(frozen=True)
class Limits:
    """What a writing connection may use."""

    memory: str = "600MB"
    threads: int = 2


SCHEMA_ERRORS = (duckdb.CatalogException, duckdb.BinderException)
"""What a question raises where a table or a column is not there."""
_READ_ERRORS = (
    duckdb.IOException,
    duckdb.FatalException,
    duckdb.InternalException,
    duckdb.SerializationException,
)
"""What a damaged block of a file raises, beside a plain error that says so."""
_CORRUPT = ("Corrupt database file", "IO Error: Could not read enough bytes from file")
"""How the messages begin of a block with another checksum, and of one that was cut off."""
_LOCKED = "IO Error: Could not set lock on file"
"""How the message begins where another program holds a file; the name of the file comes later."""
Options = dict[str, str | bool | int | float | list[str]]
"""Settings of DuckDB, by name."""
Row = dict[str, Any]
"""A row as column to value."""


def create_database(path: Path) -> None:
    """Create an empty database file in the storage format of this project."""
    with place_to_write(path) as place, duckdb.connect() as connection:
        connection.execute(
            f"attach '{quoted(place)}' as created (storage_version '{STORAGE_VERSION}')"
        )


@contextmanager
def open_run(work: Path, limits: Limits) -> Iterator[Engine | None]:
    """Start the DuckDB of a run that is to write a work file; None where it can write none of that
    name, and each file needs one of its own.
    """
    if is_misread(work):
        yield None
        return
    options = _writing_options(limits, work.with_suffix(".spill"))
    with duckdb.connect(config=options) as connection:
        yield Engine(connection)


@contextmanager
def open_work(
    path: Path, limits: Limits, engine: Engine | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a file for writing; ``limits`` are those of the engine, where there is one."""
    if engine:
        with engine.attach(path, is_read_only=False) as connection:
            connection.execute("set timezone = 'UTC'")
            yield connection
        return
    with place_to_write(path) as place:
        options = _writing_options(limits, place.with_suffix(".spill"))
        connection = duckdb.connect(str(place), config=options)
        try:
            connection.execute("set timezone = 'UTC'")
            yield connection
        finally:
            connection.close()


def _writing_options(limits: Limits, spill: Path) -> Options:
    """Return the settings under which files are written, with a folder for what exceeds the memory;
    extensions are neither fetched nor needed.
    """
    return {
        "memory_limit": limits.memory,
        "threads": limits.threads,
        "temp_directory": str(spill),
        # a checkpoint after every batch would write what the next one writes again; until then long
        # texts stay in memory
        "checkpoint_threshold": "256MB",
        "preserve_insertion_order": False,
        "autoinstall_known_extensions": False,
    }


@contextmanager
def open_read_only(
    path: Path,
    options: Options | None = None,
    engine: Engine | None = None,
    *,
    is_apart: bool = False,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open any database file to read it, below a folder of any name; ``options`` are those of the
    engine, where there is one. With ``is_apart`` in a DuckDB of its own: else all of a process that
    have a file open share one, and its settings.
    """
    if engine and not is_misread(path):
        with engine.attach(path, is_read_only=True) as connection:
            yield connection
        return
    config = dict(options or {})
    if not is_apart and not is_misread(path):
        with duckdb.connect(str(path), read_only=True, config=config) as connection:
            yield connection
        return
    has_access = config.pop("enable_external_access", True)
    with name_to_read(path) as name, duckdb.connect(config=config) as connection:
        connection.execute(f"attach '{quoted(name)}' as warehouse (read_only)")
        connection.execute("use warehouse")
        if not has_access:
            connection.execute("set enable_external_access = false")
        yield connection


@contextmanager
def open_published(
    path: Path,
    memory: str | None = None,
    *,
    is_current: bool = False,
    search_path: str = "",
    engine: Engine | None = None,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the published file for one question: read only, without a way out of the file.

    ``memory`` bounds what a question may use, such as ``600MB``; None is DuckDB's own bound.
    With ``is_current`` a file of an earlier version is refused at once: for questions that it may
    answer wrongly instead of failing. ``search_path`` are schemas, separated by commas, whose
    tables need no schema before their name. A run reads by its ``engine``, which locks nothing.

    Raises:
        NotPublishedError: there is none.
        DamagedError: it cannot be read, or is no file of this project.
        HeldError: another program writes to it, and it cannot be copied.
        SchemaError: a later version of the project made it, or an earlier one that lacks what is
            asked for.
    """
    if not path.exists():
        if any(path.with_name("landing").glob("looks/*.parquet")):
            raise NotPublishedError(
                f"no warehouse at {path}, but captures have landed: make it with"
                " `paperstrata rebuild`"
            )
        raise NotPublishedError(f"no warehouse at {path}: ingest something first, or run the demo")
    # a pipe would be waited for; a folder is named below
    if not path.is_file() and not path.is_dir():
        raise DamagedError(f"{path} is no regular file: move it away")
    options: Options = {
        "enable_external_access": False,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    if memory:
        options["memory_limit"] = memory
    with ExitStack() as stack:
        connection = _connect(path, options, stack, engine)
        locks = [] if engine else ["set lock_configuration = true"]
        yield from _ask(path, connection, search_path, locks, is_current=is_current)


def _connect(
    path: Path, options: Options, stack: ExitStack, engine: Engine | None
) -> duckdb.DuckDBPyConnection:
    """Open the file, or a copy of it where another program holds it open for writing."""
    try:
        connection = stack.enter_context(open_read_only(path, options, engine))
        # by a query that was given up, and goes on in another thread
        (is_locked,) = connection.execute("select current_setting('lock_configuration')").fetchall()
        if engine or not is_locked[0]:
            return connection
        return stack.enter_context(open_read_only(path, options, is_apart=True))
    except duckdb.IOException as error:
        if not str(error).startswith(_LOCKED):
            raise damaged(path, error) from error
        held = error
    except duckdb.Error as error:
        raise damaged(path, error) from error
    try:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="paperstrata-"))
        copy = Path(shutil.copyfile(path, Path(folder) / path.name))
        return stack.enter_context(open_read_only(copy, options, engine))
    except (OSError, duckdb.Error) as error:
        raise HeldError(
            f"another program has {path} open for writing, and it cannot be copied"
            f" ({_first_line(error)}): close it there ({_first_line(held)})"
        ) from error


def _ask(
    path: Path,
    connection: duckdb.DuckDBPyConnection,
    search_path: str,
    locks: Sequence[str],
    *,
    is_current: bool,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a connection, and say in our words what a question finds wrong with the file."""
    try:
        connection.execute("set timezone = 'UTC'")
        is_older = is_of_an_earlier_version(path, connection)
        if search_path:
            connection.execute(f"set search_path = '{search_path}'")
        for lock in locks:
            connection.execute(lock)
        if is_older and is_current:
            raise SchemaError(
                f"{path} was made by an earlier version of paperstrata: the next run that publishes"
                " brings it up to date, and so does `paperstrata rebuild`"
            )
        yield connection
    except SCHEMA_ERRORS as error:
        if not is_older and not is_altered(connection):
            raise
        raise lacking(path, error) from error
    except duckdb.Error as error:
        if not isinstance(error, _READ_ERRORS) and find_corruption(error) is None:
            raise
        raise damaged(path, error) from error


def lacking(path: Path, error: BaseException) -> SchemaError:
    """Return the error of a published file that lacks a table or a column."""
    return SchemaError(
        f"{path} lacks what this version of paperstrata needs ({_first_line(error)}): make it anew"
        " with `paperstrata rebuild`"
    )


def is_of_an_earlier_version(path: Path, connection: duckdb.DuckDBPyConnection) -> bool:
    """Tell whether a file lacks migrations of today.

    Raises:
        DamagedError: it is no file of this project.
        SchemaError: it has migrations that we do not know.
    """
    try:
        rows = connection.execute("select name from ops.migration").fetchall()
    except duckdb.CatalogException as error:
        raise DamagedError(
            f"{path} is a DuckDB file, but no warehouse of paperstrata: move it away, or make it"
            " anew with `paperstrata rebuild`"
        ) from error
    had = {name for (name,) in rows if not name.startswith("views ")}
    known = {name for name, _ in read_sql("migrations")}
    if had - known:
        raise SchemaError(
            f"{path} was made by a later version of paperstrata ({max(had - known)}): install that"
            " version, or make the file anew with `paperstrata rebuild`"
        )
    return had != known


def has_table(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    """Tell whether a file, perhaps of an earlier version, has a table, as ``schema.table``.

    To be asked outside a transaction, which a table that is missing would end. The catalog's own
    functions would read the whole catalog for it.
    """
    try:
        connection.execute(f"select 1 from {table} limit 0")
    except duckdb.CatalogException:
        return False
    return True


def find_corruption(error: BaseException | None) -> BaseException | None:
    """Return the error, or the one before it, that says that a block of a file is damaged."""
    while error is not None:
        # by type: a query may raise what it likes by error('...')
        is_ours = type(error) in (duckdb.Error, *_READ_ERRORS)
        if is_ours and any(said in str(error) for said in _CORRUPT):
            return error
        error = error.__cause__ or error.__context__
    return None


def damaged(path: Path, error: BaseException) -> DamagedError:
    """Return the error of a published file that cannot be read."""
    if path.is_dir():
        return DamagedError(
            f"{path} is a folder where a file should be: move it away, then make the warehouse"
            " anew with `paperstrata rebuild`"
        )
    return DamagedError(
        f"{path} cannot be read: {_first_line(error)}; make it anew with `paperstrata rebuild`"
    )


def _first_line(error: BaseException) -> str:
    return str(error).partition("\n")[0]


def rows_as_dicts(cursor: duckdb.DuckDBPyConnection) -> list[Row]:
    """Return all rows of an answer, each as column to value."""
    names = [column[0] for column in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
