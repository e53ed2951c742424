"""The bare floor: DuckDB alone, three tables. ``python bare.py CAPTURES WAREHOUSE``."""

import sys
from pathlib import Path

import duckdb


def build(captures: str, warehouse: str) -> None:
    """Fill a new warehouse."""
    with duckdb.connect(warehouse) as connection:
        connection.execute("set variable captures = ?::varchar", [f"{captures}/*/*/*.json"])
        for name in ("bare.sql", "papers.sql"):
            connection.execute(Path(__file__).with_name(name).read_text(encoding="utf-8"))


if __name__ == "__main__":
    build(*sys.argv[1:3])
