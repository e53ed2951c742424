"""CSV, Parquet, JSON lines and JSON to rows, told apart by content and by the declared columns."""

import csv
import io
import math
import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

import orjson

from transforms.declared import DeclaredTable
from transforms.errors import EncodingError, TableError
from transforms.parse.readers.csv_records import as_row, read_records, without_blanks
from transforms.parse.readers.day_lists import DayLists, stated_day, unfold_days
from transforms.parse.readers.encoding import UTF8_MARK, as_utf8, decode
from transforms.parse.readers.envelopes import say_failure, says_there_is_more
from transforms.parse.readers.field_values import is_missing
from transforms.parse.readers.json_lines import Broken, first_objects, read_json, read_lines
from transforms.parse.readers.limits import MOST_ENTRIES, say_excess_of_text
from transforms.parse.readers.parquet import PARQUET_MAGIC, read_column_names, read_rows

_OF_TEXT = ("title", "abstract", "organisation", "submitter", "github_url", "project_url")
TEXTS = (
    *_OF_TEXT,
    "discussion_id",
    "announce_type",
    "author_comment",
    "journal_ref",
    "licence",
)
TIMES = ("published_at", "submitted_at", "listed_at", "withdrawn_at")
COUNTS = ("votes", "comments", "stars")
OF_CAPTURE = ("feed_date", "captured_at")
_LISTS = ("authors", "keywords", "categories")
FIELDS = ("source_id", *TEXTS, *_LISTS, *TIMES, "published_date", *COUNTS, *OF_CAPTURE)
"""What a declaration may map: the fields of an entry, and the two of the whole capture."""

_NAMING = ("title", "source_id")
"""The fields whose columns a table must have."""
_COLUMNS_SAID = 12
_LONGEST_NUMBER = 40
_DELIMITERS = (",", "\t", ";", "|")
_ROWS = ("data", "papers", "items", "results", "rows", "entries")

_SEPARATOR_LINE = re.compile(r"\"?sep=([^\w \r\n\"])\"?[ \r\n;,]*", re.IGNORECASE)

Row = dict[str, Any]


@dataclass(frozen=True)
class Declared:
    """What a feed declares of its tables, checked; see the head of ``formats.table``."""

    columns: Mapping[str, tuple[str, ...]]
    separator: str | None = None
    delimiter: str | None = None
    rows: str | None = None
    date_format: str | None = None
    decimal: str | None = None
    thousands: str | None = None

    def plain_number(self, text: str) -> str:
        """Return a number as people write it in English, by the signs that the feed declares.

        Empty where it is none by these signs: ``1.20`` is no number where a point parts thousands.
        """
        if not self.decimal and not self.thousands:
            return text
        parting = re.escape(self.thousands) if self.thousands else "[ '\u00a0\u2009\u202f\u2019]"
        decimal = self.decimal or ("," if self.thousands == "." else ".")
        number = re.fullmatch(
            rf"\+?(\d{{1,3}}(?:{parting}\d{{3}})+|\d+)(?:{re.escape(decimal)}(\d*))?\s?([kKmM]?)",
            text.strip()[:_LONGEST_NUMBER],
        )
        if not number:
            return ""
        # the sign is declared, so that zeros behind it are no thousands
        fraction = (number[2] or "").rstrip("0")
        return re.sub(r"\D", "", number[1]) + (f".{fraction}" if fraction else "") + number[3]

    def plain_time(self, text: str) -> str:
        """Return a date or time in the declared format as ISO 8601; any other text as it stands."""
        if self.date_format is None:
            return text
        try:
            return datetime.strptime(text.strip(), self.date_format).isoformat()  # noqa: DTZ007 - UTC
        except ValueError:
            return text


@dataclass(frozen=True)
class Table:
    """Rows read, each a mapping by column or what stood in its place, and the declaration."""

    rows: list[Any]
    declared: Declared
    error: str | None = None
    """Why none of it can be trusted, though its columns are there."""
    is_cut: bool = False
    """What is around the rows says that there are more of them."""
    dated: DayLists | None = None
    """The days under which the rows stand, where they stand under days."""


def declare(table: DeclaredTable) -> Declared:
    """Return a declaration checked, with a tuple of columns for every field.

    Raises:
        TableError: it names a field that there is none of, or no title.
    """
    columns = {
        field: (names,) if isinstance(names, str) else tuple(names)
        for field, names in table.columns.items()
    }
    unknown = sorted(columns.keys() - set(FIELDS))
    if unknown:
        raise TableError(f"no field {unknown[0]!r}; there are {', '.join(FIELDS)}")
    if "title" not in columns:
        raise TableError("columns say nothing of 'title'")
    return Declared(
        columns,
        table.separator,
        table.delimiter,
        table.rows,
        table.date_format,
        table.decimal,
        table.thousands,
    )


def read_table(body: bytes, declared: Declared) -> Table | None:
    """Return the table that a body holds; None where it lacks the columns of title and id.

    Raises:
        ParquetError: it is a Parquet file that cannot be read within bounds.
    """
    if body[:4] == PARQUET_MAGIC:
        shown = read_column_names(body)
        if not _fits(shown, declared):
            return None
        names = {name for columns in declared.columns.values() for name in columns}
        return Table(_some(read_rows(body, names)), declared, _say_repeated(shown, declared))
    body = body.removeprefix(UTF8_MARK).lstrip()
    if body[:1] in (b"{", b"["):
        return _json_table(body, declared)
    return _csv_table(body, declared)


