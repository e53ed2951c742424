"""One writer at a time: the second is told at once, and a killed one leaves no lock."""

import gc
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from flows.cli.main import run
from flows.pipeline.ingest import ingest
from flows.workspace import Workspace
from warehouse.errors import LockedError, NoLocksError
from warehouse.lock import is_held, writer_lock

_CHECKOUT = Path(__file__).parents[2]
_HOLDER = """
import sys, time
from pathlib import Path
from warehouse.lock import is_held, writer_lock
with writer_lock(Path(sys.argv[1]), {"verb": "ingest", "process": "4711"}):
    print("held", flush=True)
    time.sleep(60)
"""


class Holder:
    """Another process that holds the lock until it is killed."""

    def __init__(self, lock: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", _HOLDER, str(lock)],
            cwd=_CHECKOUT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout
        assert self.process.stdout.readline() == "held\n"

    def __enter__(self) -> "Holder":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.communicate()


@pytest.mark.timeout(30)
def test_a_second_writer_is_told_at_once_who_is_at_work(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    with (
        Holder(lock),
        pytest.raises(LockedError, match=r"verb ingest, process 4711"),
        writer_lock(lock, {}),
    ):
        pass


def test_a_killed_writer_leaves_no_lock(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    with Holder(lock):
        pass
    assert lock.read_text() != ""
    with writer_lock(lock, {"verb": "daily"}):
        assert "4711" not in lock.read_text()


def test_the_lock_is_free_after_the_work_and_after_a_failure(tmp_path: Path) -> None:
    lock = tmp_path / "home" / "lock"
    with writer_lock(lock, {"verb": "first"}):
        pass
    with pytest.raises(ZeroDivisionError), writer_lock(lock, {"verb": "second"}):
        raise ZeroDivisionError
    with writer_lock(lock, {"verb": "third"}):
        assert "third" in lock.read_text()
    assert lock.read_text() == ""


def test_a_process_that_the_writer_starts_does_not_keep_its_lock(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    with writer_lock(lock, {"verb": "parent"}):
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        with writer_lock(lock, {"verb": "next"}):
            pass
    finally:
        child.kill()
        child.wait()


def test_a_second_ingest_ends_with_code_4_and_changes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Holder(tmp_path / "lock"):
        assert run(["--home", str(tmp_path), "ingest", str(tmp_path)]) == 4
        assert "another writer is at work: verb ingest" in capsys.readouterr().err
        assert [path.name for path in tmp_path.iterdir()] == ["lock"]


def test_a_run_that_finds_the_lock_held_leaves_the_process_as_it_was(tmp_path: Path) -> None:
    try:
        with Holder(tmp_path / "lock"), pytest.raises(LockedError):
            ingest(Workspace.open(tmp_path), [])
        assert gc.isenabled()
    finally:
        gc.enable()


@pytest.mark.timeout(30)
def test_a_pipe_in_the_place_of_a_lock_is_named_and_not_waited_for(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    os.mkfifo(lock)
    assert not is_held(lock)
    with pytest.raises(NoLocksError, match="is no file: move it away"), writer_lock(lock, {}):
        pass


def test_a_lock_that_is_a_link_empties_no_file_of_others(tmp_path: Path) -> None:
    mine, lock = tmp_path / "mine", tmp_path / "lock"
    mine.write_text("mine")
    lock.symlink_to(mine)
    with pytest.raises(NoLocksError, match="symbolic link"), writer_lock(lock, {"verb": "ingest"}):
        pass
    assert mine.read_text() == "mine"
