"""Another process of this program: it works out values while this one does other work.

Python's lock is not shared with it. Questions and answers are pickled, and wait on the disk. Run as
a program this module is that process: it reads the place of a question from a line of standard
input, and writes the place of the answer as a line.
"""

import os
import pickle
import select
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any, Final, Generic, TypeVar

from flows.processors import count_processors
from flows.spool import Place, Spool, get, put

T = TypeVar("T")
R = TypeVar("R")

_LONGEST: Final = 120
"""Seconds for an answer; a process that takes longer was stopped by somebody."""


class OtherProcess:
    """A process that begins with the first question, and ends with this one, however that ends.

    A thread hands it one question after the other.
    """

    def __init__(self, folder: Path) -> None:
        """``folder`` is on the disk where questions and answers wait."""
        self._folder = folder
        self._thread = ThreadPoolExecutor(1)
        self._lock = Lock()
        self._spools: tuple[Spool, Spool] | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._has_ended = False

    @property
    def is_begun(self) -> bool:
        """Whether it was asked, and has not ended."""
        return self._spools is not None and not self._has_ended

    def ask(self, work: Callable[[T], R], value: T) -> "Asked[R]":
        """Ask what ``work``, a function of a module, makes of a value; both can be pickled."""
        question = pickle.dumps((work, value), protocol=pickle.HIGHEST_PROTOCOL)
        try:
            if self._spools is None:
                self._spools = Spool(self._folder), Spool(self._folder)
            questions, _ = self._spools
            place = questions.put(question)
        except OSError:
            return Asked(partial(pickle.loads, question), None)
        return Asked(partial(_load, questions, place), self._thread.submit(self._exchange, place))

    def close(self) -> None:
        """End it, wherever it is."""
        self._end()
        self._thread.shutdown(cancel_futures=True)
        if self._process is not None:
            self._process.communicate()
        for spool in self._spools or ():
            spool.close()

    def _exchange(self, question: Place) -> Callable[[], Any] | None:
        """Return what reads the answer; None where the other process does not give one."""
        try:
            if self._spools and (line := self._send(question)).endswith(b"\n"):
                return partial(_load, self._spools[1], Place(*map(int, line.split())))
        except OSError:
            pass
        self._end()
        return None

    def _send(self, question: Place) -> bytes:
        """Return the line that answers a question; an empty one where none comes."""
        process = self._begin()
        if process is None or process.stdin is None or process.stdout is None:
            return b""
        process.stdin.write(_line(question))
        is_ready, _, _ = select.select([process.stdout], [], [], _LONGEST)
        return process.stdout.readline() if is_ready else b""

    def _begin(self) -> "subprocess.Popen[bytes] | None":
        with self._lock:
            if self._has_ended:
                return None
            if self._process is None and self._spools:
                self._process = _start(*self._spools)
            return self._process

    def _end(self) -> None:
        with self._lock:
            self._has_ended = True
            if self._process is not None:
                self._process.kill()
                self._process.wait()


class Asked(Generic[R]):
    """A question to the other process."""

    def __init__(
        self,
        read_question: Callable[[], tuple[Callable[[Any], R], Any]],
        answer: Future[Callable[[], R] | None] | None,
    ) -> None:
        """Without an ``answer`` to come the work is done here."""
        self._read_question = read_question
        self._answer = answer

    def is_answered(self) -> bool:
        """Tell whether the other process is done with it."""
        return self._answer is not None and self._answer.done()

    def result(self) -> R:
        """Return the answer; where the other process has not begun, or has ended, do the work here.

        Raises:
            Exception: what the work raises.
        """
        if self._answer is not None and not self._answer.cancel():
            read_answer = self._answer.result()
            if read_answer is not None:
                return read_answer()
        work, value = self._read_question()
        return work(value)


def all_results(asked: Sequence[Asked[R]]) -> Iterator[R]:
    """Yield all results, in any order: while one is waited for, the last are worked out here."""
    left = deque(asked)
    while left:
        is_first = len(left) == 1 or left[0].is_answered()
        yield (left.popleft() if is_first else left.pop()).result()


def is_worth_it() -> bool:
    """Tell whether another process would have a processor of its own."""
    return count_processors() > 1 and hasattr(os, "pread")


def _load(spool: Spool, place: Place) -> Any:
    return pickle.loads(spool.get(place))  # noqa: S301 - written by this run


def _line(place: Place) -> bytes:
    return b"%d %d\n" % place


def _start(questions: Spool, answers: Spool) -> subprocess.Popen[bytes]:
    numbers = (questions.number, answers.number)
    command = [sys.executable, "-P", "-m", "flows.other_process", *map(str, numbers)]
    # modules are found as this process finds them, whatever lies in the present folder
    path = os.pathsep.join(folder or str(Path.cwd()) for folder in sys.path)
    # it has one processor: the other one is for the process that asks
    alone = dict.fromkeys(("OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS"), "1")
    return subprocess.Popen(  # noqa: S603 - this module
        command,
        bufsize=0,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        pass_fds=numbers,
        env={**os.environ, **alone, "PYTHONPATH": path},
    )


def _answer_all(questions: int, answers: int) -> None:
    """Answer until standard input ends: the process that asks has closed it, or is no more."""
    end = 0
    for line in sys.stdin.buffer:
        question = get(questions, Place(*map(int, line.split())))
        work, value = pickle.loads(question)  # noqa: S301 - written by the process that began this
        answer = pickle.dumps(work(value), protocol=pickle.HIGHEST_PROTOCOL)
        place = put(answers, answer, end)
        end += place.length
        sys.stdout.buffer.write(_line(place))
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    _answer_all(*map(int, sys.argv[1:]))