def say_missing_columns(body: bytes, declared: Declared) -> str | None:
    """Return which columns of title and id a body lacks, and those it has; None if no table.

    Raises:
        ParquetError: it is a Parquet file that cannot be read within bounds.
    """
    shown = _shown_columns(body, declared)
    if not shown:
        return None
    missing = [
        f"no column {' or '.join(map(repr, names))} ({field})"
        for field in _NAMING
        if (names := declared.columns.get(field)) and not has_column(names, shown)
    ]
    named = ", ".join(map(repr, shown[:_COLUMNS_SAID]))
    more = f" and {len(shown) - _COLUMNS_SAID} more" if len(shown) > _COLUMNS_SAID else ""
    return f"{', '.join(missing)}; its columns are {named}{more}" if missing else None


def _shown_columns(body: bytes, declared: Declared) -> list[str]:
    if body[:4] == PARQUET_MAGIC:
        return sorted(read_column_names(body))
    body = body.removeprefix(UTF8_MARK).lstrip()
    if body[:1] in (b"{", b"["):
        return list(next(iter(first_objects(body)), {}))
    try:
        lines, told = _lines_of(body)
    except EncodingError:
        return []
    given = declared.delimiter or told
    headers = [_read_header(lines, sign) for sign in ((given,) if given else _DELIMITERS)]
    header = max(headers, key=len)
    return header if len(header) > 1 else []


def value_of(row: Row, names: tuple[str, ...]) -> Any:
    """Return the first of some columns that is filled; ``a.b`` is ``b`` within ``a``."""
    for name in names:
        value = row.get(name)
        if value is None and "." in name:
            value = row
            for part in name.split("."):
                value = value.get(part) if isinstance(value, dict) else None
        is_nan = isinstance(value, float) and math.isnan(value)
        is_blank = isinstance(value, str) and is_missing(value)
        if value is not None and not is_nan and not is_blank:
            return value
    return None


def has_column(names: tuple[str, ...], shown: Container[str]) -> bool:
    """Tell whether one of some columns is among those shown."""
    return any(name in shown or name.partition(".")[0] in shown for name in names)


def _some(rows: Iterable[Any]) -> list[Any]:
    """Return the rows that can be entries, and one more where there are more."""
    return list(islice(rows, MOST_ENTRIES + 1))


def _fits(shown: Container[str], declared: Declared) -> bool:
    """Tell whether a header has the columns that name a paper."""
    needed = [declared.columns.get(field) for field in _NAMING]
    return all(has_column(names, shown) for names in needed if names)


def _has_fitting(rows: list[Any], declared: Declared) -> bool:
    """Tell whether one of the rows that can be entries has the columns that name a paper."""
    return any(_fits(row, declared) for row in rows[:MOST_ENTRIES] if isinstance(row, dict))


def _json_table(body: bytes, declared: Declared) -> Table | None:
    try:
        document = envelope = read_json(body)
    except orjson.JSONDecodeError:
        is_fit = any(_fits(row, declared) for row in first_objects(body))
        return Table(_some(read_lines(body)), declared) if is_fit else _by_day(body, declared)
    if declared.rows:
        for part in declared.rows.split("."):
            document = document.get(part) if isinstance(document, dict) else None
    elif isinstance(document, dict) and not _fits(document, declared):
        lists = (document.get(name) for name in _ROWS)
        document = next((rows for rows in lists if isinstance(rows, list)), None)
    rows = [document] if isinstance(document, dict) else document
    rows = rows if isinstance(rows, list) else []
    if not _has_fitting(rows, declared):
        return _by_day(envelope, declared)
    if not isinstance(envelope, dict) or envelope is document:
        return Table(rows, declared)
    day = stated_day(envelope)
    dated = DayLists(rows, [day] * len(rows), day) if day else None
    is_cut = says_there_is_more(envelope, len(rows))
    return Table(rows, declared, say_failure(envelope), is_cut, dated)


def _by_day(document: Any, declared: Declared) -> Table | None:
    """Return the table of a document that has its rows by day."""
    dated = unfold_days(document)
    if dated is None or not _has_fitting(dated.rows, declared):
        return None
    return Table(dated.rows, declared, dated.error, dated.is_cut, dated)


def _csv_table(body: bytes, declared: Declared) -> Table | None:
    try:
        lines, told = _lines_of(body)
    except EncodingError:
        return None
    given = declared.delimiter or told
    for delimiter in (given,) if given else _DELIMITERS:
        names = _read_header(lines, delimiter)
        if names and _fits(names, declared):
            found = read_records(lines, delimiter, len(names))
            rows = (
                r if isinstance(r, Broken) else as_row(names, r)
                for r in without_blanks(found, names)
            )
            repeated = _say_repeated(names, declared)
            return Table(_some(islice(rows, 1, None)), declared, repeated)
    return None


def _say_repeated(shown: list[str], declared: Declared) -> str | None:
    """Return which declared column there are two of: nobody can tell which one is meant."""
    names = (name for columns in declared.columns.values() for name in columns)
    repeated = [name for name in names if shown.count(name) > 1]
    return f"{shown.count(repeated[0])} columns are called {repeated[0]!r}" if repeated else None


def _lines_of(body: bytes) -> tuple[list[str], str | None]:
    """Return the lines of a CSV, none of too many, and the delimiter where Excel's ``sep=`` line
    tells it.
    """
    body = as_utf8(body)
    lines = [] if say_excess_of_text(body) else list(io.StringIO(decode(body), newline=""))
    told = _SEPARATOR_LINE.fullmatch(lines[0]) if lines else None
    return (lines[1:], told[1]) if told else (lines, None)


def _read_header(lines: list[str], delimiter: str) -> list[str]:
    try:
        header = next(csv.reader(lines, delimiter=delimiter, strict=True), [])
    except csv.Error:
        return []
    return [name.strip() for name in header]
