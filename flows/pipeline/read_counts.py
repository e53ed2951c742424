"""Anybody's counts: a CSV file of series by period, as the frame that the trends take."""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final, TextIO, TypeVar

import polars as pl

from flows.pipeline.plain_counts import read_plain
from flows.report import FlowError
from transforms.trends.panel import COUNTS

COLUMNS: Final = ("period_start", "series", "count", "total")
MOST_YEARS: Final = 200
"""From the first period to the last. The baseline has two functions a year: beyond this it takes
gigabytes, and such a date is most likely mistyped."""
_MOST_TERMS: Final = 60_000_000
"""Of the baseline: its functions, two a year, each times each, at every period."""
_MOST_LETTERS: Final = 1_000_000
"""Of one line."""
T = TypeVar("T")


@dataclass(frozen=True)
class CountRow:
    """A row as it is given; a ``count`` or ``total`` of None was not observed."""

    number: int
    """Its place in the file; the heading is row 1."""
    series: str
    period_start: date
    count: int | None
    total: int | None


def read_counts(lines: Iterable[str], name: str, grain: str | None = None) -> pl.DataFrame:
    """Return a frame of ``COUNTS`` from the lines of a CSV file with the columns ``COLUMNS``.

    Other columns are passed over. ``grain`` (`day`, `week`, `month`) is checked where it is given.
    A period without total, or with a total of 0, was not observed. A series without a row in a
    period that others have: where the file holds no count of 0, its zeros were left out, which
    :func:`add_zeros` adds; else it was not observed.

    Raises:
        FlowError: a column or a value is missing or wrong; the message names file, row and field.
    """
    taken, problem = _take(lines)
    plain = None if problem else read_plain(taken, COLUMNS, grain)
    if plain is not None and _is_of_usual_span(plain):
        return plain
    rows = list(_read_rows(_again(taken, problem), name))
    _refuse_repeated(rows, name)
    _check_grain(rows, grain, name)
    _check_span(rows, name)
    return pl.DataFrame(
        [(row.series, row.period_start, row.count, row.total, True) for row in rows],
        schema=COUNTS,
        orient="row",
    )


def _take(lines: Iterable[str]) -> tuple[list[str], Exception | None]:
    """Return the lines up to the first that cannot be had, and why it cannot."""
    taken: list[str] = []
    try:
        taken.extend(lines)
    except (UnicodeDecodeError, FlowError) as error:
        return taken, error
    return taken, None


def _again(taken: Iterable[str], problem: Exception | None) -> Iterator[str]:
    """Yield lines that were taken, then raise what came after them."""
    yield from taken
    if problem:
        raise problem


def count_observed(counts: pl.DataFrame) -> int:
    """Return how many rows tell a count and a total above 0: the others are gaps."""
    return counts.filter((pl.col("total") > 0) & pl.col("count").is_not_null()).height


def _read_rows(lines: Iterable[str], name: str) -> Iterator[CountRow]:
    reader = csv.reader(lines, strict=True)
    number = 0
    places: list[int] = []
    try:
        for number, fields in enumerate(reader, start=1):
            if number == 1:
                places = _find_columns(fields, name)
            elif any(field.strip() for field in fields):
                yield _read_row(number, fields, places, name)
    except csv.Error as error:
        raise FlowError(f"{name}: row {number + 1}: no CSV ({error})") from error
    except UnicodeDecodeError as error:
        raise FlowError(f"{name}: after row {number}: the text is not UTF-8") from error
    if not places:
        raise FlowError(f"{name}: is empty; the first row must be {','.join(COLUMNS)}")


def bounded_lines(file: TextIO, name: str) -> Iterator[str]:
    """Yield the lines of a file, which may be a device without an end.

    Raises:
        FlowError: a line is longer than any row of counts.
    """
    number = 0
    while line := file.readline(_MOST_LETTERS + 1):
        number += 1
        if len(line) > _MOST_LETTERS:
            raise FlowError(f"{name}: line {number}: is longer than {_MOST_LETTERS:,} characters")
        yield line


def _find_columns(heading: Sequence[str], name: str) -> list[int]:
    names = [field.strip().removeprefix("\ufeff") for field in heading]
    for column in COLUMNS:
        if names.count(column) != 1:
            what = "stands twice" if column in names else "is missing"
            raise FlowError(f"{name}: row 1: the column {column!r} {what}")
    return [names.index(column) for column in COLUMNS]


