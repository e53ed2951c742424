"""Files of an inbox that have landed are not read again while they are as they were."""

import json
import os
from pathlib import Path

import pytest

from flows.pipeline.files import FoundFile, file_times, read_file
from flows.pipeline.inbox_memory import InboxMemory, forget_inbox
from flows.pipeline.inputs import Stated
from flows.report import Refused
from flows.workspace import Workspace
from tests.flows.captures import Bench, api_page, write

STATED = Stated("hf-daily")
NO_FETCHES = '[[feed]]\nfeed_id = "hf-daily"\ndaily = false\n'


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    return Bench(tmp_path, monkeypatch)


@pytest.fixture
def file(bench: Bench) -> Path:
    (bench.home / "landing").mkdir(parents=True)
    return write(bench.home / "inbox" / "hf-daily" / "a.json", "[1]")


def read(bench: Bench, settled: str = "c") -> InboxMemory:
    return InboxMemory.read(Workspace.open(bench.home), {settled})


def remember(bench: Bench, file: Path) -> None:
    memory, facts = read(bench), file.stat()
    memory.note(file, facts.st_size, file_times(facts), STATED, "c")
    memory.keep()


def test_a_file_is_left_out_while_all_that_it_is_known_by_is_the_same(
    bench: Bench, file: Path
) -> None:
    assert not read(bench).skips(file, STATED)
    remember(bench, file)
    memory = read(bench)
    assert memory.skips(file, STATED)
    assert memory.skipped == 1
    assert not memory.skips(file, Stated("hf-trending"))
    assert not memory.skips(file.with_name("b.json"), STATED)
    assert not read(bench, settled="other").skips(file, STATED)
    os.utime(file, ns=(1, 1))
    assert not read(bench).skips(file, STATED)


def test_a_run_that_looks_at_inboxes_forgets_the_files_that_are_gone(
    bench: Bench, file: Path
) -> None:
    remember(bench, file)
    remembered = bench.home / "landing" / ".inbox.json"
    whole = remembered.read_bytes()
    read(bench).keep()
    assert remembered.read_bytes() == whole
    other = write(file.with_name("b.json"), "[2]")
    memory = read(bench)
    assert not memory.skips(other, STATED)
    found = read_file(other, 9)
    memory.note_refused(found, STATED, "no capture")
    memory.keep()
    parts = json.loads(remembered.read_bytes())
    assert (len(parts["known"]), len(parts["refused"])) == (0, 2)
    remember(bench, file)
    parts = json.loads(remembered.read_bytes())
    assert (len(parts["known"]), len(parts["refused"])) == (1, 1)


def test_what_is_remembered_ends_with_other_feeds_and_with_a_damaged_file(
    bench: Bench, file: Path
) -> None:
    remember(bench, file)
    declared = write(bench.overlay / "feeds.toml", NO_FETCHES)
    assert not read(bench).skips(file, STATED)
    declared.unlink()
    assert read(bench).skips(file, STATED)
    forget_inbox(bench.home / "landing")
    assert not read(bench).skips(file, STATED)
    remember(bench, file)
    remembered = bench.home / "landing" / ".inbox.json"
    whole = remembered.read_bytes()
    rules = json.loads(whole)["rules"]
    damaged = [b"", b"\xff", b"[" * 9_999, b"[]", b"{}", whole[:-9], json.dumps({"rules": rules})]
    for body in (*damaged, json.dumps({"rules": rules, "known": ["c"]})):
        write(remembered, body)
        assert not read(bench).skips(file, STATED)
    write(remembered, whole)
    assert read(bench).skips(file, STATED)


def refuse(bench: Bench, file: Path, reason: str = "no known format") -> None:
    memory = read(bench)
    memory.note_refused(read_file(file, 100), STATED, reason)
    memory.keep()


def test_a_refused_file_is_not_read_again_while_it_is_as_it_was_and_its_refusal_on_record(
    bench: Bench, file: Path
) -> None:
    refuse(bench, file)
    found = read_file(file, 100)
    on_record = {(str(file), f"no known format|{found.blob_id}")}
    assert b"known format" not in (bench.home / "landing" / ".inbox.json").read_bytes()

    def skips() -> bool:
        memory = InboxMemory.read(Workspace.open(bench.home), {"c"}, on_record)
        is_left_out = memory.skips(file, STATED)
        assert memory.refused == ([Refused(str(file), "no known format")] if is_left_out else [])
        assert memory.skipped == 0
        return is_left_out

    assert skips()
    assert not read(bench).skips(file, STATED)
    settings = bench.overlay / "settings.toml"
    before = settings.read_text(encoding="utf-8") if settings.exists() else ""
    for limit in ("capture_seconds = 30\n", "max_file_bytes = 2\n"):
        write(settings, limit)
        assert not skips()
    write(settings, before)
    assert skips()
    os.utime(file)
    assert not skips()
    refuse(bench, file)
    assert skips()


def test_a_file_whose_bytes_cannot_be_had_is_tried_again(bench: Bench, file: Path) -> None:
    before = FoundFile(file, 3, None, None, "cannot be read: Input/output error (EIO)")
    memory = read(bench)
    memory.note_refused(before, STATED, str(before.reason))
    memory.keep()
    assert not (bench.home / "landing" / ".inbox.json").exists()


def test_bytes_that_took_too_long_are_tried_again_with_another_limit_or_other_feeds(
    bench: Bench, file: Path
) -> None:
    memory = read(bench)
    memory.note_slow("b", "more than 20")
    memory.keep()
    assert read(bench).is_slow("b", "more than 20")
    assert not read(bench).is_slow("b", "more than 30")
    assert not read(bench).is_slow("c", "more than 20")
    assert not read(bench).is_slow(None, "more than 20")
    write(bench.overlay / "feeds.toml", NO_FETCHES)
    assert not read(bench).is_slow("b", "more than 20")


@pytest.mark.slow
def test_daily_reads_an_old_file_again_only_where_it_changed_or_with_rescan(bench: Bench) -> None:
    write(bench.overlay / "feeds.toml", NO_FETCHES)
    place = bench.home / "inbox" / "hf-daily" / "here" / "2025-06-20" / "20250621T010000Z.json"
    file = write(place, api_page())

    def daily(*options: str) -> dict[str, int]:
        counts: dict[str, int] = json.loads(bench.run("daily", "--json", *options).out)["captures"]
        return {name: counts[name] for name in ("seen", "loaded", "unchanged")}

    assert daily() == {"seen": 1, "loaded": 1, "unchanged": 0}
    facts = file.stat()
    # of the same size and time of modification, as a copy may be that takes the place of another
    file.write_bytes(file.read_bytes().replace(b'"upvotes": 2', b'"upvotes": 7'))
    os.utime(file, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    assert file.stat().st_size == facts.st_size
    assert daily() == {"seen": 1, "loaded": 1, "unchanged": 0}
    assert daily("--rescan") == {"seen": 1, "loaded": 0, "unchanged": 1}
    os.utime(file)
    write(place.with_name("20250622T010000Z.json"), "no paper")
    assert bench.run("daily").code == 1
    again = bench.run("daily", "--json")
    assert (again.code, again.report["captures"]["refused"]) == (0, 1)
    assert "no known format" in again.report["refused"][0]["reason"]
    assert daily() == {"seen": 2, "loaded": 0, "unchanged": 1}
