"""One DuckDB for the length of a run: files are attached to it, one after the other.

To start DuckDB takes about 25 ms of processor time, and so does its first look at its own catalog;
to attach a small file takes 9.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb


class Engine:
    """A DuckDB without a file of its own."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Keep the connection that it lives as long as."""
        self._connection = connection

    @contextmanager
    def attach(self, path: Path, *, is_read_only: bool) -> Iterator[duckdb.DuckDBPyConnection]:
        """Open a file by a connection of its own, for the length of a block; one at a time.

        The end of the block brings what is committed into the file. Where that fails, as on a full
        disk, its log stays beside it, as where a file is closed.
        """
        mode = " (read_only)" if is_read_only else ""
        connection = self._connection.cursor()
        try:
            connection.execute(f"attach '{quoted(path)}' as warehouse{mode}")
            try:
                connection.execute("use warehouse")
                yield connection
            finally:
                connection.close()
                with suppress(duckdb.Error):
                    self._connection.execute("detach warehouse")
        finally:
            connection.close()


def open_beside(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Return another connection to the file that a connection asks, for another thread.

    A file that was attached is not the one that a new connection asks by itself.
    """
    ((name,),) = connection.execute("select current_database()").fetchall()
    other = connection.cursor()
    other.execute(f'use "{name}"')
    return other


def quoted(path: Path) -> str:
    """Return a path as it stands between quotes in SQL."""
    return str(path).replace("'", "''")
