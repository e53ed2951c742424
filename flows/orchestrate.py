"""The only import of Prefect: wraps stages as tasks and runs as flows, with the same records."""

import atexit
import os
import sys
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

# before Prefect is imported: quiet, without telemetry, patient with a slow machine
for _name, _value in {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_LOGGING_LEVEL": "WARNING",
    "PREFECT_SERVER_LOGGING_LEVEL": "ERROR",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
}.items():
    os.environ.setdefault(_name, _value)


def _silence_exit() -> None:
    """Stay quiet while the process ends: DuckDB's bindings would list what threads keep alive."""
    sys.stderr.flush()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


# the first to be registered is the last to run, after Prefect has stopped its server
atexit.register(_silence_exit)

from prefect import flow, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE

from flows.exits import UnreachableError
from flows.house import House
from flows.ingest import ingest
from flows.land import Delivery, Stated
from flows.layout import Layout
from flows.report import Report
from flows.run import Judge, Progress, quiet

T = TypeVar("T")


def as_task(name: str, work: Callable[[], T]) -> T:
    """Run a stage as a Prefect task: seen in the UI, its result never stored."""

    @task(name=name, cache_policy=NO_CACHE, persist_result=False)
    def stage() -> T:
        return work()

    return stage()


@flow(name="ingest", persist_result=False)
def ingest_flow(
    paths: list[str],
    home: str | None = None,
    feed: str | None = None,
    kind: str | None = None,
    feed_date: date | None = None,
    captured_at: datetime | None = None,
    layout: str | None = None,
) -> dict[str, Any]:
    """Load captures from files or folders; returns what ``paperstrata ingest --json`` prints."""
    house = House.open(Path(home) if home else None)
    stated = Stated(feed, kind, feed_date, captured_at, Layout(layout) if layout else None)
    delivery = Delivery(tuple(map(Path, paths)), stated)
    return _run(house, [delivery], "ingest", None, quiet).as_json()


@flow(name="daily", persist_result=False)
def daily_flow(home: str | None = None) -> dict[str, Any]:
    """The scheduled run: what lies in the inboxes, checks, reports."""
    from flows.daily import daily

    house = House.open(Path(home) if home else None)
    report = daily(house, lambda deliveries, judge: _run(house, deliveries, "daily", judge, quiet))
    return report.as_json()


def ingest_orchestrated(
    house: House,
    deliveries: Sequence[Delivery],
    verb: str,
    judge: Judge | None,
    progress: Progress,
) -> Report:
    """Run an ingest of the command line as a flow whose parameters the UI shows.

    Raises:
        UnreachableError: an API is configured and does not answer.
    """
    if house.settings.prefect_api_url:
        _reach(house.settings.prefect_api_url)

    @flow(name=verb, persist_result=False)
    def run_once(paths: list[str], home: str, stated: list[dict[str, str]]) -> Report:  # noqa: ARG001 - shown in the UI
        return _run(house, deliveries, verb, judge, progress)

    paths = [str(path) for delivery in deliveries for path in delivery.paths]
    stated = [_shown(delivery.stated) for delivery in deliveries]
    return run_once(paths, str(house.settings.home.folder), stated)


def _run(
    house: House,
    deliveries: Sequence[Delivery],
    verb: str,
    judge: Judge | None,
    progress: Progress,
) -> Report:
    report = ingest(house, deliveries, as_task, verb, judge, progress)
    table = [
        {"what": what, "state": state, "count": count}
        for what, counts in report.counts().items()
        for state, count in counts.items()
    ]
    create_table_artifact(
        key="counts",
        table=table,
        description=f"Run {report.run_id}: published {report.is_published}",
    )
    return report


def _shown(stated: Stated) -> dict[str, str]:
    layout = stated.layout.template if stated.layout else None
    facts = {
        "feed": stated.feed_id,
        "kind": stated.kind,
        "feed_date": stated.feed_date,
        "captured_at": stated.captured_at,
        "layout": layout,
    }
    return {name: str(value) for name, value in facts.items() if value is not None}


def _reach(address: str) -> None:
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        problem = client.api_healthcheck()
    if problem is not None:
        raise UnreachableError(f"the Prefect API at {address} cannot be reached: {problem}")
