"""The bare floor: one DuckDB script, three tables. ``python bare.py CAPTURES WAREHOUSE``."""

import sys
from pathlib import Path

import duckdb


def build(captures: str, warehouse: str) -> None:
    """Fill a new warehouse."""
    with duckdb.connect(warehouse) as connection:
        connection.execute("set variable captures = ?::varchar", [f"{captures}/*/*/*.json"])
        connection.execute(Path(__file__).with_name("bare.sql").read_text(encoding="utf-8"))


if __name__ == "__main__":
    build(*sys.argv[1:3])
