"""Damaged and lost files of a home: found, named, never published, mended by one command."""

import re
import shutil
from datetime import datetime
from pathlib import Path

import duckdb
import polars as pl
import pytest

from flows.workspace import Workspace
from tests.flows.captures import Bench, api_page, write
from tests.runs import digests_of
from warehouse.landing_records import FAILED
from warehouse.lock import writer_lock
from warehouse.migrate import read_sql

pytestmark = pytest.mark.slow
SECOND = "here/2025-06-21/20250622T010000Z.json"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """Make a home that holds two captures of two runs, of which each test has a copy."""
    with pytest.MonkeyPatch.context() as patch:
        made = Bench(tmp_path_factory.mktemp("made"), patch)
        made.put(api_page(3))
        assert made.ingest().code == 0
        made.put(api_page(4, "2025-06-21"), SECOND)
        assert made.ingest().code == 0
    return made


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, made: Bench) -> Bench:
    bench = Bench(tmp_path, monkeypatch)
    bench.begin_like(made)
    return bench


def packs(bench: Bench, kind: str) -> list[Path]:
    return sorted((bench.home / "landing" / kind).glob("*.parquet"))


def flip(path: Path, at: int) -> None:
    body = bytearray(path.read_bytes())
    body[at] ^= 1
    path.chmod(0o644)
    path.write_bytes(body)


def foreign(path: Path) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table mine (value integer)")


