"""Files of an inbox that have landed are not read again while they are as they were."""

import json
import os
from pathlib import Path

import pytest

from flows.pipeline.files import file_times
from flows.pipeline.inbox_memory import InboxMemory, forget_inbox
from flows.pipeline.inputs import Stated
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
    assert daily() == {"seen": 1, "loaded": 0, "unchanged": 1}
