"""Stages of a run as Prefect's tasks, of which one fails where a look failed."""

from collections.abc import Callable
from typing import Any, TypeVar

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.states import Failed

from flows.orchestrate.server import Attempt, Server
from flows.report import Outcome
from warehouse.visible import on_one_line

T = TypeVar("T")


def as_task(name: str, work: Callable[[], T]) -> T:
    """Run a stage as a Prefect task: seen in the UI, its result never stored.

    A stage in which a look failed is Failed there, and its result is returned all the same. A
    server that is gone stops nothing: the work goes on without it.
    """
    if Server.lost:
        return work()
    attempt = Attempt(work)

    @task(name=name, task_run_name=name, cache_policy=NO_CACHE, persist_result=False)
    def stage() -> Any:
        failed = say_failed(attempt())
        return Failed(message=failed) if failed else None

    try:
        state = stage(return_state=True)
        if not attempt.results:
            state.result()  # raises what the work raised
    except Exception as error:
        return attempt.finish(error)
    return attempt.results[0]


def at_once(name: str, work: Callable[[], T]) -> T:  # noqa: ARG001 - the signature of a step
    """Run a stage within the task that runs already."""
    return work()


def say_failed(result: Any) -> str | None:
    """Return which looks failed, of what a stage returned; None where none did."""
    parts = result if isinstance(result, tuple) else (result,)
    failed = [fetch for part in parts if isinstance(part, Outcome) for fetch in part.failed]
    if not failed:
        return None
    first = failed[0]
    what = f"{first.feed_id} {first.feed_date or ''}".strip()
    looks = "1 look failed" if len(failed) == 1 else f"{len(failed)} looks failed"
    return on_one_line(f"{looks}, at {what}: {first.reason}")
