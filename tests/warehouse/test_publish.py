"""Publishing: one rename, durable, read only, and nothing stale that could be replayed into it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from warehouse import publish
from warehouse.connection import (
    Limits,
    create_database,
    open_published,
    open_work,
)
from warehouse.empty import empty_warehouse
from warehouse.errors import NotPublishedError, UnprovenError
from warehouse.migrate import migrate

_CHECKOUT = Path(__file__).parents[2]
_ROWS = 900_000


class Place:
    """A published file and the work file that will replace it."""

    def __init__(self, folder: Path) -> None:
        self.published = folder / "warehouse.duckdb"
        self.work = folder / "work" / "warehouse.duckdb"

    def prepare(self, *values: int) -> publish.Content:
        """Add values to a copy of what is published, and close it; return what it holds."""
        publish.prepare_work(self.published, self.work)
        if not self.published.exists():
            self.work.write_bytes(empty_warehouse())
        with open_work(self.work, Limits()) as connection:
            connection.execute("create table if not exists seen (value integer)")
            connection.executemany("insert into seen values (?)", [[value] for value in values])
            return publish.finish_work(connection)

    def publish(self, *values: int) -> None:
        publish.publish(self.work, self.published, self.prepare(*values))

    def seen(self) -> list[int]:
        with open_published(self.published) as connection:
            rows = connection.execute("select value from seen order by value").fetchall()
        return [value for (value,) in rows]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    yield Place(tmp_path)


def test_before_the_first_publication_there_is_nothing_to_ask(place: Place) -> None:
    with pytest.raises(NotPublishedError, match="ingest something first"):
        place.seen()


def test_a_publication_replaces_the_file_and_leaves_no_work_behind(place: Place) -> None:
    place.publish(1)
    first = place.published.stat().st_ino
    place.publish(2)
    assert place.seen() == [1, 2]
    assert place.published.stat().st_ino != first
    assert list(place.work.parent.iterdir()) == []


def test_a_published_file_is_read_only(place: Place) -> None:
    place.publish(1)
    assert place.published.stat().st_mode & 0o777 == 0o444
    with (
        open_published(place.published) as connection,
        pytest.raises(duckdb.Error, match="read-only"),
    ):
        connection.execute("insert into seen values (2)")


def test_the_published_file_cannot_be_left_by_a_query(place: Place) -> None:
    place.publish(1)
    with open_published(place.published) as connection:
        for query in (
            "select * from read_text('/etc/hostname')",
            f"copy seen to '{place.published.parent / 'out.csv'}'",
            f"attach '{place.published.parent / 'other.duckdb'}'",
            "set enable_external_access = true",
        ):
            with pytest.raises(duckdb.Error):
                connection.execute(query)
    assert sorted(path.name for path in place.published.parent.iterdir()) == [
        "warehouse.duckdb",
        "work",
    ]


def test_a_candidate_changes_nothing_before_it_is_published(place: Place) -> None:
    place.publish(1)
    before = place.published.read_bytes()
    place.prepare(2)
    assert place.seen() == [1]
    assert place.published.read_bytes() == before


def test_a_stale_log_is_moved_aside_and_never_replayed(place: Place, tmp_path: Path) -> None:
    place.publish(1)
    stale = _log_that_adds(place, 666, tmp_path / "elsewhere")
    log = place.published.with_name("warehouse.duckdb.wal")
    log.write_bytes(stale)
    place.publish(2)
    assert not log.exists()
    assert place.seen() == [1, 2]
    kept = [path for path in tmp_path.iterdir() if path.is_file() and path.read_bytes() == stale]
    assert len(kept) == 1


def _log_that_adds(place: Place, value: int, folder: Path) -> bytes:
    """Return the write-ahead log of somebody who wrote to the file and died."""
    folder.mkdir()
    other = Place(folder)
    publish.prepare_work(place.published, other.work)
    script = (
        "import duckdb, os, sys; c = duckdb.connect(sys.argv[1]);"
        f" c.execute('insert into seen values ({value})'); os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", script, str(other.work)], check=False)
    log = other.work.with_name("warehouse.duckdb.wal").read_bytes()
    assert log
    return log


def test_a_work_file_that_was_not_closed_is_not_published(place: Place) -> None:
    place.publish(1)
    content = place.prepare(2)
    place.work.with_name("warehouse.duckdb.wal").write_bytes(b"unfinished")
    with pytest.raises(UnprovenError, match="write-ahead log"):
        publish.publish(place.work, place.published, content)
    assert place.seen() == [1]


@pytest.mark.parametrize("name", ["warehouse.compact.wal", "warehouse.duckdb.2.wal"])
def test_a_log_of_any_name_beside_a_work_file_is_no_secret(place: Place, name: str) -> None:
    place.publish(1)
    content = place.prepare(2)
    place.work.with_name(name).write_bytes(b"unfinished")
    with pytest.raises(UnprovenError, match="write-ahead log"):
        publish.publish(place.work, place.published, content)
    assert place.seen() == [1]


def test_a_work_file_that_lost_its_rows_is_not_published(place: Place) -> None:
    place.publish(1)
    content = place.prepare(2)
    place.work.unlink()
    create_database(place.work)
    with pytest.raises(UnprovenError, match=r"0 rows of main\.seen, not 2"):
        publish.publish(place.work, place.published, content)
    assert place.seen() == [1]


def test_a_work_file_with_as_many_other_rows_is_not_published(place: Place) -> None:
    place.publish(1)
    content = place.prepare(2)
    with open_work(place.work, Limits()) as connection:
        connection.execute("update seen set value = 3 where value = 2")
        publish.finish_work(connection)
    with pytest.raises(UnprovenError, match=r"other rows of main\.seen than were checked"):
        publish.publish(place.work, place.published, content)
    assert place.seen() == [1]


def test_a_work_file_that_was_cut_is_not_published(place: Place) -> None:
    place.publish(1)
    content = place.prepare(2)
    place.work.write_bytes(place.work.read_bytes()[:5_000])
    with pytest.raises(UnprovenError, match="cannot be read again"):
        publish.publish(place.work, place.published, content)
    assert place.seen() == [1]


def test_what_a_killed_run_left_is_swept_up(place: Place) -> None:
    place.publish(1)
    place.prepare(2)
    place.work.with_name("warehouse.duckdb.wal").write_bytes(b"unfinished")
    place.work.with_suffix(".spill").mkdir()
    publish.remove_work(place.work)
    assert list(place.work.parent.iterdir()) == []
    publish.remove_work(place.work)
    assert place.seen() == [1]


_KILLED = """
import os, signal, sys
from pathlib import Path
folder, step = Path(sys.argv[1]), int(sys.argv[2])
from tests.warehouse.test_publish import Place
place = Place(folder)
content = place.prepare(2)
def count(event, arguments):
    global step
    if event in ("open", "os.rename", "os.chmod"):
        step -= 1
        if step == 0:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(count)
