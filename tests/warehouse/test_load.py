"""What a load leaves in memory."""

from pathlib import Path

import duckdb
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
