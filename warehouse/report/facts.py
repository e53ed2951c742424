"""What the page says of the warehouse besides the checks: holdings, ledger, what was kept out."""

from dataclasses import dataclass, field
from datetime import date, datetime
from importlib.resources import files
from typing import Any

import duckdb
import polars as pl

from warehouse.connection import rows_as_dicts

Row = dict[str, Any]
_HALF_A_YEAR = 183


@dataclass(frozen=True)
class Facts:
    """Rows for people; empty where nothing has been published yet."""

    holdings: Row | None = None
    feeds: list[Row] = field(default_factory=list)
    days: dict[str, list[Row]] = field(default_factory=dict)
    """The last half year of the ledger, by feed."""
    kept_out: list[Row] = field(default_factory=list)
    span: tuple[date | None, date | None] = (None, None)
    """The first and the last day on which something was seen."""
    grain: str = "week"
    over_time: list[Row] = field(default_factory=list)
    """What was kept out and which fields are others than before, by ``grain``."""
    day_captures: dict[tuple[str, str], list[str]] = field(default_factory=dict)


def read_facts(connection: duckdb.DuckDBPyConnection) -> Facts:
    """Read them from a warehouse."""
    days: dict[str, list[Row]] = {}
    for day in _read(connection, "ledger"):
        days.setdefault(day["feed_id"], []).append(day)
    (span,) = _read(connection, "period_span")
    grain = choose_grain(span["first_date"], span["last_date"])
    captures = _read(connection, "day_captures")
    return Facts(
        span=(span["first_date"], span["last_date"]),
        grain=grain,
        over_time=_read(connection, "over_time", grain=grain),
        day_captures={(row["feed_id"], row["feed_date"]): row["captures"] for row in captures},
        holdings=_read(connection, "holdings")[0],
        feeds=_read(connection, "feeds"),
        days=days,
        kept_out=_read(connection, "kept_out"),
    )


def count_refused(refused: pl.DataFrame) -> list[Row]:
    """Return the refused files of the landing by reason, with the last of each as the example."""
    counted = (
        refused.sort("seen_at", "path")
        .group_by("reason")
        .agg(pl.len().alias("count"), pl.col("path").last().alias("example"))
        .sort(["count", "reason"], descending=[True, False])
    )
    return [
        {"kind": "files refused", "feed_id": None, **row} for row in counted.iter_rows(named=True)
    ]


def say_time(value: datetime | None) -> str:
    """Return an instant for people, to the minute, in UTC."""
    return f"{value:%Y-%m-%d %H:%M} UTC" if value else "an unknown time"


def say_day(value: date) -> str:
    """Return a date for people."""
    return f"{value:%a %d %b %Y}"


def choose_grain(first: date | None, last: date | None) -> str:
    """Return ``week`` for half a year, ``month`` for more."""
    if first is None or last is None:
        return "week"
    return "week" if (last - first).days <= _HALF_A_YEAR else "month"


def _read(connection: duckdb.DuckDBPyConnection, name: str, **given: str) -> list[Row]:
    sql = (files("warehouse") / "report" / f"{name}.sql").read_text(encoding="utf-8")
    cursor = connection.execute(sql, given) if given else connection.execute(sql)
    return rows_as_dicts(cursor)
