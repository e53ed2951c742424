"""Rows as text."""

from datetime import date

import pytest

from flows.cli.exit_codes import QueryError
from flows.cli.formats import format_rows

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
