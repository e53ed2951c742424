"""The journal: its records, also where a line was damaged."""

import json
from pathlib import Path

import duckdb
import pytest

from flows.cli.main import run
from tests.flows.captures import DAY, api_page, write
from warehouse.connection import open_published
from warehouse.journal import Journal


@pytest.mark.parametrize(
    "damage", [b'{"run_id": "3', b'{"run_id": "\xff"}\n', b"\x00\x00\n", b"[1]\n"]
)
def test_a_damaged_line_hides_no_other(tmp_path: Path, damage: bytes) -> None:
    journal = Journal(tmp_path)
    journal.append("run", [{"run_id": "1"}, {"run_id": "2"}])
    with (tmp_path / "run.ndjson").open("ab") as file:
        file.write(damage)
    journal.append("run", [{"run_id": "4"}])
    assert [record["run_id"] for record in journal.read("run")] == ["1", "2", "4"]


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        ("pack", b'{"pack": 5}\n'),
        ("publication", b'{"publication_id": "1", "captures": "many"}\n'),
        ("publication", b'{"publication_id": "1", "run_id": "1", "captures": 1%b}\n' % (b"0" * 40)),
        ("run", b'{"verb": "1"}\n'),
        ("run", b'{"run_id": "1\\n"}\n'),
        ("pack", b'{"kind": "../looks", "pack": "%b"}\n' % (b"a" * 64)),
        ("check_result", b'{"run_id": "1", "check_id": "a", "checked_at": "noon"}\n'),
        ("backfill", b'{"backfill_id": "1", "state": null, "started_at": "2026-03-01"}\n'),
        ("mail", b'{"mail_id": "1", "message_id": "1", "state": "sent", "until": []}\n'),
    ],
)
def test_a_line_that_lacks_what_its_kind_needs_is_damaged_whatever_its_checksum(
    tmp_path: Path, kind: str, line: bytes
) -> None:
    journal = Journal(tmp_path)
    (tmp_path / f"{kind}.ndjson").write_bytes(line)
    journal.append(kind, [json.loads(line)])
    assert journal.read(kind) == []
    assert journal.count_damage() == {f"{kind}.ndjson": 2}
    assert journal.set_aside_damage() == {f"{kind}.damaged": 2}


def begin(home: Path) -> list[str]:
    """Make a home of one capture; return the arguments that name it."""
    page = write(home.parent / "page.json", api_page())
    assert run(["--home", str(home), "ingest", str(page), "--feed-date", DAY]) == 0
    return ["--home", str(home)]


@pytest.mark.slow
def test_a_damaged_line_stops_no_publication(tmp_path: Path) -> None:
    home = begin(tmp_path)
    for kind in ("run", "check_result", "publication", "trend_said", "first_publication"):
        with (tmp_path / "journal" / f"{kind}.ndjson").open("ab") as file:
            file.write(b'{"run_id": "\xff"}\n{"run_id": "4')
    page = write(tmp_path.parent / "next.json", api_page(4))
    assert run([*home, "ingest", str(page), "--feed-date", "2025-06-21"]) == 1
    with open_published(tmp_path / "warehouse.duckdb") as connection:
        assert connection.execute("select count(*) from ops.publication").fetchall() == [(2,)]
    assert run([*home, "rebuild"]) == 0


def test_a_warehouse_is_told_only_what_is_on_record_since_and_keeps_what_is_damaged_since(
    tmp_path: Path,
) -> None:
    journal = Journal(tmp_path / "it's")
    with duckdb.connect() as connection:
        connection.execute("create schema ops")
        connection.execute("create table ops.run (run_id varchar, reason varchar)")
        for table in ("publication", "check_result", "trend_said"):
            connection.execute(f"create table ops.{table} ({table}_id varchar, run_id varchar)")
        connection.execute("alter table ops.check_result add column check_id varchar")

        def told() -> list[tuple[str, str]]:
            journal.copy_into(connection)
            return connection.execute("select * from ops.run order by all").fetchall()

        said = 'of "run_id": "2"'
        journal.append("run", [{"run_id": "1", "reason": said}, {"reason": None, "run_id": "3"}])
        assert told() == [("1", said), ("3", None)]
        damage(tmp_path / "it's" / "run.ndjson", 12)
        journal.append("run", [{"run_id": "2", "reason": "late"}])
        checked_at = "2026-03-01 12:00:00"
        results = [{"run_id": "2", "check_id": n, "checked_at": checked_at} for n in "ab"]
        journal.append("check_result", results)
        assert told() == told() == [("1", said), ("2", "late"), ("3", None)]
        checked = "select run_id, check_id from ops.check_result order by all"
        assert connection.execute(checked).fetchall() == [("2", "a"), ("2", "b")]


