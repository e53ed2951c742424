"""Facts into the raw layer, a batch at a time, and the keys that a batch touches."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

import duckdb
import polars as pl

from warehouse.migrate import read_sql_file

if TYPE_CHECKING:
    import pyarrow as pa

T = TypeVar("T")

_LONG_LOAD_BYTES: Final = 64 << 20
"""Of the write-ahead log."""
CAPTURE_TABLES = ("entry", "reject", "issue", "field_drift", "capture")
"""The tables of raw with rows of captures, the captures themselves last."""


@dataclass(frozen=True)
class Facts:
    """What a batch of captures says; the columns of each frame are those of its table in raw."""

    captures: pl.DataFrame
    entries: pl.DataFrame
    contents: pl.DataFrame
    rejects: pl.DataFrame
    issues: pl.DataFrame
    drift: pl.DataFrame


@contextmanager
def registered(
    connection: duckdb.DuckDBPyConnection, **frames: "pl.DataFrame | pa.Table"
) -> Iterator[None]:
    """Let SQL see frames by name for the length of a block."""
    for name, frame in frames.items():
        is_frame = isinstance(frame, pl.DataFrame)
        connection.register(name, frame.to_arrow() if is_frame else frame)
    try:
        yield
    finally:
        for name in frames:
            connection.unregister(name)


def begin_load(connection: duckdb.DuckDBPyConnection, run_id: str, loaded_at: datetime) -> None:
    """Begin to write to a work file; all rows bear the id and time of the run."""
    connection.execute("begin")
    connection.execute("set variable run_id = ?::varchar", [run_id])
    connection.execute("set variable loaded_at = ?::timestamp", [loaded_at])
    connection.execute(read_sql_file("loading/begin"))


def load_facts(connection: duckdb.DuckDBPyConnection, facts: Facts) -> pl.DataFrame:
    """Load a batch; a capture that is there already is replaced whole.

    Returns the texts that the warehouse did not hold (content_id, title, abstract).
    """
    with registered(connection, incoming=facts.captures.select("capture_id")):
        is_there = connection.execute(
            "select 1 from raw.capture where capture_id in (from incoming) limit 1"
        ).fetchall()
        if is_there:
            connection.execute(read_sql_file("loading/remember_gone"))
            for table in CAPTURE_TABLES:
                connection.execute(
                    f"delete from raw.{table} where capture_id in (select capture_id from incoming)"
                )
    for table, rows in (
        ("capture", facts.captures),
        ("entry", facts.entries),
        ("reject", facts.rejects),
        ("issue", facts.issues),
        ("field_drift", facts.drift),
    ):
        append(connection, f"raw.{table}", rows)
    with registered(connection, rows=facts.entries.select("title_key")):
        connection.execute("insert into touched_key select distinct title_key from rows")
    with registered(connection, contents=facts.contents.select("content_id")):
        new_ids = connection.sql("from contents anti join raw.content using (content_id)").pl()
    new = facts.contents.join(new_ids, on="content_id", how="semi", maintain_order="left")
    append(connection, "raw.content", new)
    return new.select("content_id", "title", "abstract")


def commit_batch(connection: duckdb.DuckDBPyConnection) -> None:
    """Commit a batch to the work file, which nobody sees, so that its rows leave the memory."""
    connection.execute("commit")
    connection.execute("begin")


def commit_between(connection: duckdb.DuckDBPyConnection, parts: Iterable[T]) -> Iterator[T]:
    """Yield parts, and commit what was made of one before the next is read: DuckDB keeps some 40
    bytes of each new row until then, beyond its limit of memory.

    No checkpoint happens meanwhile: it would number rows anew, by which later parts are read.
    """
    ((threshold,),) = connection.execute(
        "select current_setting('checkpoint_threshold')"
    ).fetchall()
    connection.execute("set checkpoint_threshold = '1TB'")
    for number, part in enumerate(parts):
        if number:
            commit_batch(connection)
        yield part
    connection.execute(f"set checkpoint_threshold = '{threshold}'")


def checkpoint_long_load(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Bring what was committed into the work file at ``path``, where it is much: until then long
    texts stay in memory, and what derives them needs it. Less is left to the end of the run.
    """
    log = path.with_name(f"{path.name}.wal")
    if log.exists() and log.stat().st_size > _LONG_LOAD_BYTES:
        connection.execute("commit")
        connection.execute("checkpoint")
        connection.execute("begin")


