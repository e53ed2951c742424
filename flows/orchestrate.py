"""The only import of Prefect: wraps stages as tasks and runs as flows, with the same records."""

import atexit
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

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

from prefect import flow, serve, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.schedules import Cron

from config.settings import load_settings
from flows.due import DueLook
from flows.exits import UnreachableError
from flows.house import House
from flows.ingest import ingest
from flows.land import Delivery, Stated
from flows.layout import Layout
from flows.report import Report
from flows.run import Judge, Progress, quiet
from warehouse.lock import LockedError

if TYPE_CHECKING:
    from prefect.deployments.runner import RunnerDeployment

T = TypeVar("T")


def as_task(name: str, work: Callable[[], T]) -> T:
    """Run a stage as a Prefect task: seen in the UI, its result never stored."""

    @task(name=name, cache_policy=NO_CACHE, persist_result=False)
    def stage() -> T:
        return work()

    return stage()


def notify(flow: Any, flow_run: Any, state: Any) -> None:
    """Tell somebody that a run failed, by the command of the settings: a hook of every flow."""
    command = load_settings().schedule.notify_command
    if command:
        message = f"paperstrata {flow.name} {flow_run.name}: {state.name}: {state.message}"
        subprocess.run([*command, message], check=False, timeout=60)  # noqa: S603 - configured


_watched: dict[str, Any] = {
    "persist_result": False,
    "on_failure": [notify],
    "on_crashed": [notify],
}


@flow(name="ingest", **_watched)
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
    stated = Stated(feed, kind, feed_date, captured_at, Layout(layout) if layout else None)
    delivery = Delivery(tuple(map(Path, paths)), stated)
    return run_as_tasks(_house(home), [delivery], (), "ingest").as_json()


@flow(name="daily", **_watched)
def daily_flow(home: str | None = None, as_of: datetime | None = None) -> dict[str, Any]:
    """The scheduled run: inboxes, looks that are due, checks, reports."""
    from flows.daily import daily

    house = _house(home)
    try:
        report = daily(house, partial(run_as_tasks, house, verb="daily"), as_of)
    except LockedError as error:
        if house.settings.schedule.overlap == "skip":
            return {"skipped": str(error)}
        raise
    return _succeed(report)


@flow(name="backfill", **_watched)
def backfill_flow(
    feed: str, first: date, last: date, only: str = "missing", home: str | None = None
) -> dict[str, Any]:
    """Look at the days of a feed's history that are wanted, in runs that publish."""
    from flows.backfill import backfill

    house = _house(home)

    def take(due: Sequence[DueLook]) -> Report:
        return run_as_tasks(house, (), due, "backfill")

    return _succeed(backfill(house, feed, first, last, only, take))


def ingest_orchestrated(
    house: House,
    deliveries: Sequence[Delivery],
    due: Sequence[DueLook],
    verb: str,
    judge: Judge | None,
    progress: Progress,
) -> Report:
    """Run an ingest of the command line as a flow whose parameters the UI shows.

    Raises:
        UnreachableError: an API is configured and does not answer.
    """
    if house.settings.prefect_api_url:
        reach(house.settings.prefect_api_url)

    @flow(name=verb, persist_result=False)
    def run_once(
        paths: list[str],  # noqa: ARG001 - parameters are shown in the UI
        looks: list[str],  # noqa: ARG001
        home: str,  # noqa: ARG001
        stated: list[dict[str, str]],  # noqa: ARG001
    ) -> Report:
        return run_as_tasks(house, deliveries, due, verb, judge, progress)

    return run_once(
        [str(path) for delivery in deliveries for path in delivery.paths],
        [f"{look.feed_id} {look.feed_date}: {look.why}" for look in due],
        str(house.settings.home.folder),
        [_shown(delivery.stated) for delivery in deliveries],
    )


def run_as_tasks(
    house: House,
    deliveries: Sequence[Delivery],
    due: Sequence[DueLook],
    verb: str,
    judge: Judge | None = None,
    progress: Progress = quiet,
) -> Report:
    """Run an ingest inside a flow, its stages as tasks, its counts as an artifact."""
    report = ingest(house, deliveries, due, step=as_task, verb=verb, judge=judge, progress=progress)
    create_table_artifact(
        key="counts",
        table=[
            {"what": what, "state": state, "count": count}
            for what, counts in report.counts().items()
            for state, count in counts.items()
        ],
        description=f"Run {report.run_id}: published {report.is_published}",
    )
    return report


def serve_deployments(house: House) -> None:
    """Serve the flows from this process until it is stopped: daily on its schedule, the others on
    demand, with their parameters in the UI.
    """
    schedule = house.settings.schedule
    home = {"home": str(house.settings.home.folder)}
    cron = Cron(schedule.cron, timezone=schedule.time_zone)
    deployments = [
        daily_flow.to_deployment("daily", schedule=cron, parameters=home),
        backfill_flow.to_deployment("backfill", parameters=home),
        ingest_flow.to_deployment("ingest", parameters=home),
    ]
    serve(*cast("list[RunnerDeployment]", deployments))


def _house(home: str | None) -> House:
    """Open a home for a scheduled run, which waits for another writer if it should."""
    house = House.open(Path(home) if home else None)
    schedule = house.settings.schedule
    if schedule.overlap == "wait":
        waiting = {"lock_wait_seconds": schedule.wait_seconds}
        house.settings = house.settings.model_copy(update=waiting)
    return house


def _succeed(report: Report) -> dict[str, Any]:
    """Return the report; a run that could not publish or reach a source has failed.

    Raises:
        RuntimeError: so that the flow run is Failed, and what watches it notifies.
    """
    if report.is_blocked:
        failed = ", ".join(check["check_id"] for check in report.failed_checks)
        raise RuntimeError(f"not published, critical checks failed: {failed}")
    if report.failed:
        first = report.failed[0]
        raise RuntimeError(f"{len(report.failed)} looks failed, the first: {first}")
    return report.as_json()


def _shown(stated: Stated) -> dict[str, str]:
    facts = {
        "feed": stated.feed_id,
        "kind": stated.kind,
        "feed_date": stated.feed_date,
        "captured_at": stated.captured_at,
        "layout": stated.layout.template if stated.layout else None,
    }
    return {name: str(value) for name, value in facts.items() if value is not None}


def reach(address: str) -> None:
    """Ask the server whether it is there.

    Raises:
        UnreachableError: it does not answer.
    """
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        problem = client.api_healthcheck()
    if problem is not None:
        raise UnreachableError(f"the Prefect API at {address} cannot be reached: {problem}")
