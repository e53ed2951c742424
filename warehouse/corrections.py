"""The declared corrections in the warehouse: what they concern, and what became of them."""

from collections.abc import Sequence

import duckdb
import polars as pl

from warehouse.load import append

CORRECTION = pl.Schema(
    {
        "correction_id": pl.String(),
        "kind": pl.String(),
        "paper_id": pl.String(),
        "other_id": pl.String(),
        "feed_id": pl.String(),
        "title": pl.String(),
        "field": pl.String(),
        "was": pl.String(),
        "value": pl.String(),
        "reason": pl.String(),
    }
)
"""What is declared of a correction; the table adds what became of it."""

_DECLARED = ", ".join(CORRECTION)


def replace_corrections(connection: duckdb.DuckDBPyConnection, declared: pl.DataFrame) -> bool:
    """Make core.correction hold what is declared; tell whether that changed anything."""
    if read_corrections(connection).equals(declared.sort("correction_id")):
        return False
    connection.execute("delete from core.correction")
    unknown = pl.lit(None, pl.String)
    append(connection, "core.correction", declared.with_columns(state=unknown, observed=unknown))
    return True


def read_corrections(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Return the declared corrections that a warehouse knows."""
    known: pl.DataFrame = connection.sql(
        f"select {_DECLARED} from core.correction order by correction_id"
    ).pl()
    return known


def read_expired(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Return the correction_id of those whose guard did not hold when last derived."""
    rows = connection.execute("select correction_id from core.correction where state = 'expired'")
    return {correction_id for (correction_id,) in rows.fetchall()}


def read_titles(connection: duckdb.DuckDBPyConnection, ids: Sequence[str]) -> pl.DataFrame:
    """Return (own_id, title_key): every title under which entries with these ids were seen."""
    if not ids:
        return pl.DataFrame(schema={"own_id": pl.String, "title_key": pl.String})
    titles: pl.DataFrame = connection.sql(
        "select distinct own_id, title_key from raw.entry where own_id in (select unnest(?))",
        params=[list(ids)],
    ).pl()
    return titles


def touch_ids(connection: duckdb.DuckDBPyConnection, ids: Sequence[str]) -> None:
    """Let the next derivation be also of everything that has these ids."""
    connection.execute(
        "insert into touched_key select distinct title_key from raw.entry"
        " where own_id in (select unnest(?))",
        [list(ids)],
    )


def find_captures(connection: duckdb.DuckDBPyConnection, ids: Sequence[str]) -> set[str]:
    """Return the captures that show an entry with one of these ids, accepted or dropped."""
    rows = connection.execute(
        "select capture_id from raw.entry where own_id in (select unnest($ids)) union"
        " select capture_id from raw.reject"
        " where rule = 'dropped' and value in (select unnest($ids))",
        {"ids": list(ids)},
    ).fetchall()
    return {capture_id for (capture_id,) in rows}
