"""The data dictionary says what the database says."""

import duckdb

from warehouse.dictionary import FILE, write_dictionary
from warehouse.migrate import migrate


def test_the_dictionary_is_what_the_database_says() -> None:
    written = FILE.read_text(encoding="utf-8")
    assert written == write_dictionary(), "run python -m warehouse.dictionary"


def test_every_table_and_column_has_a_comment() -> None:
    with duckdb.connect() as connection:
        migrate(connection)
        bare = connection.execute(
            "select schema_name, table_name, column_name from duckdb_columns()"
            " where not internal and comment is null"
            " union all select schema_name, table_name, null from duckdb_tables()"
            " where not internal and comment is null"
            " union all select schema_name, view_name, null from duckdb_views()"
            " where not internal and comment is null"
        ).fetchall()
    assert bare == []


def test_migrating_twice_changes_nothing() -> None:
    with duckdb.connect() as connection:
        first = migrate(connection)
        assert first[0] == "0001_layers.sql"
        assert migrate(connection) == []
