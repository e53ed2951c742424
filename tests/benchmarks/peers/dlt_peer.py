"""dlt with pages of Arrow, into DuckDB. ``python dlt_peer.py CAPTURES WAREHOUSE``."""

import sys
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import dlt
import duckdb
import pyarrow as pa
from reading import read_captures

PAGE = 200
"""Captures of a page: some ten thousand entries."""


def pages(captures: str) -> Iterator[object]:
    """Yield an Arrow table of captures and one of entries for so many files."""
    read = read_captures(captures)
    while page := list(islice(read, PAGE)):
        seen = pa.Table.from_pylist([capture for capture, _ in page])
        yield dlt.mark.with_table_name(seen, "capture")
        entries = pa.Table.from_pylist([entry for _, found in page for entry in found])
        yield dlt.mark.with_table_name(entries, "entry")


def build(captures: str, warehouse: str) -> None:
    """Fill a new warehouse."""
    with tempfile.TemporaryDirectory() as folder:
        pipeline = dlt.pipeline(
            "peer",
            pipelines_dir=folder,
            destination=dlt.destinations.duckdb(warehouse),
            dataset_name="raw",
        )
        pipeline.run(dlt.resource(pages(captures), name="pages"))
    with duckdb.connect(warehouse) as connection:
        connection.execute("create schema core")
        connection.execute(Path(__file__).with_name("papers.sql").read_text(encoding="utf-8"))


if __name__ == "__main__":
    build(*sys.argv[1:3])
