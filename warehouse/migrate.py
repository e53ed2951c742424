"""Migrations: numbered SQL files, forward only, each in one transaction with its own record; those
of a new file all in one, which takes half of the time.
"""

import hashlib
from collections.abc import Set
from importlib.resources import files

import duckdb

_CREATE_RECORD = """
create schema if not exists ops;
create table if not exists ops.migration (name varchar not null, applied_at timestamp not null);
comment on table ops.migration is 'One migration that this file has had';
comment on column ops.migration.name is 'File name; or views, with the digest of views and marts';
comment on column ops.migration.applied_at is 'UTC';
"""


def migrate(connection: duckdb.DuckDBPyConnection, *, is_new: bool = False) -> list[str]:
    """Apply what the file has not had, and views that are new to it; return the names applied.

    ``is_new`` tells of a copy of an empty file that it begins now, whenever that one was laid.
    """
    connection.execute(_CREATE_RECORD)
    had = {name for (name,) in connection.execute("select name from ops.migration").fetchall()}
    new = [(name, sql) for name, sql in read_sql("migrations") if name not in had]
    for batch in [[one] for one in new] if had else [new]:
        connection.execute("begin")
        for name, sql in batch:
            connection.execute(sql)
            connection.execute("insert into ops.migration values (?, now()::timestamp)", [name])
        connection.execute("commit")
    _lay_views(connection, had)
    if is_new:
        connection.execute("update ops.migration set applied_at = now()::timestamp")
    return [name for name, _ in new]


def _lay_views(connection: duckdb.DuckDBPyConnection, had: Set[str]) -> None:
    """Lay the views anew, unless the file has had just these; the ledger and the marts, which a run
    does not make anew as a whole, are then emptied, so that it does.
    """
    name = _name_views()
    if name not in had:
        connection.execute("begin")
        for _, sql in read_sql("views"):
            connection.execute(sql)
        for table in ("core.feed_day", "mart.topic_period", "mart.feed_mix"):
            connection.execute(f"delete from {table}")
        connection.execute("delete from ops.migration where starts_with(name, 'views ')")
        connection.execute("insert into ops.migration values (?, now()::timestamp)", [name])
        connection.execute("commit")


def is_up_to_date(connection: duckdb.DuckDBPyConnection) -> bool:
    """Tell whether a file has had all migrations, and the views and marts of today."""
    had = {name for (name,) in connection.execute("select name from ops.migration").fetchall()}
    return {_name_views(), *(name for name, _ in read_sql("migrations"))} <= had


def _name_views() -> str:
    """Return the name on record of the views, which has the digest of them and of the marts."""
    texts = [sql for folder in ("views", "marts") for _, sql in read_sql(folder)]
    return f"views {hashlib.sha256(''.join(texts).encode()).hexdigest()[:16]}"


def read_sql(folder: str) -> list[tuple[str, str]]:
    """Return (file name, text) of the SQL files of one folder of this package, in their order."""
    found = [
        (path.name, path.read_text(encoding="utf-8"))
        for path in (files("warehouse") / folder).iterdir()
        if path.name.endswith(".sql")
    ]
    return sorted(found)


def read_sql_file(name: str) -> str:
    """Return the text of one SQL file of this package, such as ``loading/begin``."""
    return files("warehouse").joinpath(f"{name}.sql").read_text(encoding="utf-8")


def read_query(name: str) -> str:
    """Return the text of one file of ``queries/``."""
    return read_sql_file(f"queries/{name}")
