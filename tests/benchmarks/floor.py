"""The floor: what a bare set-based DuckDB script takes to fill the same tables.

One ``read_json`` over all files, then ``create table ... as select``: no engineer could do much
less and still answer the same questions. What it leaves out is what the product is for:

- dirty input: a body of another shape, a bad date or a huge file ends it, or is read as null;
- the landing (bytes kept, with where and when they were found), rejects, issues, drift;
- keys that compare texts across feeds: it hashes texts to the letter;
- joining papers without an id, topics with evidence, case, plurals and the longest match;
- one total order for ties, the touched keys, a second run, old states;
- checks, and publishing by an atomic rename.

``python -m tests.benchmarks.floor CAPTURES WAREHOUSE TERMS`` prints the seconds of each statement.
"""

import json
import sys
import time
from pathlib import Path

import duckdb

_SQL = Path(__file__).with_name("floor.sql")


def build(captures: Path, warehouse: Path, terms: Path) -> dict[str, float]:
    """Fill a new warehouse; return the seconds of each statement that made a table."""
    seconds: dict[str, float] = {}
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("set variable captures = ?::varchar", [f"{captures}/*/*/*.json"])
        connection.execute("set variable terms = ?::varchar", [str(terms)])
        for statement in duckdb.extract_statements(_SQL.read_text(encoding="utf-8")):
            start = time.perf_counter()
            connection.execute(statement)
            made = _table(statement.query)
            seconds[made] = seconds.get(made, 0.0) + time.perf_counter() - start
    return {made: round(taken, 3) for made, taken in seconds.items()}


def _table(query: str) -> str:
    """Return the table that a statement makes, or ``other``."""
    words = query[query.find("create") :].split()
    return words[words.index("table") + 1] if "table" in words[:3] else "other"


if __name__ == "__main__":
    print(json.dumps(build(*map(Path, sys.argv[1:4]))))