def _read_row(number: int, fields: Sequence[str], places: Sequence[int], name: str) -> CountRow:
    where = f"{name}: row {number}"
    if len(fields) <= max(places):
        raise FlowError(f"{where}: has {len(fields)} fields, too few for the heading")
    start, series, count, total = (fields[place].strip() for place in places)
    if not series:
        raise FlowError(f"{where}: 'series' is empty")
    row = CountRow(
        number,
        series,
        _read(_as_date, start, f"{where}: 'period_start' must be a date like 2025-06-30"),
        _read(_as_count, count, f"{where}: 'count' must be a whole number, 0 or more"),
        _read(_as_count, total, f"{where}: 'total' must be a whole number, 0 or more"),
    )
    if row.count is not None and row.total is not None and row.count > row.total:
        raise FlowError(f"{where}: 'count' is {row.count}, more than the 'total' of {row.total}")
    return row


def _read(read: Callable[[str], T], text: str, complaint: str) -> T:
    try:
        return read(text)
    except ValueError as error:
        raise FlowError(f"{complaint}, not {text!r}") from error


def _as_date(text: str) -> date:
    instant = datetime.fromisoformat(text)
    if instant.time() != time():
        raise ValueError("a time of day")
    return instant.date()


def _as_count(text: str) -> int | None:
    if not text:
        return None
    whole, _, rest = text.partition(".")
    if not (whole.isascii() and whole.isdigit()) or rest.strip("0") or len(whole) > 12:
        raise ValueError("no count")
    return int(whole)


def _refuse_repeated(rows: Sequence[CountRow], name: str) -> None:
    seen: dict[tuple[str, date], int] = {}
    for row in rows:
        first = seen.setdefault((row.series, row.period_start), row.number)
        if first != row.number:
            raise FlowError(
                f"{name}: row {row.number}: 'period_start' {row.period_start} of the series "
                f"{row.series!r} stands in row {first} already"
            )


def _check_grain(rows: Sequence[CountRow], grain: str | None, name: str) -> None:
    """Raise where a period does not begin as periods of the grain do."""
    for row in rows:
        if grain == "month" and row.period_start.day != 1:
            rule = "the first of a month"
        elif grain == "week" and row.period_start.weekday() != rows[0].period_start.weekday():
            rule = f"the same day of the week as {rows[0].period_start} of row {rows[0].number}"
        else:
            continue
        raise FlowError(
            f"{name}: row {row.number}: 'period_start' {row.period_start} is not {rule}, "
            f"as a {grain} must begin"
        )


def _is_of_usual_span(counts: pl.DataFrame) -> bool:
    """Tell whether the periods of a frame lie close enough for one baseline."""
    starts = counts["period_start"]
    first, last = starts.min(), starts.max()
    if not isinstance(first, date) or not isinstance(last, date):
        return True
    years = last.year - first.year
    return years <= MOST_YEARS and starts.n_unique() * (2 * (years + 2)) ** 2 <= _MOST_TERMS


def _check_span(rows: Sequence[CountRow], name: str) -> None:
    """Raise where the periods lie too far apart for one baseline."""
    if not rows:
        return
    first = min(rows, key=lambda row: row.period_start)
    last = max(rows, key=lambda row: row.period_start)
    if last.period_start.year - first.period_start.year > MOST_YEARS:
        raise FlowError(
            f"{name}: 'period_start' {first.period_start} of row {first.number} and"
            f" {last.period_start} of row {last.number} are more than {MOST_YEARS} years apart"
        )
    periods = len({row.period_start for row in rows})
    years = last.period_start.year - first.period_start.year + 2
    if periods * (2 * years) ** 2 > _MOST_TERMS:
        raise FlowError(
            f"{name}: {periods:,} periods over {years} years are more than one baseline takes: give"
            " longer periods (weeks, months), or fewer years"
        )


def find_shared_totals(counts: pl.DataFrame) -> pl.DataFrame | None:
    """Return the periods whose total all series agree on, with it; None where zeros are told."""
    observed = counts.filter((pl.col("total") > 0) & pl.col("count").is_not_null())
    if (observed["count"] == 0).any():
        return None
    return (
        observed.group_by("period_start")
        .agg(pl.col("total").first(), (pl.col("total").n_unique() == 1).alias("is_agreed"))
        .filter("is_agreed")
        .drop("is_agreed")
    )


def add_zeros(counts: pl.DataFrame, shared: pl.DataFrame) -> pl.DataFrame:
    """Return counts with the zeros that were left out: of every series, in the periods whose total
    is ``shared``.
    """
    zeros = (
        counts.select(pl.col("series").unique())
        .join(shared, how="cross")
        .join(counts, on=["series", "period_start"], how="anti")
        .with_columns(pl.lit(0, dtype=pl.Int64()).alias("count"), is_testable=True)
    )
    return pl.concat([counts, zeros.select(counts.columns)])
