"""Two files in turn publish what a copy would, and whatever happens to the one that is kept."""

import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.admin.decisions import decide
from flows.admin.erasure import erase_names
from flows.admin.rebuild import rebuild
from flows.admin.verify import verify
from flows.pipeline.ingest import ingest
from flows.workspace import Workspace
from tests.captures import Capture
from tests.conftest import EXAMPLES
from tests.histories import histories, make_history
from tests.runs import LAYOUT, deliver, digests_of, ingest_files, query
from tests.written import write_captures
from warehouse import kept
from warehouse.connection import open_published
from warehouse.landing_records import FAILED

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(0 if EXAMPLES else 300),
    pytest.mark.usefixtures("small_config"),
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells who reads a file"),
]
_CHECKOUT = Path(__file__).parents[1]
_KILLED = """
import os, signal, sys
import warehouse.kept
warehouse.kept.LEAST_BYTES = 0
home, fatal, steps = sys.argv[1], sys.argv[2], 0
work, published = f"{home}/work/warehouse.duckdb", f"{home}/warehouse.duckdb"
names = {
    ("os.rename", work): "take",
    ("os.chmod", work): "chmod",
    ("os.link", published): "link",
    ("os.rename", published): "publish",
}
def count(event, arguments):
    global steps
    if event in ("open", "os.remove") or event in [name for name, _ in names]:
        if str(arguments[0]).startswith(home):
            steps += 1
            path = str(arguments[1] if event == "os.rename" else arguments[0])
            if fatal in (str(steps), names.get((event, path))):
                os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(count)
from flows.cli.main import run
code = run(["--home", home, *sys.argv[3:]])
print("steps", steps)
sys.exit(code)
"""
"""The command line, killed before the n-th thing it does to a file of its home, or a named one."""
_COUNT = "select count(*) from raw.capture"


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether each run since worked on the kept file, of warehouses of any size."""
    told: list[bool] = []

    def catch_up(*arguments: object) -> bool:
        told.append(original(*arguments))  # type: ignore[arg-type]
        return told[-1]

    original = kept.catch_up
    monkeypatch.setattr(kept, "LEAST_BYTES", 0)
    monkeypatch.setattr(kept, "catch_up", catch_up)
    return told


@settings(max_examples=EXAMPLES or 2, suppress_health_check=list(HealthCheck))
@given(history=histories(), data=st.data())
def test_runs_in_turn_on_two_files_publish_what_one_run_does(
    taken: list[bool], history: list[Capture], data: st.DataObject
) -> None:
    order = data.draw(st.permutations(range(len(history))), label="order")
    number = st.integers(0, len(order) - 1)
    kind = st.sampled_from(("restate", "hold", "release", "retract"))
    decided = data.draw(st.lists(st.tuples(number, kind), min_size=3, max_size=6), label="decided")
    size = max(1, len(order) // 4)
    with TemporaryDirectory() as name:
        folder = Path(name)
        paths = write_captures(folder / "captures", history)
        straight, pieces = folder / "straight", folder / "pieces"
        ingest_files(straight, paths)
        taken.clear()
        for start in range(0, len(order), size):
            ingest_files(pieces, [paths[at] for at in order[start : start + size]])
        assert digests_of(pieces) == digests_of(straight)
        # what a run reads anew, the next one has to find in the published file
        captures = query(pieces, "select capture_id from raw.capture order by 1")
        # of few captures, so that the same texts go and come back
        for chosen, decision in decided:
            capture_id = captures[chosen % 3 % len(captures)][0]
            day = date(2025, 6, 3 + chosen % 9) if decision == "restate" else None
            report = decide(Workspace.open(pieces), [capture_id], decision, "a test", "us", day)
            assert report.failed_checks == []
        assert verify(Workspace.open(pieces)).equal
        ids = query(pieces, "select count(*), count(distinct alias_id) from ops.first_publication")
        assert ids[0][0] == ids[0][1]
        assert any(taken)


@pytest.fixture(scope="module")
def captures(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("captures")
    return write_captures(folder, make_history(3, days=8, papers=5))


@pytest.fixture
def home(tmp_path: Path, taken: list[bool], captures: list[Path]) -> Path:
    """A home with a kept file, which lacks what the published one holds."""
    home = tmp_path / "home"
    ingest_files(home, captures[:2])
    ingest_files(home, captures[2:4])
    assert (home / ".previous.duckdb").exists()
    assert taken == []
    return home


def test_an_old_reader_reads_on_in_what_it_opened(
    home: Path, taken: list[bool], captures: list[Path]
) -> None:
    with open_published(home / "warehouse.duckdb") as connection:
        before = connection.execute(_COUNT).fetchall()
        for number in range(4, 7):
            ingest_files(home, captures[number : number + 1])
            assert connection.execute(_COUNT).fetchall() == before
    # the first of them took the file from before; that of the reader was left to it
    assert taken == [True, True]
    ingest_files(home, captures[7:8])
    assert taken == [True, True, True]
    assert verify(Workspace.open(home)).equal


def test_a_file_that_is_damaged_or_of_another_line_is_not_built_upon(
    home: Path, taken: list[bool], captures: list[Path], tmp_path: Path
) -> None:
    damaged = home / ".previous.duckdb"
    damaged.chmod(0o644)
    with damaged.open("r+b") as file:
        file.seek(0x3000)
        file.write(b"\xff" * (damaged.stat().st_size - 0x3000))
    shutil.copy(home / "warehouse.duckdb", tmp_path / "backup")
    ingest_files(home, captures[4:5])
    ingest_files(home, captures[5:6])
    assert [is_taken for is_taken in taken if is_taken] == [True]
    # restored from a backup: what was kept holds more than it
    (home / "warehouse.duckdb").unlink()
    shutil.copy(tmp_path / "backup", home / "warehouse.duckdb")
    taken.clear()
    ingest_files(home, captures[6:7])
    assert taken == [False]
    assert verify(Workspace.open(home)).equal
    rebuild(Workspace.open(home))
    assert not (home / ".previous.duckdb").exists()


def test_a_text_that_goes_and_comes_back_is_in_both_files(
    home: Path, taken: list[bool], captures: list[Path]
) -> None:
    ((capture, content),) = query(
        home,
        "select min(capture_id), content_id from raw.entry group by content_id"
        " having count(distinct capture_id) = 1 order by 2 limit 1",
    )
    workspace = Workspace.open(home)
    text = f"select count(*) from raw.content where content_id = '{content}'"
    for decision, texts in (("hold", 0), ("release", 1)):
        decide(workspace, [capture], decision, "a test", "us")
        assert query(home, text) == [(texts,)]
    for number in range(4, 7):
        ingest_files(home, captures[number : number + 1])
        assert query(home, text) == [(1,)]
    assert taken == [True] * 5
    assert verify(workspace).equal


def test_failed_looks_whose_pack_is_lost_stay_in_both_files(
    home: Path, taken: list[bool], captures: list[Path]
) -> None:
    looks = "select count(*) from raw.failed_look"
    for day in (3, 4):
        at = datetime(2025, 6, day)  # noqa: DTZ001 - naive UTC
        row = ("hf-daily", at.date(), at, None, f"HTTP 50{day}")
        Workspace.open(home).landing.write("failed", pl.DataFrame([row], FAILED, orient="row"))
        ingest_files(home, captures[day + 1 : day + 2])
    for pack in (home / "landing" / "failed").glob("*.parquet"):
        pack.unlink()
    assert query(home, looks) == [(2,)]
    for number in (6, 7):
        ingest(Workspace.open(home), deliver(captures[number : number + 1]))
        assert query(home, looks) == [(2,)]
    assert taken == [True] * 4


def test_an_erased_name_is_in_no_kept_file(home: Path, taken: list[bool]) -> None:
    ((author,),) = query(home, "select authors[1] from raw.content order by content_id limit 1")
    erasure = erase_names(Workspace.open(home), [author], "asked for", "us")
    assert erasure.occurrences > 0
    assert not (home / ".previous.duckdb").exists()
    assert [left for left in erasure.remaining if "duckdb" in left["place"]] == []


def test_killed_at_any_step_of_a_turn_it_keeps_the_last_good_warehouse(
    home: Path, captures: list[Path], tmp_path: Path
) -> None:
    before = digests_of(home)
    shutil.copytree(home, tmp_path / "undisturbed")
    steps = _start(tmp_path / "undisturbed", captures[0].parents[4], "0")
    after = digests_of(tmp_path / "undisturbed")
    for fatal in _fatal_steps(steps):
        killed = tmp_path / f"killed-{fatal}"
        shutil.copytree(home, killed)
        assert _start(killed, captures[0].parents[4], str(fatal)) == 0, fatal
        assert digests_of(killed) in (before, after), fatal
        ingest_files(killed, captures)
        assert digests_of(killed) == after, fatal
        assert not list((killed / "work").iterdir())
        assert query(killed, "select count(*) from ops.publication") == [(3,)], fatal


def _fatal_steps(steps: int) -> Iterator[int | str]:
    """Yield the steps at which a file changes its name, and some more."""
    yield from ("take", "chmod", "link", "publish")
    yield from range(7, steps, max(1, steps // (EXAMPLES or 3)))


def _start(home: Path, captures: Path, fatal: str) -> int:
    """Run an ingest that is killed before a step; return its steps, 0 where it was killed."""
    command = [sys.executable, "-c", _KILLED, str(home), fatal, "ingest", str(captures)]
    run = subprocess.run(
        [*command, "--layout", LAYOUT], cwd=_CHECKOUT, capture_output=True, text=True, check=False
    )
    if run.returncode == -signal.SIGKILL:
        return 0
    assert run.returncode in (0, 1), run.stderr
    return int(run.stdout.splitlines()[-1].split()[-1])
