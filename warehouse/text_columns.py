"""Every text of a warehouse file, looked through for words: what an erasure may have left."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import duckdb

from warehouse.migrate import read_query


class TextColumn(NamedTuple):
    """A column that may hold text."""

    schema: str
    table: str
    column: str


def list_text_columns(connection: duckdb.DuckDBPyConnection) -> list[TextColumn]:
    """Return every column of a table that may hold text."""
    rows = connection.execute(read_query("text_columns"))
    return [TextColumn(*row) for row in rows.fetchall()]


def texts_with_words(
    connection: duckdb.DuckDBPyConnection, column: TextColumn, words: Sequence[str]
) -> Iterator[str]:
    """Yield the distinct values of a column that hold one of the words, or an escape.

    ``words`` are lower case and without accents.
    """
    cursor = connection.execute(
        f'with shown as (select distinct "{column.column}"::varchar as value'
        f" from {column.schema}.{column.table})"
        " select value from shown where contains(value, '\\u') or contains(value, '&')"
        " or contains(value, '%') or list_bool_or(list_transform(?::varchar[],"
        " lambda word: contains(lower(strip_accents(value)), word)))",
        [list(words)],
    )
    while rows := cursor.fetchmany(1_000):
        for (value,) in rows:
            yield value
