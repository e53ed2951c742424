"""What does not notice that its time is over is left all the same."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from flows.cli import interruptible
from flows.cli.exit_codes import QueryError
from flows.cli.interruptible import run_at_most, run_interruptibly

_CHECKOUT = Path(__file__).parents[3]
_ENDLESS = """
import os, signal, sys, threading, time
from pathlib import Path
from flows.cli.interruptible import run_interruptibly

class Endless:
    def interrupt(self):
        pass

def work():
    Path(sys.argv[1]).write_text("half of it")
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(60)

run_interruptibly(Endless(), work, 60.0, Path(sys.argv[1]))
"""


class Deaf:
    """A connection whose query goes on, as within one call of a function of DuckDB."""

    def interrupt(self) -> None:
        """Do nothing."""


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interruptible, "_LATE_SECONDS", 0.0)


def test_a_query_that_cannot_be_broken_off_ends_the_process_and_leaves_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def leave(code: int) -> None:
        raise SystemExit(code)

    monkeypatch.setattr("os._exit", leave)
    unfinished = tmp_path / "answer.csv"
    unfinished.touch()
    goes_on = threading.Event()
    with pytest.raises(SystemExit) as left:
        run_interruptibly(Deaf(), lambda: void(goes_on.wait()), 0.01, unfinished)
    goes_on.set()
    assert left.value.code == 2
    assert not unfinished.exists()
    assert capfd.readouterr().err == "paperstrata: stopped after 0.01 seconds (--timeout)\n"


def test_an_agent_is_answered_though_its_query_cannot_be_broken_off() -> None:
    goes_on = threading.Event()
    with pytest.raises(QueryError, match=r"stopped after 0\.01 seconds"):
        run_at_most(0.01, goes_on.wait)
    goes_on.set()
    assert run_at_most(60.0, lambda: 7) == 7
    with pytest.raises(ZeroDivisionError):
        run_at_most(60.0, lambda: 1 // 0)


def test_ctrl_c_removes_what_was_being_written_also_where_the_query_goes_on(tmp_path: Path) -> None:
    half = tmp_path / ".answer.parquet.1.tmp"
    ended = subprocess.run(
        [sys.executable, "-c", _ENDLESS, str(half)],
        cwd=_CHECKOUT,
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (130, "paperstrata: stopped\n")
    assert not half.exists()


def void(_: object) -> None:
    """Return nothing."""
