"""What a load leaves in memory."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest

from warehouse import load


def test_a_long_load_is_in_the_file_before_anything_is_derived_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, log = tmp_path / "work.duckdb", tmp_path / "work.duckdb.wal"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table text (text varchar)")
        connection.execute("checkpoint")
        connection.execute("begin")
        connection.execute("insert into text select repeat(md5(range::varchar), 200) from range(9)")
        load.commit_batch(connection)
        load.checkpoint_long_load(connection, path)
        assert log.stat().st_size > 9 * 6400, "a short load is left to the end of the run"
        monkeypatch.setattr(load, "_LONG_LOAD_BYTES", 9 * 6400)
        load.checkpoint_long_load(connection, path)
        assert not log.exists() or not log.stat().st_size
        connection.execute("rollback")
        assert connection.execute("select count(*) from text").fetchall() == [(9,)]


def test_parts_that_are_read_by_their_rows_stay_what_they_are(tmp_path: Path) -> None:
    """A checkpoint after rows were deleted numbers those that are left anew."""
    settings = {"checkpoint_threshold": "1KB"}
    with duckdb.connect(str(tmp_path / "w.duckdb"), config=settings) as connection:
        connection.execute("create table text as select range as number from range(300_000)")
        connection.execute("create table made (number bigint)")
        connection.execute("checkpoint")
        connection.execute("begin")
        connection.execute("delete from text where number % 2 = 0")
        connection.execute("create temp table wanted as select rowid as row_id, * from text")

        def parts() -> Iterator[pl.DataFrame]:
            for begin in range(0, 300_000, 100_000):
                yield connection.sql(
                    "select text.number from text inner join wanted on text.rowid = row_id"
                    " where wanted.number >= ? and wanted.number < ?",
                    params=[begin, begin + 100_000],
                ).pl()

        for part in load.commit_between(connection, parts()):
            with load.registered(connection, part=part):
                connection.execute("insert into made from part")
        connection.execute("commit")
        query = "select count(distinct number), count(*), min(number % 2) from made"
        assert connection.execute(query).fetchall() == [(150_000, 150_000, 1)]
