"""Homes: odd paths, locks, what is left of killed commands, a clock that is ahead."""

import errno
import fcntl
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest

from flows.clock import now
from flows.pipeline.ingest import ingest
from flows.pipeline.inputs import Inputs, Stated
from flows.pipeline.path_template import PathTemplate
from flows.workspace import Workspace
from tests.flows.captures import DAY, LOOK_TIME, Bench, api_page, write
from warehouse.errors import DamagedError, LockedError, NoLocksError
from warehouse.lock import is_held, writer_lock

T = TypeVar("T")
pytestmark = pytest.mark.slow


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """Return an empty home beside an empty folder of captures."""
    return Bench(tmp_path, monkeypatch)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["a[b]*c {a}", "[!a] ä'b %41", "a?b\\c"])
def test_a_home_may_have_any_name(bench: Bench, name: str) -> None:
    home = ("--home", bench.home.parent / name)
    page = bench.put(api_page())
    for command in (("ingest", page, "--feed-date", "2025-06-20"), ("rebuild",), ("verify",)):
        ending = bench.run(*home, *command)
        assert ending.code == 0, ending
    ending = bench.run(*home, "sql", "select count(*) from ops.publication", "--format", "csv")
    assert ending.out.split() == ["count_star()", "2"]
    assert bench.run(*home, "publish").code == 0
    assert (bench.home.parent / name / "site" / "index.html").is_file()
    past = bench.home.parent / name / ".." / f"{name}.duckdb"
    assert bench.run(*home, "rebuild", "--output", past).code == 0
    assert past.is_file()
    ending = bench.run(*home, "sql", "select * from read_text('/etc/hostname')")
    assert (ending.code, ending.out) == (2, "")


def test_a_new_home_is_announced_once_and_marked(bench: Bench) -> None:
    page = bench.put(api_page())
    first = bench.run("ingest", page, "--feed-date", "2025-06-20")
    assert f"a new home begins in {bench.home}" in first.err
    assert (bench.home / ".paperstrata").exists()
    assert "new home" not in bench.run("ingest", page, "--feed-date", "2025-06-20").err


def test_a_folder_of_other_files_is_no_home(bench: Bench) -> None:
    write(bench.home / "thesis.tex", "three years")
    days = ("--from", "2025-06-20", "--to", "2025-06-20")
    for command in (
        ("ingest", bench.put(api_page()), "--feed-date", "2025-06-20"),
        ("backfill", "hf-daily", *days),
        ("daily",),
    ):
        ending = bench.run(*command)
        assert ending.code == 2
        assert "holds other files (thesis.tex)" in ending.err
        assert [path.name for path in bench.home.iterdir()] == ["thesis.tex"]


def test_a_link_in_the_place_of_the_work_folder_is_refused(bench: Bench, tmp_path: Path) -> None:
    mine = write(tmp_path / "elsewhere" / "warehouse.duckdb", "mine")
    write(bench.home / "landing" / "looks" / "notes.txt", "landed before there was a marker")
    (bench.home / "work").symlink_to(mine.parent)
    ending = bench.run("ingest", bench.put(api_page()), "--feed-date", "2025-06-20")
    assert (ending.code, "is a link" in ending.err) == (2, True), ending
    assert mine.read_text(encoding="utf-8") == "mine"


def test_a_home_made_before_there_was_a_marker_is_one(bench: Bench) -> None:
    assert bench.ingest(bench.put(api_page()), "--feed-date", "2025-06-20", layout=None).code == 0
    (bench.home / ".paperstrata").unlink()
    write(bench.home / "notes.txt", "mine")
    assert bench.run("rebuild").code == 0
    assert (bench.home / ".paperstrata").exists()


@pytest.mark.parametrize("name", ["a[b]c", "a?b", "a*b", "a\\b", "[!a]"])
def test_captures_may_lie_in_a_folder_of_any_name(bench: Bench, name: str) -> None:
    bench.put(api_page(), f"{name}/2025-06-20/20250621T010000Z.json")
    assert bench.ingest().code == 0
    assert bench.rows("select count(*) from core.paper") == [(3,)]


def test_an_empty_home_is_a_usage_error(bench: Bench) -> None:
    ending = bench.run("--home", "", "status")
    assert ending.code == 2
    assert "an empty path" in ending.err