def shorten(path: Path) -> None:
    body = path.read_bytes()
    path.chmod(0o644)
    path.write_bytes(body[: len(body) // 2])


DAMAGES = {
    "empty": lambda path: (path.unlink(), path.write_bytes(b"")),
    "no database": lambda path: (path.unlink(), path.write_bytes(b"no database" * 1_000)),
    "flipped header": lambda path: flip(path, 9),
    "cut": shorten,
    "another database": lambda path: (path.unlink(), foreign(path)),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_published_file_that_cannot_be_read_is_named_and_rebuild_makes_it_anew(
    bench: Bench, damage: str
) -> None:
    published = bench.home / "warehouse.duckdb"
    before = digests_of(published)
    DAMAGES[damage](published)
    bench.put(api_page(5, "2025-06-23"), SECOND.replace("21", "23"))
    for command in (("ingest", bench.inbox), ("status",), ("trends",), ("sql", "select 1")):
        ending = bench.run(*command)
        assert ending.code == 5, (command, ending)
        assert str(published) in ending.err
        assert "`paperstrata rebuild`" in ending.err
        assert "Traceback" not in ending.err
    assert bench.run("rebuild").code == 0
    assert digests_of(published) == before
    assert bench.ingest().code == 0


def test_a_column_that_somebody_dropped_of_an_empty_table_is_found(bench: Bench) -> None:
    published = bench.home / "warehouse.duckdb"
    published.chmod(0o644)
    with duckdb.connect(str(published)) as connection:
        connection.execute("alter table raw.reject drop column reason")
    ending = bench.run("verify")
    assert (ending.code, "raw.reject differs" in ending.err) == (1, True), ending
    with writer_lock(bench.home / "lock", {"verb": "ingest"}):
        # it may be the work of a run that has not ended
        ending = bench.run("verify")
    assert (ending.code, "another writer was at work" in ending.err) == (4, True), ending
    ending = bench.run("rejects", "list")
    assert (ending.code, "`paperstrata rebuild`" in ending.err) == (5, True), ending
    assert bench.run("rebuild").code == 0
    assert bench.run("verify").code == 0


def test_a_published_file_without_its_last_block_is_named_by_what_reads_it(bench: Bench) -> None:
    published = bench.home / "warehouse.duckdb"
    body = published.read_bytes()
    published.chmod(0o644)
    published.write_bytes(body[:-262_144])
    bench.put(api_page(5, "2025-06-23"), SECOND.replace("21", "23"))
    for command in (("verify", "--deep"), ("ingest", bench.inbox)):
        ending = bench.run(*command)
        assert ending.code == 5, (command, ending)
        assert f"{published} cannot be read" in ending.err
        assert "`paperstrata rebuild`" in ending.err
    assert bench.run("rebuild").code == 0
    assert bench.ingest().code == 0


def test_a_damaged_block_of_the_published_file_is_named_by_what_reads_it(bench: Bench) -> None:
    """Block 0 lies behind three headers of 4 KiB; every block has a checksum of its own."""
    published = bench.home / "warehouse.duckdb"
    body, size = bytearray(published.read_bytes()), 262_144
    for at in range(12_288 + 100, len(body), size):
        body[at] ^= 1
    # the catalog stays whole: the file opens
    catalog = bench.rows("select block_id from pragma_metadata_info()")
    whole = published.read_bytes()
    for (block,) in catalog:
        place = slice(12_288 + block * size, 12_288 + (block + 1) * size)
        body[place] = whole[place]
    published.chmod(0o644)
    published.write_bytes(body)
    bench.put(api_page(5, "2025-06-23"), SECOND.replace("21", "23"))
    asked = ("sql", "select * from raw.content")
    for command in (("verify",), ("verify", "--deep"), asked, ("ingest", bench.inbox)):
        ending = bench.run(*command)
        assert ending.code == 5, (command, ending)
        assert f"{published} cannot be read: Corrupt" in ending.err
        assert "`paperstrata rebuild`" in ending.err
    assert bench.run("rebuild").code == 0


def test_status_says_what_mends_a_file_of_which_only_a_run_found_the_damage(bench: Bench) -> None:
    published = bench.home / "warehouse.duckdb"
    held_in = "select distinct block_id from pragma_storage_info('raw.entry') where block_id >= 0"
    body = bytearray(published.read_bytes())
    for (block,) in bench.rows(held_in):
        body[12_288 + block * 262_144 + 100] ^= 1
    published.chmod(0o644)
    published.write_bytes(body)
    bench.put(api_page(5, "2025-06-23"), SECOND.replace("21", "23"))
    assert bench.ingest().code == 5
    (said,) = [line for line in bench.run("status").out.splitlines() if "last run: " in line]
    assert f"DamagedError: {published} cannot be read: Corrupt" in said
    assert "`paperstrata rebuild`" in said
    assert bench.run("rebuild").code == 0


def test_a_rebuild_ends_with_1_where_it_holds_what_the_published_file_let_in(bench: Bench) -> None:
    published, backup = bench.home / "warehouse.duckdb", bench.home.parent / "backup"
    shutil.copy(published, backup)
    ((capture,),) = bench.rows("select min(capture_id) from raw.capture")
    assert bench.run("captures", "hold", capture, "--reason", "test").code == 0
    published.unlink()
    shutil.copy(backup, published)
    assert bench.run("rebuild").code == 1
    assert bench.run("rebuild").code == 0


@pytest.mark.parametrize("name", ["journal", "landing/looks", "work"])
def test_a_file_where_a_folder_should_be_is_named(bench: Bench, name: str) -> None:
    place = bench.home / name
    if place.is_dir():
        shutil.rmtree(place)
    write(place, "x")
    bench.put(api_page(5, "2025-06-23"), SECOND.replace("21", "23"))
    ending = bench.run("ingest", bench.inbox)
    assert ending.code == 5
    assert f"{place} is a file where a folder should be: move it away" in ending.err


def test_a_folder_that_bears_the_name_of_a_work_file_is_swept_up(bench: Bench) -> None:
    (bench.home / "work" / "warehouse.duckdb" / "x").mkdir(parents=True)
    (bench.home / "landing" / "looks" / ".1.tmp").mkdir()
    assert bench.run("rebuild").code == 0


def test_a_landing_that_is_gone_is_not_taken_for_a_home_in_which_nothing_landed(
    bench: Bench, tmp_path: Path
) -> None:
    shutil.rmtree(bench.home / "landing")
    ending = bench.run("rebuild")
    assert ending.code == 5
    assert "is missing; restore it from a backup" in ending.err
    ending = bench.run("rebuild", "--output", tmp_path / "part.duckdb")
    assert ending.code == 1
    assert "is missing: restore it from a backup" in ending.err


def test_a_file_of_a_later_version_is_left_alone(bench: Bench) -> None:
    published = bench.home / "warehouse.duckdb"
    published.chmod(0o644)
    with duckdb.connect(str(published)) as connection:
        connection.execute("insert into ops.migration values ('9999_later.sql', now()::timestamp)")
    for command in (("ingest", bench.inbox), ("sql", "select 1")):
        ending = bench.run(*command)
        assert ending.code == 5
        assert "made by a later version of paperstrata (9999_later.sql)" in ending.err
    assert bench.run("rebuild").code == 0


@pytest.mark.parametrize("count", range(1, len(read_sql("migrations"))))
def test_a_file_of_each_earlier_version_is_brought_up_to_date_by_the_next_run(
    bench: Bench, count: int
) -> None:
    before = digests_of(bench.home)
    published = bench.home / "warehouse.duckdb"
    published.unlink()
    with duckdb.connect(str(published)) as connection:
        connection.execute(
            "create schema ops;"
            " create table ops.migration (name varchar not null, applied_at timestamp not null)"
        )
        for name, sql in read_sql("migrations")[:count]:
            connection.execute(sql)
            connection.execute("insert into ops.migration values (?, now()::timestamp)", [name])
    assert bench.ingest().code == 0
    assert digests_of(bench.home) == before
    names = {name for (name,) in bench.rows("select name from ops.migration")}
    assert {name for name, _ in read_sql("migrations")} < names


@pytest.mark.parametrize("command", [("quality",), ("topics", "suggest")])
def test_what_an_earlier_version_would_answer_wrongly_is_refused_until_the_next_run(
    bench: Bench, command: tuple[str, ...]
) -> None:
    published = bench.home / "warehouse.duckdb"
    published.chmod(0o644)
    with duckdb.connect(str(published)) as connection:
        connection.execute("delete from ops.migration where name = '0011_trends.sql'")
    ending = bench.run(*command)
    assert ending.code == 5
    assert "made by an earlier version of paperstrata" in ending.err
    ending = bench.run("verify")
    assert ending.code == 0
    assert "an earlier version of paperstrata made it" in ending.err
    assert ending.out.splitlines()[-1].startswith("what can be compared is equal: ")


def test_a_schema_that_lacks_a_column_is_no_traceback_and_rebuild_mends_it(bench: Bench) -> None:
    published = bench.home / "warehouse.duckdb"
    published.chmod(0o644)
    with duckdb.connect(str(published)) as connection:
        connection.execute("drop view if exists mart.rising")
        connection.execute("alter table mart.topic_period drop column growth_z")
    bench.put(api_page(5, "2025-06-23"), SECOND.replace("21", "23"))
    ending = bench.run("ingest", bench.inbox)
    assert ending.code == 5
    assert "`paperstrata rebuild`" in ending.err
    assert bench.run("rebuild").code == 0
    assert bench.ingest().code == 0


def test_rows_that_somebody_deleted_are_named_and_rebuild_mends_it(bench: Bench) -> None:
    published = bench.home / "warehouse.duckdb"
    before = digests_of(published)
    bench.put(api_page(5, "2025-06-23"), SECOND.replace("21", "23"))
    for table, code in (("raw.entry", 1), ("mart.about", 5)):
        published.chmod(0o644)
        with duckdb.connect(str(published)) as connection:
            connection.execute(f"delete from {table}")
        for command, expected in ((("verify",), code), (("ingest", bench.inbox), 5)):
            ending = bench.run(*command)
            assert ending.code == expected, (table, ending)
            assert "`paperstrata rebuild` makes" in ending.out + ending.err or table in ending.err
            assert "`paperstrata rebuild`" in ending.out + ending.err
    assert bench.run("rebuild").code == 0
    assert digests_of(published) != before
    assert bench.run("verify").code == 0


@pytest.mark.parametrize("how", ["gone", "damaged"])
def test_a_lost_pack_of_captures_is_named_by_every_run_and_what_is_loaded_stays(
    bench: Bench, how: str
) -> None:
    pack = packs(bench, "looks")[0]
    pack.unlink() if how == "gone" else flip(pack, pack.stat().st_size // 2)
    bench.put(api_page(5, "2025-06-23"), SECOND.replace("21", "23"))
    bench.inbox.joinpath(SECOND).unlink()
    third = bench.inbox / SECOND.replace("21", "23")
    ending = bench.run("ingest", third, "--feed-date", "2025-06-23")
    assert ending.code == 1
    assert pack.name in ending.err
    assert bench.rows("select count(*) from raw.capture where state = 'loaded'") == [(3,)]
    assert bench.run("verify").code == 1
    status = bench.run("status")
    assert status.code == bench.run("status", "--json").code == 1
    assert f"{pack.name} is {'missing' if how == 'gone' else 'damaged'}" in status.out
    assert "`paperstrata rebuild --accept-loss`" in status.out


def test_failed_looks_stay_published_where_their_pack_is_lost_and_new_ones_join_them(
    bench: Bench,
) -> None:
    looks = "select reason from raw.failed_look order by 1"
    nothing = bench.home.parent / "nothing"
    nothing.mkdir()
    for day, reason in ((20, "HTTP 501"), (21, "HTTP 502")):
        at = datetime(2025, 6, day)  # noqa: DTZ001 - naive UTC
        row = ("hf-daily", at.date(), at, None, reason)
        failed = pl.DataFrame([row], FAILED, orient="row")
        Workspace.open(bench.home).landing.write("failed", failed)
        for pack in packs(bench, "failed") if day == 20 else ():
            assert bench.ingest(nothing).code == 0
            pack.unlink()
        ending = bench.run("ingest", nothing)
        assert ending.code == 1
        assert f"landing/failed/{pack.name} is missing" in ending.err
    assert bench.rows(looks) == [("HTTP 501",), ("HTTP 502",)]
    assert bench.run("status").code == 1
    assert bench.run("rebuild").code == 5
    assert bench.run("rebuild", "--accept-loss").code == 0
    assert bench.rows(looks) == [("HTTP 502",)]
    assert bench.run("status").code == 0


def test_a_rebuild_does_not_publish_less_than_there_was_unless_it_is_accepted(
    bench: Bench,
) -> None:
    pack = packs(bench, "looks")[0]
    pack.unlink()
    before = digests_of(bench.home)
    ending = bench.run("rebuild")
    assert ending.code == 5
    assert f"landing/looks/{pack.name} is missing" in ending.err
    assert digests_of(bench.home) == before
    assert bench.run("rebuild", "--accept-loss").code == 0
    assert bench.rows("select count(*) from raw.capture") == [(1,)]
    assert bench.run("rebuild").code == 0
    assert bench.run("verify").code == 0


def test_captures_that_no_manifest_names_are_missed_by_their_number(bench: Bench) -> None:
    (bench.home / "journal" / "pack.ndjson").unlink()
    packs(bench, "looks")[0].unlink()
    (bench.home / "warehouse.duckdb").unlink()
    ending = bench.run("rebuild")
    assert ending.code == 5
    assert "the last publication held 2 captures, this one would hold 1" in ending.err
    assert bench.run("rebuild", "--accept-loss").code == 0


def test_what_an_older_copy_of_landing_and_journal_lacks_is_named_and_not_given_up_silently(
    bench: Bench,
) -> None:
    """The copy is whole in itself: no manifest names what came after it."""
    older = bench.home.parent / "older"
    for name in ("landing", "journal"):
        shutil.copytree(bench.home / name, older / name)
    third = SECOND.replace("21", "23").replace("22T", "24T")
    bench.put(api_page(5, "2025-06-23"), third)
    assert bench.ingest().code == 0
    (bench.inbox / third).unlink()
    for name in ("landing", "journal"):
        shutil.rmtree(bench.home / name)
        shutil.copytree(older / name, bench.home / name)
    lacking = "landing/looks lacks 1 capture that the warehouse holds"
    bench.put(api_page(5, "2025-06-25"), third.replace("23", "25").replace("24T", "26T"))
    ingest = bench.ingest()
    assert ingest.code == 1
    assert lacking in ingest.out + ingest.err
    captures = "select count(*) from raw.capture"
    assert bench.rows(captures) == [(4,)]
    for command in ("status", "verify"):
        ending = bench.run(command)
        assert ending.code == 1
        assert lacking in ending.out + ending.err
    assert bench.run("rebuild").code == 5
    assert bench.rows(captures) == [(4,)]
    assert bench.run("rebuild", "--accept-loss").code == 0
    assert bench.rows(captures) == [(3,)]
    assert bench.run("status").code == 0


def test_a_landing_that_is_gone_is_given_up_in_the_warehouse_too(bench: Bench) -> None:
    shutil.rmtree(bench.home / "landing")
    assert bench.run("rebuild").code == 5
    assert bench.run("rebuild", "--accept-loss").code == 0
    assert bench.rows("select count(*) from raw.capture") == [(0,)]
    assert bench.ingest().code == 0
    assert bench.rows("select count(*) from raw.capture") == [(2,)]
    assert bench.run("verify").code == 0


def test_the_same_file_given_again_makes_good_a_lost_pack(bench: Bench) -> None:
    packs(bench, "looks")[0].unlink()
    assert bench.run("rebuild").code == 5
    bench.ingest()
    assert bench.run("rebuild", "--accept-loss").code == 0
    assert bench.rows("select count(*) from raw.capture") == [(2,)]


def test_a_lost_decision_brings_no_held_capture_back(bench: Bench) -> None:
    (capture,) = bench.rows("select capture_id from raw.capture where feed_date = '2025-06-20'")[0]
    assert bench.run("captures", "hold", capture, "--reason", "poisoned").code == 0
    (pack,) = packs(bench, "decisions")
    aside = shutil.move(pack, bench.home.parent / pack.name)
    ending = bench.run("ingest", bench.inbox)
    assert ending.code == 5
    assert pack.name in ending.err
    held = "select count(*) from raw.capture where state = 'held'"
    assert bench.rows(held) == [(1,)]
    shutil.move(aside, pack)
    assert bench.run("ingest", bench.inbox).code == 0
    assert bench.rows(held) == [(1,)]


def test_a_lost_decision_that_no_manifest_names_brings_no_held_capture_back(bench: Bench) -> None:
    (capture,) = bench.rows("select capture_id from raw.capture where feed_date = '2025-06-20'")[0]
    assert bench.run("captures", "hold", capture, "--reason", "poisoned").code == 0
    packs(bench, "decisions")[0].unlink()
    (bench.home / "journal" / "pack.ndjson").unlink()
    ending = bench.run("ingest", bench.inbox)
    assert ending.code == 5
    assert "landing/decisions lacks the decisions about 1 capture" in ending.err
    assert bench.rows("select count(*) from raw.capture where state = 'held'") == [(1,)]
    assert bench.run("rebuild", "--accept-loss").code == 0
    assert bench.run("status").code == 0


def test_a_name_that_is_a_word_of_ours_takes_no_decision_and_no_manifest_away(bench: Bench) -> None:
    (capture,) = bench.rows("select capture_id from raw.capture where feed_date = '2025-06-20'")[0]
    assert bench.run("captures", "hold", capture, "--reason", "poisoned").code == 0
    names = ("--name", "Hold", "--name", "Looks")
    assert bench.run("captures", "erase", *names, "--reason", "asked for").code in (0, 1)
    assert bench.rows("select count(*) from raw.capture where state = 'held'") == [(1,)]
    assert bench.run("status").code == 0
    assert bench.run("verify").code == 0


def test_a_body_that_is_not_what_landed_holds_its_capture_until_it_is_left_out_for_good(
    bench: Bench,
) -> None:
    landing = Workspace.open(bench.home).landing
    pack = packs(bench, "looks")[0]
    rows = pl.read_parquet(pack).with_columns(body=pl.lit(b'[{"paper": {}}]'))
    pack.unlink()
    landing.write("looks", rows)
    assert bench.run("rebuild", "--accept-loss").code == 1
    ((reason,),) = bench.rows("select reason from raw.capture where state = 'held'")
    assert "damaged" in reason
    said = bench.run("verify", "--deep").err
    assert "does not have the bytes that landed" in said
    (told,) = re.findall(r"`paperstrata (captures hold [^`]+)`", said)
    assert bench.run(*told.split()).code == 0
    assert bench.run("verify", "--deep").code == 0
