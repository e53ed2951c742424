"""Digests of tables: equal rows in any order give equal digests, whoever loaded them and when."""

from hashlib import sha256

import duckdb

from warehouse.migrate import read_query

_LAYERS = ("raw", "core", "mart")
_METADATA = ("loaded_at", "run_id", "captured_at_source")
"""Who loaded a row and when, and who told the time of a look: other people, the same fact."""
_LEFT_OUT = {("mart", "about")}


def digest_tables(
    connection: duckdb.DuckDBPyConnection, without_captures: list[str] | None = None
) -> dict[str, dict[str, int | str]]:
    """Return rows and digest of every base table in raw, core and mart, without load metadata.

    With ``without_captures`` only of the tables of facts, leaving out the rows of those captures.
    """
    left_out = without_captures or []
    digests = [
        _digest(table, names, bool(left_out))
        for table, names in digested_columns(connection).items()
        if without_captures is None or "capture_id" in names
    ]
    if not digests:
        return {}
    # one query: half of the time of one for each table, where these are small
    rows = connection.execute(" union all ".join(digests), [left_out] * bool(left_out)).fetchall()
    return {table: {"rows": count, "digest": digest} for table, count, digest in sorted(rows)}


def digest_content(connection: duckdb.DuckDBPyConnection) -> str:
    """Return one digest of all that :func:`digest_tables` digests: equal content, equal digest."""
    tables = digest_tables(connection)
    held = ";".join(f"{name} {of['rows']} {of['digest']}" for name, of in sorted(tables.items()))
    return sha256(held.encode()).hexdigest()


def read_all(connection: duckdb.DuckDBPyConnection) -> None:
    """Read every value of every table, also of those that are not digested.

    Raises:
        duckdb.Error: a block of the file is damaged.
    """
    tables = connection.execute("select schema_name, table_name from duckdb_tables()").fetchall()
    for schema, table in tables:
        connection.execute(f'select bit_xor(hash(t)) from "{schema}"."{table}" as t').fetchall()


def digested_columns(connection: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """Return the columns of each table that is digested, by ``schema.table``."""
    columns = connection.execute(read_query("digested_columns"), [list(_LAYERS)]).fetchall()
    return {
        f"{schema}.{table}": names
        for schema, table, names in columns
        if (schema, table) not in _LEFT_OUT
    }


def _digest(table: str, columns: list[str], leaves_out: bool) -> str:
    """Return a query for the name, rows and digest of a table; ``$1`` is the captures left out."""
    digested = ", ".join(f'"{name}"' for name in columns if name not in _METADATA)
    kept = " where not list_contains($1, capture_id)" if leaves_out else ""
    return (
        f"select '{table}', count(*),"
        " coalesce(sum(md5_number_lower(to_json(t)::varchar)), 0)::varchar"
        f" from (select {digested} from {table}{kept}) as t"
    )
