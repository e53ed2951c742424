"""Rows that come in batches, as one Parquet file that is as small as if they came at once."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pyarrow as pa

GROUP_ROWS: Final = 122_880
"""Of a row group, about: what DuckDB reads at once."""
_GROUP_BYTES: Final = 64 * 2**20
"""Of a row group before it is compressed, about: what a wide table may hold in memory."""
_LEVEL: Final = 9
"""Of zstd: files a seventh smaller than by level 3, for a second more per 5,600 papers."""


def prepare_parquet() -> None:
    """Load what writes Parquet, before memory is bounded: what its own allocator reserves, and does
    not use, would count.
    """
    import pyarrow as pa
    import pyarrow.parquet

    pa.set_memory_pool(pa.system_memory_pool())


def write_parquet(path: Path, batches: "pa.RecordBatchReader") -> int:
    """Write batches of rows to a file, and return how many rows they have.

    Equal batches give equal bytes.
    """
    import pyarrow.parquet as pq

    rows = 0
    packing = {"compression": "zstd", "compression_level": _LEVEL}
    # opened here, for pyarrow takes no name that is no UTF-8
    with path.open("wb") as file, pq.ParquetWriter(file, batches.schema, **packing) as writer:
        for group in _row_groups(batches):
            writer.write_table(group, row_group_size=group.num_rows)
            rows += group.num_rows
    return rows


def _row_groups(batches: "pa.RecordBatchReader") -> "Iterator[pa.Table]":
    """Yield the rows in groups: a larger one is compressed better, and takes more memory."""
    import pyarrow as pa

    group: list[pa.RecordBatch] = []
    for batch in batches:
        group.append(batch)
        rows, size = sum(one.num_rows for one in group), sum(one.nbytes for one in group)
        if rows >= GROUP_ROWS or size >= _GROUP_BYTES:
            yield pa.Table.from_batches(group)
            group = []
    if group:
        yield pa.Table.from_batches(group)
