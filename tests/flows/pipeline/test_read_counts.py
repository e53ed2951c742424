"""What a CSV file of counts may hold, and what its mistakes are called."""

from datetime import date, timedelta
from io import StringIO

import pytest

from flows.pipeline.plain_counts import read_plain
from flows.pipeline.read_counts import (
    COLUMNS,
    add_zeros,
    bounded_lines,
    find_shared_totals,
    read_counts,
)
from flows.report import FlowError

HEADING = "period_start,series,count,total"


def rows_of(*lines: str) -> list[tuple]:
    read = read_counts([f"{line}\n" for line in (HEADING, *lines)], "c.csv")
    shared = find_shared_totals(read)
    read = read if shared is None else add_zeros(read, shared)
    return read.drop("is_testable").sort("series", "period_start").rows()


def test_columns_may_stand_in_any_order_among_others():
    lines = ["total,note,series,count,period_start\n", '10,"a, b",x,3.0,2025-01-06T00:00:00\r\n']
    read = read_counts(lines, "c.csv", "week")
    assert read.rows() == [("x", date(2025, 1, 6), 3, 10, True)]


def test_periods_that_lie_centuries_apart_are_a_mistake_with_both_rows() -> None:
    rows_of("1825-01-06,x,1,5", "2025-01-06,x,1,5")
    with pytest.raises(FlowError, match="0205-01-06 of row 3 and 2025-01-06 of row 2 are more"):
        rows_of("2025-01-06,x,1,5", "0205-01-06,x,1,5")


def test_empty_lines_are_passed_over_and_empty_numbers_were_not_observed():
    assert rows_of("2025-01-06,x,,", "", "2025-01-13,x,0,5") == [
        ("x", date(2025, 1, 6), None, None),
        ("x", date(2025, 1, 13), 0, 5),
    ]


def test_a_file_without_zeros_left_them_out():
    assert rows_of("2025-01-06,x,1,5", "2025-01-06,y,2,5", "2025-01-13,x,1,6")[2:] == [
        ("y", date(2025, 1, 6), 2, 5),
        ("y", date(2025, 1, 13), 0, 6),
    ]


def test_a_file_with_zeros_or_with_totals_that_differ_has_gaps():
    assert len(rows_of("2025-01-06,x,0,5", "2025-01-06,y,2,5", "2025-01-13,x,1,6")) == 3
    differing = ("2025-01-06,x,1,5", "2025-01-06,z,1,9", "2025-01-13,x,1,6", "2025-01-13,z,1,6")
    assert ("y", date(2025, 1, 6), 0, 5) not in rows_of(*differing, "2025-01-13,y,1,6")


@pytest.mark.parametrize(
    "line",
    [
        " 2025-01-13\u00a0,y ,,",
        "2025-01-13,\u00e9 z,12,12,and more",
        "2025-01-13T00:00:00,y,3.0,12",
        "20250113,y,3,12",
        '"2025-01-13",y,3,12',
        "2025-01-13,y\x1c,3,12",
        ",,, ",
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_columns_read_at_once_say_what_rows_say(line: str, end: str) -> None:
    lines = [f"{one}{end}" for one in (f"\ufeff{HEADING}", "2025-01-06,x,0,5", line)]
    plain = read_plain(lines, COLUMNS, "week")
    # an empty line more is read row by row
    by_rows = read_counts([*lines, end], "c.csv", "week")
    assert plain is None or plain.equals(by_rows)
    is_usual = line.count(",") > 2 and line.strip(", ").startswith("2025-") and "T" not in line
    assert (plain is not None) == (is_usual and "\x1c" not in line)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("2025-13-06,x,1,2", "row 3: 'period_start' must be a date like 2025-06-30, not '2025-13"),
        ("2025-01-13T06:00,x,1,2", "row 3: 'period_start' must be a date"),
        ("2025-01-13,,1,2", "row 3: 'series' is empty"),
        ("2025-01-13,x,-1,2", "row 3: 'count' must be a whole number, 0 or more, not '-1'"),
        ("2025-01-13,x,1.5,2", "row 3: 'count' must be a whole number"),
        ("2025-01-13,x,nan,2", "row 3: 'count' must be a whole number"),
        ("2025-01-13,x,1,many", "row 3: 'total' must be a whole number"),
        ("2025-01-13,x,1,9999999999999", "row 3: 'total' must be a whole number"),
        ("2025-01-13,x,3,2", "row 3: 'count' is 3, more than the 'total' of 2"),
        ("2025-01-13,x,3", "row 3: has 3 fields"),
        ("2025-01-06,x,1,5", "row 3: 'period_start' 2025-01-06 of the series 'x' stands in row 2"),
        ("2025-01-14,x,1,5", "row 3: 'period_start' 2025-01-14 is not the same day of the week"),
        ('"2025-01-13,x,1,5', "row 3: no CSV"),
    ],
)
def test_a_bad_row_is_named_with_file_and_field(line: str, message: str):
    lines = [f"{one}\n" for one in (HEADING, "2025-01-06,x,1,5", line)]
    with pytest.raises(FlowError) as raised:
        read_counts(lines, "c.csv", "week")
    assert str(raised.value).startswith(f"c.csv: {message}")


def test_a_month_begins_on_its_first_day():
    with pytest.raises(FlowError, match="row 2: 'period_start' 2025-01-06 is not the first of a"):
        read_counts([HEADING, "2025-01-06,x,1,5"], "c.csv", "month")


@pytest.mark.parametrize(
    ("heading", "message"),
    [
        ([], "is empty; the first row must be period_start,series,count,total"),
        (["date,series,count,total"], "row 1: the column 'period_start' is missing"),
        (["period_start,series,count,count,total"], "row 1: the column 'count' stands twice"),
    ],
)
def test_a_heading_names_the_four_columns(heading: list[str], message: str):
    with pytest.raises(FlowError, match=message):
        read_counts(heading, "c.csv")


def test_more_periods_than_one_baseline_takes_are_refused_before_it_takes_the_memory() -> None:
    first = date(1900, 1, 1)
    days = [f"{first + timedelta(days)},x,1,5\n" for days in range(0, 45_000, 3)]
    with pytest.raises(FlowError, match=r"c.csv: 15,000 periods over 125 years are more"):
        read_counts([f"{HEADING}\n", *days], "c.csv")


def test_a_line_without_end_is_refused() -> None:
    with pytest.raises(FlowError, match=r"c.csv: line 2: is longer than"):
        list(bounded_lines(StringIO(f"{HEADING}\n" + "x" * 1_100_000), "c.csv"))
