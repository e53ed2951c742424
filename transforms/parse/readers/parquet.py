"""Parquet read within bounds: a small file may stand for a table of any size."""

import io
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

from transforms.errors import ParquetError
from transforms.parse.readers.limits import MOST_VALUES, most_unpacked

PARQUET_MAGIC = b"PAR1"
_BATCH = 1_000
_MOST_READ = 1 << 27
"""Bytes of all columns that are read, written out: twice as many as of any other capture."""
NO_WORDS = (ValueError, OverflowError, LookupError)
"""What a time raises that lies beyond Python's calendar, or in a zone that there is none of."""


def read_column_names(body: bytes) -> list[str]:
    """Return the names of the columns.

    Raises:
        ParquetError: the bytes are no Parquet.
    """
    return list(_open(body).schema_arrow.names)


def read_rows(body: bytes, columns: Collection[str]) -> Iterator[dict[str, Any]]:
    """Yield the rows with the named columns, those that there are.

    Raises:
        ParquetError: the bytes are no Parquet, or the table is much larger than they are.
    """
    heads = {column.partition(".")[0] for column in columns} | set(columns)
    wanted = [name for name in read_column_names(body) if name in heads]
    with _as_parquet_error():
        for batch in _batches(body, wanted, _MOST_READ):
            yield from _as_rows(batch)


def refuse_bomb(body: bytes) -> None:
    """Refuse a table that is much larger than its bytes, be it in columns that nobody reads.

    Raises:
        ParquetError: it is one, or no Parquet.
    """
    with _as_parquet_error():
        for _ in _batches(body, read_column_names(body)):
            pass


def _batches(body: bytes, wanted: Collection[str], limit: int | None = None) -> Iterator[Any]:
    """Yield the rows of some columns; of a text that is repeated, each of them holds one."""
    file = _open(body)
    most = most_unpacked(len(body))
    _check_claims(file.metadata, most)
    # a text that is repeated stays one text until its rows have been counted
    texts = {field.name for field in file.schema_arrow if _is_text(field.type)}
    file = _open(body, sorted(texts.intersection(wanted)))
    size, most = 0, min(most, limit or most)
    if limit and _count_values(file.metadata, wanted) > MOST_VALUES:
        raise ParquetError(f"a table of more than {MOST_VALUES:,} values")
    for batch in file.iter_batches(batch_size=_BATCH, columns=list(wanted), use_threads=False):
        size += sum(map(_written_out, batch.columns))
        if size > most:
            raise ParquetError(f"a table of more than {most:,} bytes in {len(body):,}")
        yield batch


@contextmanager
def _as_parquet_error() -> Iterator[None]:
    import pyarrow as pa

    try:
        yield
    except ParquetError:
        raise
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        raise ParquetError(f"not Parquet: {error}"[:200]) from error


def _as_rows(batch: Any) -> list[dict[str, Any]]:
    """Return a batch as rows; a time that Python has no words for is given as its number."""
    try:
        rows: list[dict[str, Any]] = batch.to_pylist()
    except NO_WORDS:
        columns = {name: list(map(_as_value, batch[name])) for name in batch.schema.names}
        return [
            dict(zip(columns, values, strict=True))
            for values in zip(*columns.values(), strict=True)
        ]
    return rows


def _as_value(scalar: Any) -> Any:
    try:
        return scalar.as_py()
    except NO_WORDS:
        return str(scalar.value)


def _check_claims(metadata: Any, most: int) -> None:
    """Refuse what the file itself says to be much larger than it is."""
    groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
    if sum(group.total_byte_size for group in groups) > most or metadata.num_rows > most // 8:
        raise ParquetError(f"a table of {metadata.num_rows:,} rows, out of all proportion")


def _count_values(metadata: Any, wanted: Collection[str]) -> int:
    """Return how many values some columns have: a list of a single row may have any number."""
    groups = map(metadata.row_group, range(metadata.num_row_groups))
    chunks = (group.column(at) for group in groups for at in range(group.num_columns))
    return sum(
        chunk.num_values for chunk in chunks if chunk.path_in_schema.partition(".")[0] in wanted
    )


def _written_out(column: Any) -> int:
    """Return how many bytes the values take when each is written out on its own."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not pa.types.is_dictionary(column.type):
        return int(column.nbytes)
    lengths = pc.binary_length(column.dictionary).take(column.indices)
    return int(pc.sum(lengths).as_py() or 0) + 8 * len(column)


def _is_text(kind: Any) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _open(body: bytes, as_dictionary: Collection[str] = ()) -> Any:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return pq.ParquetFile(io.BytesIO(body), read_dictionary=list(as_dictionary))
    except (pa.ArrowException, OSError, ValueError, KeyError) as error:
        raise ParquetError(f"not Parquet: {error}"[:200]) from error