def test_an_empty_variable_is_not_taken_for_one_that_is_not_set(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As by another variable that a shell does not know: the default home would be begun."""
    for variable in ("PAPERSTRATA_HOME", "PAPERSTRATA_CONFIG"):
        with monkeypatch.context() as patch:
            patch.setenv(variable, "")
            ending = bench.run("status")
        assert (ending.code, f"{variable} is empty" in ending.err) == (2, True)
    monkeypatch.setenv("PAPERSTRATA_HOME", "")
    assert bench.run("--home", bench.home, "ingest", bench.put(api_page())).code == 0


def test_a_name_that_no_file_system_takes_is_a_usage_error(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    long, nearly = "x" * 300, str(bench.home.parent / ("y" * 250))
    page = str(write(bench.home.parent / "papers.jsonl", b'{"id": "a", "title": "b"}'))
    (bench.home.parent / "here").symlink_to("there")
    (bench.home.parent / "there").symlink_to("here")
    for given in (long, str(bench.home.parent / "here")):
        assert bench.run("sql", "select 1", "--output", given).code == 2
    assert bench.run("--home", long, "status").code == 2
    ending = bench.run("topics", "assign", page, "--output", nearly)
    assert (ending.code, "too long a name" in ending.err) == (2, True)
    monkeypatch.setenv("PAPERSTRATA_CONFIG", long)
    assert bench.run("status").code == 2


def test_a_file_system_without_locks_is_said_to_be_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    with (
        pytest.raises(NoLocksError, match="offers no locks"),
        writer_lock(tmp_path / "lock", {}),
    ):
        raise AssertionError


def test_a_held_lock_is_told_without_taking_it(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    assert not is_held(lock)
    with writer_lock(lock, {"verb": "ingest"}):
        assert is_held(lock)
        with pytest.raises(LockedError), writer_lock(lock, {}):
            raise AssertionError
    assert not is_held(lock)


def test_what_a_killed_verify_left_is_swept_up(bench: Bench) -> None:
    bench.put(api_page())
    left = write(bench.home / ".rebuilt-999999999-abc" / "warehouse.duckdb", b"x").parent
    assert bench.ingest().code == 0
    assert not left.exists()


def test_checks_during_a_run_do_not_miss_what_it_has_only_landed(bench: Bench) -> None:
    bench.put(api_page())
    assert bench.ingest().code == 0
    landed = bench.home / "landing" / "looks"
    other = Bench.__new__(Bench)
    other.__dict__ = {**bench.__dict__, "home": bench.home.parent / "other"}
    page = bench.put(api_page(4, "2025-06-21"), "here/2025-06-21/20250622T010000Z.json")
    ending = bench.run("--home", other.home, "ingest", page, "--feed-date", "2025-06-21")
    assert ending.code == 0
    for pack in (other.home / "landing" / "looks").glob("*.parquet"):
        (landed / pack.name).write_bytes(pack.read_bytes())
    with writer_lock(bench.home / "lock", {"verb": "ingest"}):
        during = bench.run("quality", "--json").report["checks"]
    bad = [check["check_id"] for check in during if check["state"] != "passed"]
    assert "captures_are_accounted_for" not in bad


def test_a_capture_of_the_future_is_held_until_somebody_decides(bench: Bench) -> None:
    ahead = now() + timedelta(days=3)
    page = bench.put(api_page(3, f"{ahead:%Y-%m-%d}"))
    told = ("--feed-date", f"{ahead:%Y-%m-%d}", "--captured-at", f"{ahead:%Y-%m-%dT%H:%M:%SZ}")
    assert bench.run("ingest", page, *told).code == 1
    ((capture, reason),) = bench.rows("select capture_id, reason from raw.capture")
    assert reason.startswith("captured_at_ahead: ")
    assert bench.rows("select count(*) from core.feed_day") == [(0,)]
    feeds = json.loads(bench.run("status", "--json").out)["feeds"]
    assert {feed["newest_captured_at"] for feed in feeds} == {None}
    assert bench.run("verify").code == 0
    assert bench.run("captures", "release", capture, "--reason", "a test").code == 0
    assert bench.rows("select state from raw.capture") == [("loaded",)]


def test_a_clock_that_went_back_does_not_make_captures_of_the_future(bench: Bench) -> None:
    """Given once more, by another path, while the machine believes that it is 2016."""
    bench.put(api_page())
    assert bench.ingest().code == 0
    page = bench.put(api_page(), f"copy/here/{DAY}/{LOOK_TIME}.json")
    workspace = Workspace.open(bench.home)
    workspace.now = lambda: datetime(2016, 11, 30)  # noqa: DTZ001 - naive UTC
    layout = PathTemplate("{origin}/{feed_date}/{captured_at}.json")
    again = ingest(workspace, [Inputs((page,), Stated(layout=layout))])
    assert again.captures["unchanged"] == 1
    assert len(workspace.landing.origins()) == 2
    assert bench.run("verify").code == 0
    assert bench.run("rebuild").code == 0
    assert bench.rows("select state from raw.capture") == [("loaded",)]


@pytest.mark.parametrize("stage", ["land", "load", "topics", "check", "publish"])
def test_a_home_that_goes_away_in_the_middle_of_a_run_is_not_begun_anew(
    bench: Bench, stage: str
) -> None:
    """As when its disk is unmounted: nothing is written where it was."""
    bench.put(api_page())
    assert bench.ingest().code == 0
    page = bench.put(api_page(4), f"more/{DAY}/20250621T030000Z.json")
    elsewhere = bench.home.with_name("elsewhere")

    def leaving(name: str, work: Callable[[], T]) -> T:
        if name == stage and bench.home.exists():
            bench.home.rename(elsewhere)
        return work()

    layout = PathTemplate("{origin}/{feed_date}/{captured_at}.json")
    with pytest.raises(DamagedError, match="is gone, as when a disk is unmounted"):
        ingest(Workspace.open(bench.home), [Inputs((page,), Stated(layout=layout))], step=leaving)
    assert not bench.home.exists()
    elsewhere.rename(bench.home)
    assert bench.run("ingest", page, "--layout", layout.template).code == 0
    assert bench.run("verify").code == 0
    assert bench.rows("select count(*) from raw.capture") == [(2,)]


LAST_DAY = "select feed_id, max(feed_date) from core.feed_day group by all"


def test_a_person_who_holds_a_capture_of_the_future_does_not_move_the_clock(bench: Bench) -> None:
    bench.put(api_page())
    assert bench.ingest().code == 0
    clock = bench.rows(LAST_DAY)
    ahead = now() + timedelta(days=30)
    page = bench.put(api_page(), "other.json")
    told = ("--feed-date", "2025-06-20", "--captured-at", f"{ahead:%Y-%m-%dT%H:%M:%SZ}")
    assert bench.run("ingest", page, *told).code == 1
    ((capture,),) = bench.rows("select capture_id from raw.capture where state = 'held'")
    assert bench.run("captures", "hold", capture, "--reason", "mine").code == 0
    ((reason,),) = bench.rows("select reason from raw.capture where state = 'held'")
    assert reason.startswith("captured_at_ahead: ")
    assert reason.endswith("; held: mine")
    assert bench.rows(LAST_DAY) == clock


def test_what_gives_up_lost_packs_begins_no_home_where_a_disk_is_not_mounted(bench: Bench) -> None:
    (bench.home / "inbox").mkdir(parents=True)
    ending = bench.run("rebuild", "--accept-loss")
    assert ending.code == 2
    assert f"there is no home in {bench.home}" in ending.err
    assert [path.name for path in bench.home.iterdir()] == ["inbox"]


def test_a_list_of_the_future_is_held_also_where_nobody_says_when_it_was_captured(
    bench: Bench,
) -> None:
    ahead = f"{now() + timedelta(days=30):%Y-%m-%d}"
    page = bench.put(api_page(3, ahead))
    assert bench.run("ingest", page, "--feed-date", ahead).code == 1
    ((reason,),) = bench.rows("select reason from raw.capture")
    assert reason.startswith("feed_date_ahead: ")


HOLD = """
import sys, time, duckdb
connection = duckdb.connect(sys.argv[1])
connection.execute("select 1 from ops.migration").fetchall()
print("held", flush=True)
time.sleep(60)
"""


def test_a_program_that_holds_the_published_file_open_for_writing_blocks_nothing(
    bench: Bench,
) -> None:
    bench.put(api_page())
    assert bench.ingest().code == 0
    published = bench.home / "warehouse.duckdb"
    published.chmod(0o644)
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(published)], stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout and holder.stdout.readline() == "held\n"
        bench.put(api_page(4, "2025-06-21"), "here/2025-06-21/20250622T010000Z.json")
        for command in (("status",), ("sql", "select 1"), ("verify",)):
            assert bench.run(*command).code == 0, command
        assert bench.ingest().code == 0
        holder.kill()
    assert bench.rows("select count(*) from core.paper") == [(4,)]
