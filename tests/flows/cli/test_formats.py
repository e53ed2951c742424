"""Rows as text."""

import csv
import json
import sys
from datetime import date
from io import StringIO
from typing import Any

import pytest

from flows.cli.exit_codes import QueryError
from flows.cli.formats import write_rows


def format_rows(form: str, columns: list[str], rows: list[Any], **options: bool) -> str:
    out = StringIO()
    write_rows(form, columns, rows, out, **options)
    return out.getvalue()


COLUMNS = ["day", "share"]
ROWS = [(date(2025, 6, 2), 0.5), (None, float("nan"))]


@pytest.mark.parametrize(
    "form, text",
    [
        ("csv", "day,share\n2025-06-02,0.5\n,nan\n"),
        ("json", '[{"day": "2025-06-02", "share": 0.5}, {"day": null, "share": null}]\n'),
        ("ndjson", '{"day": "2025-06-02", "share": 0.5}\n{"day": null, "share": null}\n'),
        ("table", "day\tshare\n2025-06-02\t0.5\n\tnan\n"),
    ],
)
def test_rows_are_written_in_each_format(form: str, text: str) -> None:
    assert format_rows(form, COLUMNS, ROWS) == text


def test_two_columns_of_one_name_make_no_object() -> None:
    with pytest.raises(QueryError, match="several columns are called a"):
        format_rows("json", ["a", "a"], [(1, 2)])
    assert format_rows("csv", ["a", "a"], [(1, 2)]) == "a,a\n1,2\n"


FORMULAS = ["=HYPERLINK(1)", "+1+1", "-2+3", "@SUM(A1)", "\tx"]


@pytest.mark.parametrize("text", FORMULAS)
def test_what_a_spreadsheet_would_compute_is_text_unless_it_is_to_stay(text: str) -> None:
    rows = list(csv.reader(StringIO(format_rows("csv", ["a"], [(text,)]), newline="")))
    assert rows[1] == [f"'{text}"]
    kept = format_rows("csv", ["a"], [(text,)], keeps_formulas=True)
    assert list(csv.reader(StringIO(kept, newline="")))[1] == [text]


@pytest.mark.parametrize("value", [-1.5, "-1.5", "+3", "-1,204", "-4e-7", date(2025, 1, 1)])
def test_numbers_and_dates_are_no_formulas(value: object) -> None:
    assert format_rows("csv", ["a"], [(value,)]).splitlines()[1] in (str(value), f'"{value}"')


def test_the_name_of_a_column_is_no_formula_either() -> None:
    assert format_rows("table", ["=1"], []) == "'=1\n"


def test_csv_on_standard_output_steers_no_terminal_and_a_file_keeps_the_characters(
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = "a\x1b[31m\u202eb"
    write_rows("csv", ["a"], [(text,)], sys.stdout)
    assert capsys.readouterr().out == "a\na\\x1b[31m\\u202eb\n"
    assert format_rows("csv", ["a"], [(text,)]) == f"a\n{text}\n"


def test_json_says_the_same_and_steers_no_terminal() -> None:
    text = "a\x1b]0;title\x07 \u202eevil \x9b31m \u2028"
    printed = format_rows("json", ["a"], [(text,)])
    assert printed.isascii()
    assert json.loads(printed) == [{"a": text}]
