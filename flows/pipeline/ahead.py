"""Work on the next part while the present one is written, so that no core waits for the other."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def work_ahead(
    parts: Iterable[T], work: Callable[[T], R], is_large: Callable[[T], bool]
) -> Iterator[Callable[[], R]]:
    """Yield for each part, in their order, a call that waits for what ``work`` makes of it.

    ``work`` is called in a thread of its own, on one part at a time: on the next one while the
    caller is at the one before. The parts are taken in the thread of the caller. Beside a large
    part nothing else is in memory.
    """
    waiting: Future[R] | None = None
    with ThreadPoolExecutor(1) as thread:
        for part in parts:
            if waiting and is_large(part):
                yield waiting.result
                waiting = None
            begun = thread.submit(work, part)
            if waiting:
                yield waiting.result
            waiting = begun
            if is_large(part):
                yield begun.result
                waiting = None
        if waiting:
            yield waiting.result
