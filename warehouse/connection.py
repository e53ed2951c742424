"""Connections to DuckDB: the work file that one run writes, the published file that all read."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from warehouse.errors import NotPublishedError

STORAGE_VERSION = "v1.5.0"
"""The oldest storage format that knows zstd; the default one ignores it without a word."""


@dataclass(frozen=True)
class Limits:
    """What a writing connection may use."""

    memory: str = "600MB"
    threads: int = 2


Row = dict[str, Any]
"""A row as column to value."""


def create_database(path: Path) -> None:
    """Create an empty database file in the storage format of this project."""
    with duckdb.connect() as connection:
        connection.execute(
            f"attach '{_quoted(path)}' as created (storage_version '{STORAGE_VERSION}')"
        )


@contextmanager
def open_work(path: Path, limits: Limits) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a file for writing; extensions are neither fetched nor needed."""
    options: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": limits.memory,
        "threads": limits.threads,
        "temp_directory": str(path.with_suffix(".spill")),
        # a checkpoint after every batch would write what the next one writes again
        "checkpoint_threshold": "512MB",
        "preserve_insertion_order": False,
        "autoinstall_known_extensions": False,
    }
    connection = duckdb.connect(str(path), config=options)
    try:
        connection.execute("set timezone = 'UTC'")
        yield connection
    finally:
        connection.close()


@contextmanager
def open_published(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the published file for one question: read only, without a way out of the file.

    Raises:
        NotPublishedError: there is none.
    """
    if not path.exists():
        raise NotPublishedError(f"no warehouse at {path}: ingest something first, or run the demo")
    options: dict[str, str | bool | int | float | list[str]] = {
        "enable_external_access": False,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    connection = duckdb.connect(str(path), read_only=True, config=options)
    try:
        connection.execute("set timezone = 'UTC'")
        connection.execute("set lock_configuration = true")
        yield connection
    finally:
        connection.close()


def rows_as_dicts(cursor: duckdb.DuckDBPyConnection) -> list[Row]:
    """Return all rows of an answer, each as column to value."""
    names = [column[0] for column in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