from warehouse import publish
publish.publish(place.work, place.published, content)
"""


@pytest.mark.parametrize("step", range(1, 6))
def test_killed_between_its_steps_it_shows_the_old_file_or_the_new_one(
    place: Place, step: int
) -> None:
    place.publish(1)
    killed = subprocess.run(
        [sys.executable, "-c", _KILLED, str(place.published.parent), str(step)], cwd=_CHECKOUT
    )
    assert killed.returncode in (-signal.SIGKILL, 0)
    assert place.seen() in ([1], [1, 2])
    place.publish(3)
    assert place.seen() in ([1, 3], [1, 2, 3])


def test_a_reader_that_is_open_keeps_what_it_sees(place: Place) -> None:
    place.publish(1)
    script = (
        "import sys; from pathlib import Path; from warehouse.connection import open_published\n"
        "with open_published(Path(sys.argv[1])) as c:\n"
        "    for _ in sys.stdin: print(c.execute('select count(*) from seen').fetchone()[0],"
        " flush=True)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(place.published)],
        cwd=_CHECKOUT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    ) as reader:
        assert reader.stdin
        assert reader.stdout
        answers = []
        for value in (2, 3):
            reader.stdin.write("ask\n")
            answers.append(reader.stdout.readline().strip())
            place.publish(value)
        reader.stdin.close()
    assert answers == ["1", "1"]
    assert place.seen() == [1, 2, 3]


def test_a_file_of_free_blocks_is_compacted_and_stays_what_it_was(place: Place) -> None:
    place.work.parent.mkdir()
    create_database(place.work)
    with open_work(place.work, Limits()) as connection:
        connection.execute("create schema core")
        connection.execute("create table core.paper (paper_id varchar not null, votes integer)")
        connection.execute("comment on table core.paper is 'One paper'")
        connection.execute("comment on column core.paper.votes is 'As last seen'")
        connection.execute("insert into core.paper values ('a', 1), ('b', null)")
        connection.execute("create view core.voted as from core.paper where votes is not null")
        connection.execute("create macro core.twice(x) as 2 * x")
        connection.execute(
            f"create table big as select md5(i::varchar) as x from range({_ROWS}) t(i)"
        )
        connection.execute("checkpoint")
        connection.execute("drop table big")
        content = publish.finish_work(connection)
        assert publish.is_sparse(connection, least_blocks=40)
        assert not publish.is_sparse(connection)
    before = _describe(place.work)
    assert publish.compact(place.work, content)
    assert _describe(place.work) == before
    with open_work(place.work, Limits()) as connection:
        assert not publish.is_sparse(connection, least_blocks=1)
    assert [path.name for path in place.work.parent.iterdir()] == ["warehouse.duckdb"]


def _describe(path: Path) -> list[object]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return [
            connection.execute(query).fetchall()
            for query in (
                "from core.paper order by paper_id",
                "from core.voted",
                "select core.twice(4)",
                "select table_name, comment from duckdb_tables() order by all",
                "select column_name, comment from duckdb_columns() where not internal order by all",
                "select tags from duckdb_databases() where database_name = 'warehouse'",
            )
        ]


def test_long_texts_are_compressed_in_the_published_file(place: Place) -> None:
    publish.prepare_work(None, place.work)
    with open_work(place.work, Limits()) as connection:
        connection.execute("create table texts (text varchar using compression zstd)")
        connection.execute(
            "insert into texts select repeat(md5(i::varchar), 40) from range(20000) t(i)"
        )
        content = publish.finish_work(connection)
    publish.publish(place.work, place.published, content)
    with open_published(place.published) as connection:
        used = connection.execute(
            "select distinct compression from pragma_storage_info('texts')"
            " where segment_type = 'VARCHAR'"
        ).fetchall()
    assert used == [("ZSTD",)]


def test_the_copy_is_whole_where_the_file_system_cannot_share_blocks(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.publish(*range(100))

    def refuse(*_: object) -> int:
        raise OSError("not here")

    write = os.write
    monkeypatch.setattr(os, "copy_file_range", refuse)
    for written_at_once in (1 << 30, 99_999):
        monkeypatch.setattr(
            os, "write", lambda to, block, most=written_at_once: write(to, block[:most])
        )
        publish.prepare_work(place.published, place.work)
        assert place.work.read_bytes() == place.published.read_bytes()


def test_a_new_work_file_has_every_table_and_is_as_old_as_it_is(place: Place) -> None:
    for _ in range(2):
        publish.prepare_work(None, place.work)
        with open_work(place.work, Limits()) as connection:
            begun = connection.execute("select now()::timestamp").fetchall()
            assert migrate(connection, is_new=True) == []
            applied = connection.execute("select min(applied_at) from ops.migration").fetchall()
            assert applied >= begun
            assert connection.execute("select count(*) from raw.capture").fetchall() == [(0,)]
