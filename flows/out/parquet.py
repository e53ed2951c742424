"""Rows that come in batches, as one Parquet file that is as small as if they came at once."""

import os
from collections.abc import Callable, Iterator
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
_LEAST_ROOM: Final = 64 * 2**20
"""Bytes of memory that a row group may need beyond its rows."""
_CHUNK_BYTES: Final = 8 * 2**10
"""Of memory, that the end of a file needs for each column of each row group, about."""


def prepare_parquet() -> None:
    """Load what writes Parquet, before memory is bounded: the gigabyte that its own allocator
    reserves, and does not use, would count.
    """
    # the writer asks this variable alone
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    import pyarrow as pa
    import pyarrow.parquet

    pa.set_memory_pool(pa.system_memory_pool())


def write_parquet(
    path: Path,
    batches: "pa.RecordBatchReader",
    room: Callable[[], int | None] = lambda: None,
) -> int:
    """Write batches of rows to a file, and return how many rows they have.

    Equal batches give equal bytes. ``room`` tells how many bytes of memory are left, where it is
    bounded: some of what Arrow does without memory ends the process.

    Raises:
        MemoryError: too little is left for the next rows and the end of the file.
    """
    import pyarrow.parquet as pq

    rows = chunks = 0
    packing = {"compression": "zstd", "compression_level": _LEVEL}
    # opened here, for pyarrow takes no name that is no UTF-8
    with path.open("wb") as file:
        writer = pq.ParquetWriter(file, batches.schema, **packing)
        try:
            for group in _row_groups(batches):
                chunks += group.num_columns
                left = room()
                if left is not None and left < _LEAST_ROOM + chunks * _CHUNK_BYTES:
                    raise MemoryError
                writer.write_table(group, row_group_size=group.num_rows)
                rows += group.num_rows
            writer.close()
        except BaseException:
            # nobody reads this file: to close it would need memory for its end
            writer.is_open = False
            raise
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
