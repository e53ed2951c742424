"""The tables and views of a file with their columns, beside those that a file of today has."""

import duckdb

from warehouse.migrate import migrate, read_query

Shape = dict[str, list[str]]
"""The columns of each table and view with their types, by ``schema.table``."""


def read_shape(connection: duckdb.DuckDBPyConnection) -> Shape:
    """Return what tables and views a file has, and their columns: also of what holds no row."""
    return dict(connection.execute(read_query("columns_with_types")).fetchall())


def differing_shapes(one: Shape, other: Shape) -> set[str]:
    """Return the tables and views that two files do not both have with the same columns."""
    return {name for name in {*one, *other} if one.get(name) != other.get(name)}


def is_altered(connection: duckdb.DuckDBPyConnection) -> bool:
    """Tell whether a file of this version has other columns than the migrations gave it.

    It takes half a second of the processor: for the moment after a question has failed.
    """
    with duckdb.connect() as fresh:
        migrate(fresh)
        return bool(differing_shapes(read_shape(fresh), read_shape(connection)))