@pytest.mark.parametrize(
    "kind", ["pack", "publication", "check_result", "first_publication", "run"]
)
def test_lines_of_another_kind_are_damage_though_their_checksums_are_right(
    tmp_path: Path, kind: str
) -> None:
    """As where a backup put one file of the journal in the place of another."""
    pack, checked_at = {"kind": "looks", "pack": "f0" * 32}, "2026-03-01 12:00:00"
    records = {
        "pack": pack,
        "run": {"run_id": "1", "state": "done"},
        "check_result": {"run_id": "1", "check_id": "a", "checked_at": checked_at, "state": "x"},
        "publication": {"publication_id": "1", "run_id": "1", "captures": 1},
        "first_publication": {"run_id": "1", "alias_ids": ["arxiv:1"]},
        "trend_said": {"run_id": "1", "feed_id": "f", "topic_id": "t"},
    }
    for other in records.keys() - {kind}:
        journal = Journal(tmp_path / other)
        journal.append(other, [records[other]])
        (journal.folder / f"{other}.ndjson").rename(journal.folder / f"{kind}.ndjson")
        journal.append(kind, [records[kind]])
        assert journal.read(kind) == [records[kind]], other
        assert journal.count_damage() == {f"{kind}.ndjson": 1}
        assert journal.set_aside_damage() == {f"{kind}.damaged": 1}


def damage(path: Path, at: int) -> None:
    body = bytearray(path.read_bytes())
    body[at] ^= 1
    path.write_bytes(body)


def test_a_line_with_a_changed_bit_is_told_by_its_checksum(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.append("run", [{"run_id": "1"}, {"run_id": "2"}, {"run_id": "3"}])
    body = (tmp_path / "run.ndjson").read_bytes()
    damage(tmp_path / "run.ndjson", body.index(b'"2"') + 1)
    assert [record["run_id"] for record in journal.read("run")] == ["1", "3"]
    assert journal.count_damage() == {"run.ndjson": 1}


@pytest.mark.parametrize("at", range(0, 60))
def test_no_changed_bit_of_a_line_gives_another_record(tmp_path: Path, at: int) -> None:
    journal = Journal(tmp_path)
    record = {"run_id": "2025", "papers": 3, "state": "published"}
    journal.append("run", [record])
    damage(tmp_path / "run.ndjson", at)
    assert [read for read in journal.read("run") if read != record] == []


def test_damaged_lines_are_set_aside_and_counted(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.append("run", [{"run_id": "1"}])
    with (tmp_path / "run.ndjson").open("ab") as file:
        file.write(b'{"run_id": "2')
    journal.append("run", [{"run_id": "3"}])
    assert journal.set_aside_damage() == {"run.damaged": 1}
    assert (tmp_path / "run.damaged").read_bytes() == b'{"run_id": "2\n'
    assert journal.count_damage() == {"run.damaged": 1}
    assert journal.set_aside_damage() == {}
    assert [record["run_id"] for record in journal.read("run")] == ["1", "3"]


def test_lines_of_homes_made_before_have_no_checksum_and_are_read(tmp_path: Path) -> None:
    (tmp_path / "run.ndjson").write_bytes(b'{"run_id": "1"}\n')
    journal = Journal(tmp_path)
    journal.append("run", [{"run_id": "2"}])
    assert [record["run_id"] for record in journal.read("run")] == ["1", "2"]
    assert journal.count_damage() == {}


@pytest.mark.slow
def test_a_run_says_once_that_it_set_damaged_lines_aside_and_status_says_it_still(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = begin(tmp_path)
    with (tmp_path / "journal" / "check_result.ndjson").open("ab") as file:
        file.write(b'{"run_id": "4')
    assert run([*home, "rejects", "replay"]) == 1
    assert "1 damaged line was set aside" in capsys.readouterr().err
    assert run([*home, "rejects", "replay"]) == 0
    assert run([*home, "status"]) == 0
    assert "journal: 1 damaged line in check_result.damaged" in capsys.readouterr().out


@pytest.mark.slow
def test_erasing_a_name_leaves_lines_with_right_checksums(tmp_path: Path) -> None:
    home = begin(tmp_path)
    journal = Journal(tmp_path / "journal")
    journal.append("run", [{"run_id": "9", "reason": "asked by Wilhelmina Quux"}])
    before = {path.name: len(journal.read(path.stem)) for path in journal.folder.glob("*.ndjson")}
    erase = ["captures", "erase", "--name", "Wilhelmina Quux", "--reason", "asked for"]
    assert run([*home, *erase]) == 0
    assert journal.count_damage() == {}
    assert "asked by [erased]" in {record["reason"] for record in journal.read("run")}
    assert all(len(journal.read(Path(name).stem)) >= count for name, count in before.items())


def test_lines_that_are_lost_are_found_and_put_back_out_of_the_published_file(
    tmp_path: Path,
) -> None:
    journal = Journal(tmp_path)
    with duckdb.connect() as connection:
        connection.execute("create schema ops")
        connection.execute("create table ops.run as select unnest(['1', '2']) as run_id")
        connection.execute(
            "create table ops.publication as"
            " select '1' as publication_id, '1' as run_id, 3 as captures"
        )
        journal.append("run", [{"run_id": "2"}])
        assert journal.find_lost(connection) == {"run": ["1"], "publication": ["1"]}
        journal.recover(connection)
        assert journal.find_lost(connection) == {}
    assert journal.read("run") == [{"run_id": "2"}, {"run_id": "1"}]
    assert [record["captures"] for record in journal.read("publication")] == [3]