def finish_load(connection: duckdb.DuckDBPyConnection) -> None:
    """Close the set of touched keys and drop the texts that no entry shows any more."""
    connection.execute(read_sql_file("loading/touch_deleted"))
    if connection.execute("select 1 from gone_content limit 1").fetchall():
        connection.execute(read_sql_file("loading/touch_gone"))
        connection.execute(read_sql_file("loading/drop_orphans"))


def append(connection: duckdb.DuckDBPyConnection, table: str, rows: pl.DataFrame) -> None:
    """Append rows to a table, with the run that writes them and the time."""
    if rows.is_empty():
        return
    with registered(connection, rows=rows):
        connection.execute(
            f"insert into {table} by name select *,"
            " getvariable('run_id') as run_id, getvariable('loaded_at') as loaded_at from rows"
        )


def replace_failed_fetches(
    connection: duckdb.DuckDBPyConnection, failed: pl.DataFrame, *, is_whole: bool = True
) -> None:
    """Make raw.failed_look hold what the landing holds; unless that ``is_whole``, what it holds
    stays.
    """
    if not is_whole:
        held = connection.sql(f"select {', '.join(failed.columns)} from raw.failed_look").pl()
        failed = pl.concat([failed, held.cast(dict(failed.schema))]).unique()
    if count_failed_fetches(connection) != failed.height:
        connection.execute("delete from raw.failed_look")
        append(connection, "raw.failed_look", failed)


def count_failed_fetches(connection: duckdb.DuckDBPyConnection) -> int:
    """Return how many failed looks a warehouse knows."""
    return int(connection.execute("select count(*) from raw.failed_look").fetchall()[0][0])


def read_newest_failure(connection: duckdb.DuckDBPyConnection) -> datetime | None:
    """Return when the newest failed look was made that a warehouse knows, naive UTC."""
    rows = connection.execute("select max(failed_at) from raw.failed_look").fetchall()
    newest: datetime | None = rows[0][0]
    return newest


def replace_feeds(connection: duckdb.DuckDBPyConnection, feeds: pl.DataFrame) -> bool:
    """Make core.feed say what the configuration says; tell whether that changed anything."""
    with registered(connection, rows=feeds):
        columns = ", ".join(feeds.columns)
        changed = connection.execute(
            f"(select {columns} from core.feed except select {columns} from rows)"
            f" union all (select {columns} from rows except select {columns} from core.feed)"
        ).fetchall()
    if changed:
        connection.execute("delete from core.feed")
        append(connection, "core.feed", feeds)
    return bool(changed)


def replace_configuration(
    connection: duckdb.DuckDBPyConnection,
    taxonomy_version: str,
    config_digest: str,
    taxonomy_digest: str,
) -> bool:
    """Make mart.about name the configuration in use; tell whether the taxonomy was the same."""
    before = connection.execute("select taxonomy_digest from mart.about").fetchall()
    connection.execute(
        "update mart.about set taxonomy_version = ?, taxonomy_digest = ?, config_digest = ?",
        [taxonomy_version, taxonomy_digest, config_digest],
    )
    return before == [(taxonomy_digest,)]


def replace_origins(connection: duckdb.DuckDBPyConnection, origins: pl.DataFrame) -> None:
    """Make ops.capture_origin hold what the landing holds."""
    with registered(connection, origins=origins):
        connection.execute("delete from ops.capture_origin")
        connection.execute("insert into ops.capture_origin by name select * from origins")


def set_as_of(connection: duckdb.DuckDBPyConnection, as_of: datetime | None) -> None:
    """Say in mart.about that the file is as of an instant (naive UTC); null: of now."""
    connection.execute("update mart.about set is_as_of = ?", [as_of])
