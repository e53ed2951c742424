"""Migrations: numbered SQL files, forward only, each in one transaction with its own record."""

from importlib.resources import files

import duckdb

_CREATE_RECORD = """
create schema if not exists ops;
create table if not exists ops.migration (name varchar not null, applied_at timestamp not null);
comment on table ops.migration is 'One migration that this file has had';
comment on column ops.migration.name is 'File name';
comment on column ops.migration.applied_at is 'UTC';
"""


def migrate(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Apply what the file has not had, then lay the views anew; return the names applied."""
    connection.execute(_CREATE_RECORD)
    had = {name for (name,) in connection.execute("select name from ops.migration").fetchall()}
    new = [(name, sql) for name, sql in read_sql("migrations") if name not in had]
    for name, sql in new:
        connection.execute("begin")
        connection.execute(sql)
        connection.execute("insert into ops.migration values (?, now()::timestamp)", [name])
        connection.execute("commit")
    for _, sql in read_sql("views"):
        connection.execute(sql)
    return [name for name, _ in new]


def read_sql(folder: str) -> list[tuple[str, str]]:
    """Return (file name, text) of the SQL files of one folder of this package, in their order."""
    found = [
        (path.name, path.read_text(encoding="utf-8"))
        for path in (files("warehouse") / folder).iterdir()
        if path.name.endswith(".sql")
    ]
    return sorted(found)


def read_query(name: str) -> str:
    """Return the text of one file of ``queries/``."""
    return (files("warehouse") / "queries" / f"{name}.sql").read_text(encoding="utf-8")
