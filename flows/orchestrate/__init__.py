"""The only import of Prefect: wraps stages as tasks and runs as flows, with the same records.

environment  what is set before Prefect is imported
server       Prefect's server may be lost at any moment: work is done once, with it or without it
killed_runs  runs whose process was killed
hooks        telling somebody of a run that failed
telling      what a run says: its name, its log, its artifacts
tasks        stages as tasks
runs         runs as flows
"""

from flows.orchestrate.environment import prepare

prepare()

from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

from prefect import flow, serve
from prefect.schedules import Cron
from prefect.types.entrypoint import EntrypointType

from flows.orchestrate.hooks import notify
from flows.orchestrate.runs import (
    WATCHED,
    ingest_orchestrated,
    run_as_flow,
    run_as_one_task,
    run_as_tasks,
    take_turn,
)
from flows.orchestrate.server import reach, was_server_lost
from flows.pipeline.inputs import Inputs, Stated
from flows.pipeline.path_template import PathTemplate, parse_time
from flows.report import Report
from flows.schedule.backfill import backfill_feeds, open_scheduled
from flows.site.after import site_after
from flows.workspace import Workspace

if TYPE_CHECKING:
    from prefect.deployments.runner import RunnerDeployment

__all__ = [
    "backfill_flow",
    "daily_flow",
    "describe_deployments",
    "ingest_flow",
    "ingest_orchestrated",
    "notify",
    "reach",
    "run_as_flow",
    "run_as_one_task",
    "serve_deployments",
    "take_turn",
    "was_server_lost",
]


@flow(name="ingest", description="Load captures from files or folders.", **WATCHED)
def ingest_flow(
    paths: list[str],
    home: str | None = None,
    feed: str | None = None,
    kind: Literal["daily_list", "search", "trending", "harvest"] | None = None,
    feed_date: date | None = None,
    captured_at: datetime | None = None,
    layout: str | None = None,
) -> Any:
    """Load captures; the result is what ``paperstrata ingest --json`` prints.

    Args:
        paths: Files or folders of captures, as the worker sees them.
        home: The home folder, as the worker sees it; none: PAPERSTRATA_HOME of the worker.
        feed: The feed of all captures; none: recognised by content.
        kind: The kind of the feed; none: as config/feeds.toml declares it.
        feed_date: The day of the list, where neither paths nor contents say it.
        captured_at: When the look was taken, where neither paths nor contents say it.
        layout: What the ends of the paths say, as in {origin}/{feed_date}/{captured_at}.json
    """
    seen_at = captured_at and parse_time(captured_at.isoformat())
    stated = Stated(feed, kind, feed_date, seen_at, PathTemplate(layout) if layout else None)
    given = Inputs(tuple(map(Path, paths)), stated)
    workspace = open_scheduled(home)

    def load() -> Report:
        return site_after(workspace, run_as_tasks(workspace, [given], (), "ingest"))

    return take_turn(workspace, load)


@flow(
    name="daily",
    description="The scheduled run: inboxes, looks that are due, checks, reports.",
    **WATCHED,
)
def daily_flow(home: str | None = None, as_of: datetime | None = None) -> Any:
    """Load what lies in the inboxes and what is due, check, publish, write the reports.

    Args:
        home: The home folder, as the worker sees it; none: PAPERSTRATA_HOME of the worker.
        as_of: What is due as at that moment; none: now.
    """
    from flows.schedule.daily import daily

    workspace = open_scheduled(home)
    run = partial(run_as_tasks, workspace, verb="daily")
    return take_turn(
        workspace, partial(daily, workspace, run, as_of and parse_time(as_of.isoformat()))
    )


@flow(
    name="backfill",
    description="Look at past days of feeds; the same once more goes on after a crash.",
    **WATCHED,
)
def backfill_flow(
    feeds: list[str],
    first: date,
    last: date,
    only: Literal["missing", "failed", "all"] = "missing",
    home: str | None = None,
) -> Any:
    """Look at the days of the feeds' history that are wanted, in bounded runs that publish.

    Args:
        feeds: The feeds to look at, one after the other, such as hf-daily.
        first: The first day.
        last: The last day.
        only: Days without a usable look (missing), failed ones, or every day (all).
        home: The home folder, as the worker sees it; none: PAPERSTRATA_HOME of the worker.
    """
    workspace = open_scheduled(home)

    take = partial(run_as_one_task, workspace)
    return take_turn(workspace, partial(backfill_feeds, workspace, feeds, first, last, only, take))


def serve_deployments(workspace: Workspace) -> None:
    """Serve the flows until stopped: daily on its schedule, the others on demand in the UI."""
    serve(*describe_deployments(workspace))


def describe_deployments(workspace: Workspace) -> "list[RunnerDeployment]":
    """Return what is served of a home; config/prefect.yaml says the same to workers elsewhere."""
    cron = Cron(workspace.settings.schedule.cron, timezone=workspace.settings.schedule.time_zone)
    home = {"home": str(workspace.settings.home.folder)}
    module = EntrypointType.MODULE_PATH  # found from any folder, whatever was deployed before
    deployments = [
        daily_flow.to_deployment("daily", schedule=cron, parameters=home, entrypoint_type=module),
        backfill_flow.to_deployment(
            "backfill", parameters={**home, "feeds": ["hf-daily"]}, entrypoint_type=module
        ),
        ingest_flow.to_deployment("ingest", parameters=home, entrypoint_type=module),
    ]
    return cast("list[RunnerDeployment]", deployments)
