"""Another process works out values; whatever becomes of it, each value is worked out."""

import math
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from flows import other_process
from flows.other_process import OtherProcess, all_results

PID = "__import__('os').getpid()"
PARENT = f"""
import sys
from pathlib import Path
from flows.other_process import OtherProcess
asked = OtherProcess(Path(sys.argv[1])).ask(eval, {PID!r})
while not asked.is_answered():
    pass
print(asked.result(), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def other(tmp_path: Path) -> Iterator[OtherProcess]:
    with closing(OtherProcess(tmp_path / "made")) as one:
        yield one


def _pid_of_who_answers(other: OtherProcess) -> int:
    """Return the id of the process that answers, where this one does not come before it."""
    asked = other.ask(eval, PID)
    while not asked.is_answered():
        time.sleep(0.001)
    found = asked.result()
    assert isinstance(found, int)
    return found


def _is_there(pid: int) -> bool:
    state = Path(f"/proc/{pid}/stat")
    return state.exists() and state.read_text().rpartition(")")[2].split()[0] != "Z"


def _wait_until_gone(pid: int) -> None:
    while _is_there(pid):
        time.sleep(0.01)


def test_another_process_answers_what_this_one_would(other: OtherProcess) -> None:
    asked = [other.ask(math.factorial, number) for number in range(40)]
    assert sorted(all_results(asked)) == [math.factorial(number) for number in range(40)]
    assert _pid_of_who_answers(other) != os.getpid()
    large = bytes(5_000_000)
    assert other.ask(bytes.upper, large).result() == large


def test_it_begins_with_the_first_question(other: OtherProcess) -> None:
    assert not other.is_begun
    other.ask(eval, PID)
    assert other.is_begun


def test_what_it_has_not_begun_is_done_here(other: OtherProcess) -> None:
    waits, asked = other.ask(time.sleep, 0.3), other.ask(eval, PID)
    assert asked.result() == os.getpid()
    assert waits.result() is None


def test_an_error_of_the_work_is_raised_and_later_questions_are_answered_here(
    other: OtherProcess,
) -> None:
    asked = other.ask(math.factorial, -1)
    while not asked.is_answered():
        time.sleep(0.001)
    with pytest.raises(ValueError, match="not defined for negative"):
        asked.result()
    assert _pid_of_who_answers(other) == os.getpid()
    assert not other.is_begun


def test_after_it_was_killed_the_work_is_done_here(other: OtherProcess) -> None:
    os.kill(_pid_of_who_answers(other), signal.SIGKILL)
    asked = [other.ask(eval, PID) for _ in range(3)]
    assert set(all_results(asked)) == {os.getpid()}


def test_one_that_was_stopped_is_not_waited_for(
    other: OtherProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    pid = _pid_of_who_answers(other)
    monkeypatch.setattr(other_process, "_LONGEST", 0.1)
    os.kill(pid, signal.SIGSTOP)
    assert _pid_of_who_answers(other) == os.getpid()
    assert not _is_there(pid)


def test_without_a_disk_or_an_interpreter_the_work_is_done_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = tmp_path / "taken"
    taken.touch()
    with closing(OtherProcess(taken)) as other:
        assert other.ask(eval, PID).result() == os.getpid()
        assert not other.is_begun
    for interpreter in ("/bin/false", str(taken), str(tmp_path / "none")):
        monkeypatch.setattr(sys, "executable", interpreter)
        with closing(OtherProcess(tmp_path)) as other:
            assert _pid_of_who_answers(other) == os.getpid()


def test_closing_ends_it_in_the_middle_of_its_work(tmp_path: Path) -> None:
    other = OtherProcess(tmp_path)
    pid = _pid_of_who_answers(other)
    other.ask(time.sleep, 3_600)
    other.ask(time.sleep, 3_600)
    other.close()
    assert not _is_there(pid)
    assert list(tmp_path.iterdir()) == []


def test_it_ends_with_the_process_that_asks_however_that_ends(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PARENT, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert _is_there(pid)
        parent.kill()
    _wait_until_gone(pid)
    assert list(tmp_path.iterdir()) == []
