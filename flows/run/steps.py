"""How stages are run, and how far they are."""

from collections.abc import Callable
from typing import Protocol, TypeVar

T = TypeVar("T")


class Step(Protocol):
    """Runs a named stage: at once, or as a task of an orchestrator."""

    def __call__(self, name: str, work: Callable[[], T]) -> T:
        """Run ``work`` and return its result."""
        ...


def direct(name: str, work: Callable[[], T]) -> T:  # noqa: ARG001 - the signature of a step
    """Run a stage at once."""
    return work()


Progress = Callable[[int, int], None]
"""Is told how many more files and bytes were read."""


def quiet(files: int, size: int) -> None:
    """Show no progress."""
