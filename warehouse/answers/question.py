"""The questions: SQL files with optional conditions, asked for whole sets, shown for one page.

A condition ``($topic_id::varchar is null or topic_id = $topic_id)`` is left open where its value is
None. What a page shows is the same file with the values of the page in it.
"""

import re
from collections.abc import Sequence
from datetime import date
from functools import cache
from operator import itemgetter
from typing import Any

import duckdb

from warehouse.connection import Row, rows_as_dicts
from warehouse.migrate import read_sql_file

_OPTIONAL = re.compile(r"\(\$(\w+)::(\w+) is null or ((?:[^()]|\([^()]*\))+)\)")
_COMMENT = re.compile(r"\A(?:--[^\n]*\n)+")
_VALUE = re.compile(r"\$(\w+)")

Value = str | int | date | tuple[str, ...] | None


@cache
def read_question(name: str) -> str:
    """Return the text of one question, such as ``paper_looks`` or ``queries/bursts``."""
    return read_sql_file(name if "/" in name else f"answers/{name}").strip()


def ask(connection: duckdb.DuckDBPyConnection, name: str, **values: Value) -> list[Row]:
    """Return all rows of a question; values that are not given are None."""
    sql = read_question(name)
    given: dict[str, Any] = {one: values.get(one) for one in set(_VALUE.findall(sql))}
    return rows_as_dicts(connection.execute(sql, given))


def ask_tuples(
    connection: duckdb.DuckDBPyConnection, name: str, columns: Sequence[str]
) -> list[tuple[Any, ...]]:
    """Return these columns, two or more, of all rows of a question: tens of thousands of rows as
    mappings take a second.
    """
    sql = read_question(name)
    cursor = connection.execute(sql, dict.fromkeys(_VALUE.findall(sql)))
    names = [column[0] for column in cursor.description or []]
    pick = itemgetter(*(names.index(column) for column in columns))
    return [pick(row) for row in cursor.fetchall()]


def of_several(sql: str, key: str) -> str:
    """Return a question whose optional condition on ``key`` asks for the values of ``$several``."""

    def settle(found: re.Match[str]) -> str:
        column = found[3].partition(" = ")[0]
        is_key = found[1] == key
        return f"{column} in (select unnest($several::varchar[]))" if is_key else found[0]

    return _OPTIONAL.sub(settle, sql)


def show_sql(name: str, **values: Value) -> str:
    """Return a question as a person may run it, with these values in it.

    The text of a value cannot leave its quotes.
    """
    given = frozenset(one for one, value in values.items() if value is not None)
    return _VALUE.sub(lambda found: _literal(values.get(found[1])), _settled(name, given))


@cache
def _settled(name: str, given: frozenset[str]) -> str:
    """Return a question with its optional conditions on what is given, and without the others.

    The comment above it is left out: a query on a command line cannot begin with dashes.
    """

    def settle(found: re.Match[str]) -> str:
        return found[3] if found[1] in given else "true"

    return _OPTIONAL.sub(settle, _COMMENT.sub("", read_question(name)))


def _literal(value: Value) -> str:
    if value is None:
        return "null"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_literal, value)) + "]"
    return "'" + str(value).replace("'", "''") + "'"
