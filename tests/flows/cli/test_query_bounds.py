"""What one query may cost, where DuckDB counts nothing."""

import sys
import threading
from pathlib import Path

import duckdb
import pytest

from flows.cli.bounded_query import limited
from flows.cli.exit_codes import QueryError
from flows.cli.query_bounds import bounded_data, count_characters, refuse_endless
from warehouse.saved import read_value


def test_a_query_that_the_parser_would_take_gigabytes_for_is_refused() -> None:
    refuse_endless("select " + "(" * 250 + "1" + ")" * 250)
    refuse_endless("select " + "(1), " * 5_000 + "1")
    with pytest.raises(QueryError, match="within each other"):
        refuse_endless("select " + "[" * 300 + "1" + "]" * 300)
    with pytest.raises(QueryError, match="longer than"):
        refuse_endless("select '" + "x" * 200_000 + "'")


@pytest.mark.skipif(
    sys.platform != "linux" or not Path("/proc/self/status").exists(),
    reason="the system does not tell or bound what a process has",
)
def test_long_values_that_duckdb_does_not_count_are_bounded() -> None:
    connection = duckdb.connect(config={"memory_limit": "50MB"})
    with bounded_data("50MB"), pytest.raises(duckdb.OutOfMemoryException):
        connection.execute("select repeat('x', 1000000) from range(2000)").fetchone()
    with bounded_data("50MB"), pytest.raises(MemoryError):
        bytearray(300_000_000)
    assert connection.execute("select 1").fetchall() == [(1,)]


def test_the_characters_of_an_answer_are_counted_within_lists_and_structs() -> None:
    assert count_characters([("ab", 1), [{"k": ["cd", None]}]], 1_000) == 2 + 8 + 1 + 2 + 8
    assert count_characters(["x" * 50, "y"] * 10, 100) <= 151


def test_a_value_that_is_nested_too_deeply_to_be_written_is_no_error_of_ours() -> None:
    with (
        duckdb.connect() as connection,
        pytest.raises(QueryError, match="nested too deeply"),
        limited(connection, 60, "600MB"),
    ):
        raise RecursionError


def test_a_parameter_that_is_nested_too_deeply_for_json_is_a_text() -> None:
    text = "[" * 100_000
    assert read_value(text) == text


def test_nothing_watches_a_query_that_has_been_answered() -> None:
    before = set(threading.enumerate())
    with duckdb.connect() as connection:
        for _ in range(20):
            with limited(connection, 60, "600MB"):
                connection.execute("select 1").fetchall()
            assert set(threading.enumerate()) <= before
