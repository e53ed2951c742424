"""What is handed out of a published warehouse: every mart, and what of core people join to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from itertools import groupby
from typing import TYPE_CHECKING, Final

import duckdb

from warehouse.connection import rows_as_dicts
from warehouse.digest import digest_tables
from warehouse.migrate import read_query

if TYPE_CHECKING:
    import pyarrow as pa

_OF_CORE: Final = (
    "core.feed",
    "core.feed_day",
    "core.feed_paper",
    "core.identifier",
    "core.paper_alias",
    "core.paper_metric",
    "core.paper_status",
    "core.paper_topic",
    "core.paper_topic_evidence",
    "core.paper_version",
    "core.topic",
    "core.topic_alias",
    "raw.content",
)
_ROWS_AT_ONCE: Final = 10_000
_METADATA: Final = ("run_id", "loaded_at")
"""Who wrote a row and when: another rebuild, the same fact."""
_NESTED: Final = ("[]", "STRUCT", "MAP")
"""Types that a table of text cannot hold begin or end so."""


@dataclass(frozen=True)
class Column:
    """One column; ``type`` is DuckDB's."""

    name: str
    type: str
    meaning: str

    @property
    def is_nested(self) -> bool:
        """Whether its values hold several, so that a table of text has them as JSON."""
        return self.type.endswith(_NESTED[0]) or self.type.startswith(_NESTED[1:])


@dataclass(frozen=True)
class Table:
    """One table or view that is exported, and by what a range of dates cuts it."""

    name: str
    meaning: str
    columns: tuple[Column, ...]

    @property
    def cut(self) -> str | None:
        """What has to lie in a range of dates: a column, or the papers; None: it is always whole.

        ``paper_id``: papers whose first date on a daily list, or else whose first look, does.
        ``start_period``: bursts that lasted at a date of the range.
        """
        names = {column.name for column in self.columns}
        order = ("start_period", "period_start", "paper_id", "content_id", "feed_date")
        return next((name for name in order if name in names), None)


@dataclass(frozen=True)
class Source:
    """The publication that is exported."""

    publication_id: str | None
    published_at: datetime | None
    newest_captured_at: datetime | None
    schema_version: int
    taxonomy_version: str
    is_as_of: datetime | None
    """The instant that the file shows; null for everything known."""
    digest: str
    """sha256 over rows and digest of every table of raw, core and mart: equal where all are."""


def list_tables(connection: duckdb.DuckDBPyConnection) -> list[Table]:
    """Return what is exported, by name."""
    values = {"schemas": ["mart"], "tables": list(_OF_CORE), "left_out": list(_METADATA)}
    rows = connection.execute(read_query("described_columns"), values).fetchall()
    tables = [
        Table(f"{schema}.{table}", meaning or "", tuple(Column(*row[3:]) for row in of))
        for (schema, table, meaning), of in groupby(rows, key=lambda row: row[:3])
    ]
    return sorted(tables, key=lambda table: table.name)


def stream_table(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    first: date | None = None,
    last: date | None = None,
    *,
    is_flat: bool = False,
) -> "pa.RecordBatchReader":
    """Return the rows of a table that belong to a range of dates, both ends among them, in order.

    Without dates, all of them. Equal tables give equal batches: never the whole table at once.
    With ``is_flat`` lists are JSON.
    """
    condition = "" if first is last is None else _condition(table)
    columns = ", ".join(
        f'to_json("{column.name}")::varchar as "{column.name}"'
        if is_flat and column.is_nested
        else f'"{column.name}"'
        for column in table.columns
    )
    query = f"select {columns} from {table.name} {condition} order by all"
    values = {"first": first, "last": last} if condition else {}
    return connection.sql(query, params=values).to_arrow_reader(_ROWS_AT_ONCE)


def read_source(connection: duckdb.DuckDBPyConnection) -> Source:
    """Return of which publication the warehouse is, and a digest of what it holds."""
    (row,) = rows_as_dicts(connection.execute(read_query("exported_source")))
    tables = digest_tables(connection)
    held = ";".join(f"{name} {of['rows']} {of['digest']}" for name, of in sorted(tables.items()))
    return Source(**row, digest=sha256(held.encode()).hexdigest())


def _condition(table: Table) -> str:
    """Return the condition under which a row belongs to the dates ``$first`` to ``$last``."""
    cut = table.cut
    if cut is None:
        return ""
    if cut == "start_period":
        ends: Sequence[str] = [column.name for column in table.columns]
        end = "coalesce(end_period, date '9999-12-31')" if "end_period" in ends else cut
        return (
            f"where {cut} <= coalesce($last::date, date '9999-12-31')"
            f" and {end} >= coalesce($first::date, date '0001-01-01')"
        )
    if cut == "paper_id":
        return f"where paper_id in ({read_query('papers_of_dates')})"
    if cut == "content_id":
        return f"where content_id in ({read_query('contents_of_dates')})"
    return (
        f"where {cut} between coalesce($first::date, date '0001-01-01')"
        " and coalesce($last::date, date '9999-12-31')"
    )
