"""A run killed at any instant leaves the last good warehouse, and the next run ends the work."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import pytest

from flows.admin.verify import verify
from flows.workspace import Workspace
from tests.conftest import EXAMPLES
from tests.histories import make_history
from tests.runs import LAYOUT, Digests, digests_of, ingest_files, query
from tests.written import write_captures
from warehouse.checks.integrity.run import check_integrity
from warehouse.connection import open_work

pytestmark = pytest.mark.timeout(0 if EXAMPLES else 300)

_CHECKOUT = Path(__file__).parents[1]
_EVENTS = ("open", "os.rename", "os.remove", "os.chmod", "os.mkdir", "os.truncate", "os.scandir")
_KILLED_AT_STEP = f"""
import os, signal, sys
home, fatal, steps = sys.argv[1], sys.argv[2], 0
def count(event, arguments):
    global steps
    if event in {_EVENTS} and (event == "os.truncate" or str(arguments[0]).startswith(home)):
        steps += 1
        publishes = event == "os.rename" and str(arguments[1]) == home + "/warehouse.duckdb"
        if fatal == str(steps) or (fatal == "publish" and publishes):
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(count)
from flows.cli.main import run
code = run(["--home", home, *sys.argv[3:]])
print("steps", steps)
sys.exit(code)
"""
"""The command line, killed before the n-th thing that it does to a file of its home folder."""


class Scene(NamedTuple):
    """Captures of which the first half is published, and the digests before and after the rest."""

    folder: Path
    captures: list[Path]
    before: Digests
    after: Digests
    steps: int
    first_steps: int
    """Of a run on an empty home."""

    def home(self, name: str, *, is_empty: bool = False) -> Path:
        """Return a home folder of its own: with the first half, or with nothing."""
        home = self.folder / name
        if not is_empty:
            shutil.copytree(self.folder / "half", home)
        return home


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory, small_config: Path) -> Scene:
    folder = tmp_path_factory.mktemp("crash")
    captures = write_captures(folder / "captures", make_history(3, days=8, papers=5))
    ingest_files(folder / "half", captures[: len(captures) // 2])
    before = digests_of(folder / "half")
    undisturbed = folder / "undisturbed"
    shutil.copytree(folder / "half", undisturbed)
    steps = count_steps(undisturbed, folder / "captures")
    first_steps = count_steps(folder / "from-nothing", folder / "captures")
    return Scene(folder, captures, before, digests_of(undisturbed), steps, first_steps)


def count_steps(home: Path, captures: Path) -> int:
    """Return what an ingest that is not killed does to files of its home folder."""
    run = start_killed(home, captures, step=0)
    said, _ = run.communicate()
    assert run.returncode in (0, 1)  # 1 where entries are rejected
    return int(said.splitlines()[-1].split()[-1])


def start_killed(home: Path, captures: Path, step: int | str) -> subprocess.Popen[str]:
    """Start an ingest that kills itself before the n-th step, or `publish`; 0 is never."""
    command = [sys.executable, "-c", _KILLED_AT_STEP, str(home), str(step)]
    return subprocess.Popen(
        [*command, "ingest", str(captures), "--layout", LAYOUT],
        cwd=_CHECKOUT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def assert_good_and_finished_by_the_next_run(scene: Scene, home: Path, *, was_empty: bool) -> None:
    published = home / "warehouse.duckdb"
    if published.exists():
        possible = [scene.after] if was_empty else [scene.before, scene.after]
        assert digests_of(published) in possible
    else:
        assert was_empty
    ingest_files(home, [scene.folder / "captures"])
    assert digests_of(published) == scene.after
    assert not list(home.glob("landing/*/.*.tmp"))
    assert not list((home / "work").iterdir())
    for record in (home / "journal").glob("*.ndjson"):
        assert all(json.loads(line) for line in record.read_text().splitlines())


def steps_to_kill_at(steps: int, number: int) -> list[int]:
    """Return some steps over the whole run, the last ones, where it publishes, among them."""
    if EXAMPLES:
        return sorted(random.Random(7).sample(range(1, steps + 1), min(EXAMPLES, steps)))
    spread = {steps * part // number for part in range(1, number)}
    return sorted(spread | {steps - 4, steps - 6})


@pytest.mark.slow
def test_killed_at_any_step_it_keeps_the_last_good_warehouse(scene: Scene) -> None:
    for step in steps_to_kill_at(scene.steps, 3):
        home = scene.home(f"step-{step}")
        run = start_killed(home, scene.folder / "captures", step)
        run.communicate()
        assert run.returncode == -signal.SIGKILL, step
        assert_good_and_finished_by_the_next_run(scene, home, was_empty=False)
    assert verify(Workspace.open(home)).equal


@pytest.mark.slow
def test_killed_in_its_first_run_it_has_published_all_or_nothing(scene: Scene) -> None:
    for step in steps_to_kill_at(scene.first_steps, 2):
        home = scene.home(f"first-{step}", is_empty=True)
        run = start_killed(home, scene.folder / "captures", step)
        run.communicate()
        assert run.returncode == -signal.SIGKILL, step
        assert_good_and_finished_by_the_next_run(scene, home, was_empty=True)


@pytest.mark.slow
def test_killed_again_and_again_at_random_instants_it_gets_there(scene: Scene) -> None:
    home, chance = scene.home("random"), random.Random(11)
    for _ in range(EXAMPLES or 2):
        run = start_killed(home, scene.folder / "captures", step=0)
        # from the moment on in which it takes the lock: before that it only imports
        while run.poll() is None and not (home / "work").exists() and not _is_locked(home):
            time.sleep(0.005)
        time.sleep(chance.uniform(0, 0.8))
        os.kill(run.pid, signal.SIGKILL)
        run.communicate()
        assert digests_of(home) in (scene.before, scene.after)
        with open_work(_copy(home), Workspace.open(home).limits) as connection:
            landed = Workspace.open(home).landing.captures().select("capture_id")
            results = check_integrity(connection, landed)
        bad = {row.check_id for row in results if row.state != "passed"}
        # looks may have landed without being loaded yet; everything else must hold
        assert bad <= {"captures_are_accounted_for"}
        if digests_of(home) == scene.after:
            home = scene.home(f"random-{chance.random()}")
    assert_good_and_finished_by_the_next_run(scene, home, was_empty=False)


def _is_locked(home: Path) -> bool:
    lock = home / "lock"
    return lock.exists() and lock.stat().st_size > 0


def _copy(home: Path) -> Path:
    copy = home / "copy.duckdb"
    copy.unlink(missing_ok=True)
    shutil.copy(home / "warehouse.duckdb", copy)
    copy.chmod(0o644)
    return copy


@pytest.mark.slow
def test_a_publication_that_nobody_saw_is_not_on_record(scene: Scene) -> None:
    home = scene.home("unseen")
    run = start_killed(home, scene.folder / "captures", "publish")
    run.communicate()
    assert run.returncode == -signal.SIGKILL
    assert digests_of(home) == scene.before
    ingest_files(home, [scene.folder / "captures"])
    assert query(home, "select count(*) from ops.publication") == [(2,)]
