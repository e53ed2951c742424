"""The next part is worked on while the caller is at the one before, and nothing else changes."""

import threading
from collections.abc import Iterator
from itertools import pairwise

import pytest

from flows.pipeline.ahead import work_ahead


def test_results_come_in_the_order_of_the_parts() -> None:
    waits = work_ahead(range(50), lambda part: part * 2, lambda part: part % 7 == 0)
    assert [wait() for wait in waits] == [part * 2 for part in range(50)]
    assert list(work_ahead([], str, lambda _: False)) == []


@pytest.mark.timeout(60)
def test_the_next_part_is_begun_before_the_caller_is_done_with_the_one_before() -> None:
    begun = [threading.Event() for _ in range(3)]
    for number, wait in enumerate(work_ahead(begun, threading.Event.set, lambda _: False)):
        wait()
        if number + 1 < len(begun):
            assert begun[number + 1].wait(timeout=50)


def test_beside_a_large_part_nothing_else_is_under_way() -> None:
    said: list[tuple[str, int]] = []

    def work(part: int) -> int:
        said.append(("begun", part))
        return part

    waits = work_ahead(range(9), work, lambda part: part in (0, 3, 4, 8))
    said.extend(("had", wait()) for wait in waits)
    assert {event for event, _ in said} == {"begun", "had"}
    for large in (0, 3, 4, 8):
        at = said.index(("begun", large))
        assert said[at + 1] == ("had", large)
        assert all(("had", part) in said[:at] for part in range(large))


def test_parts_are_taken_in_the_thread_of_the_caller_and_worked_on_in_one_other() -> None:
    taken: set[int] = set()

    def take() -> Iterator[int]:
        for part in range(5):
            taken.add(threading.get_ident())
            yield part

    workers = {wait() for wait in work_ahead(take(), lambda _: threading.get_ident(), bool)}
    assert taken == {threading.get_ident()}
    assert len(workers) == 1
    assert workers.isdisjoint(taken)


def test_what_fails_is_raised_where_it_is_waited_for_after_those_before_it() -> None:
    def work(part: int) -> int:
        return 10 // part

    had: list[int] = []
    waits = work_ahead([5, 2, 0, 1], work, lambda _: False)
    with pytest.raises(ZeroDivisionError):
        had.extend(wait() for wait in waits)
    assert had == [2, 5]


def test_no_more_than_one_part_is_worked_on_before_it_is_wanted() -> None:
    begun: list[int] = []
    had: list[int] = []
    for wait in work_ahead(range(20), begun.append, lambda _: False):
        wait()
        had.append(len(begun))
    assert all(number + 1 <= ahead <= number + 2 for number, ahead in enumerate(had))
    assert all(one <= other for one, other in pairwise(had))
