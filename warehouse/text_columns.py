"""Every text of a warehouse file, looked through for words: what an erasure may have left."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

import duckdb

from warehouse.migrate import read_query


class TextColumn(NamedTuple):
    """A column that may hold text."""

    schema: str
    table: str
    column: str


def list_text_columns(connection: duckdb.DuckDBPyConnection) -> list[list[TextColumn]]:
    """Return every column of a table that may hold text, those of a table together."""
    rows = connection.execute(read_query("text_columns")).fetchall()
    columns = [TextColumn(*row) for row in rows]
    return [list(of) for _, of in groupby(columns, key=lambda one: (one.schema, one.table))]


def texts_with_words(
    connection: duckdb.DuckDBPyConnection, columns: Sequence[TextColumn], words: Sequence[str]
) -> Iterator[tuple[TextColumn, str]]:
    """Yield the distinct values of columns of one table that hold one of the words, or an escape.

    ``words`` are lower case and without accents.
    """
    values = " union all ".join(
        f'select distinct {number}, "{one.column}"::varchar from {one.schema}.{one.table}'
        for number, one in enumerate(columns)
    )
    # one query for a table: binding it takes longer than to look through a small one
    cursor = connection.execute(
        f"with shown (number, value) as ({values})"
        " select number, value from shown where contains(value, '\\u') or contains(value, '&')"
        " or contains(value, '%') or list_bool_or(list_transform(?::varchar[],"
        " lambda word: contains(lower(strip_accents(value)), word)))",
        [list(words)],
    )
    while rows := cursor.fetchmany(1_000):
        for number, value in rows:
            yield columns[number], value
