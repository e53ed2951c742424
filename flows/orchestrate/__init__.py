"""The only import of Prefect: wraps stages as tasks and runs as flows, with the same records."""

import atexit
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar, cast

# before Prefect is imported: quiet, without telemetry, patient with a slow machine
for _name, _value in {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_LOGGING_LEVEL": "WARNING",
    "PREFECT_SERVER_LOGGING_LEVEL": "ERROR",
    "PREFECT_CLIENT_MAX_RETRIES": "3",
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
from prefect.states import Completed, Failed
from prefect.types.entrypoint import EntrypointType

from config.settings import load_settings
from flows.orchestrate.killed_runs import REASON, end_killed_runs
from flows.pipeline.ingest import ingest
from flows.pipeline.inputs import DueFetch, Inputs, Stated
from flows.pipeline.path_template import PathTemplate, parse_time
from flows.report import Outcome, Report, ServerUnreachableError
from flows.run import Progress, QualityChecks, Step, quiet
from flows.schedule.backfill import backfill_feeds, open_scheduled
from flows.site.after import site_after
from flows.workspace import Workspace
from warehouse.errors import LockedError
from warehouse.visible import on_one_line

if TYPE_CHECKING:
    from prefect.client.schemas.objects import State
    from prefect.deployments.runner import RunnerDeployment

T = TypeVar("T")


class _Server:
    """Whether Prefect's server was lost during this process: then stages run without it."""

    lost: str | None = None

    @classmethod
    def lose(cls, error: Exception) -> None:
        cls.lost = f"{type(error).__name__}: {error}".splitlines()[0]


class _Attempt(Generic[T]):
    """Work that is to be done once, whoever runs it; it knows whether it was done."""

    def __init__(self, work: Callable[[], T]) -> None:
        self._work = work
        self.results: list[T] = []
        self.error: BaseException | None = None

    def __call__(self) -> T:
        try:
            self.results.append(self._work())
        except BaseException as error:
            self.error = error
            raise
        return self.results[0]

    def finish(self, error: Exception) -> T:
        """Return the result although Prefect failed: of work that was done, or is done now.

        Raises:
            Exception: the work itself has failed.
        """
        if self.error is not None:
            raise self.error
        _Server.lose(error)
        return self.results[0] if self.results else self()


def _without_tracebacks_of_a_lost_server() -> None:
    """Let Prefect log that its server does not answer on one line, not with a traceback."""
    import httpx

    make = logging.getLogRecordFactory()

    def make_record(*values: Any, **named: Any) -> logging.LogRecord:
        record = make(*values, **named)
        is_lost = record.exc_info and isinstance(record.exc_info[1], httpx.HTTPError)
        if is_lost and record.name.startswith("prefect"):
            record.exc_info = None
        return record

    logging.setLogRecordFactory(make_record)


def as_task(name: str, work: Callable[[], T]) -> T:
    """Run a stage as a Prefect task: seen in the UI, its result never stored.

    A server that is gone stops nothing: the work goes on without it.
    """
    if _Server.lost:
        return work()
    attempt = _Attempt(work)

    @task(name=name, cache_policy=NO_CACHE, persist_result=False)
    def stage() -> T:
        return attempt()

    try:
        return stage()
    except Exception as error:
        return attempt.finish(error)


def notify(flow: Any, flow_run: Any, state: Any) -> None:
    """Tell somebody that a run failed, by the command of the settings: a hook of every flow."""
    _tell(f"{flow.name} {flow_run.name}: {state.name}: {state.message}")


def _tell(message: str) -> None:
    command = load_settings().schedule.notify_command
    if command:
        told = on_one_line(f"paperstrata {message}")
        subprocess.run([*command, told], check=False, timeout=60)  # noqa: S603 - configured


def _end_killed_runs() -> None:
    """End what killed processes left as Running, and tell of each of them."""
    if _Server.lost:
        return
    try:
        killed = end_killed_runs()
    except Exception as error:
        _Server.lose(error)
        return
    for run in killed:
        _tell(f"{run.name}: Crashed: {REASON}")


_hooks = {"on_failure": [notify], "on_crashed": [notify]}
_watched: dict[str, Any] = {"persist_result": False, **_hooks}


@flow(name="ingest", description="Load captures from files or folders.", **_watched)
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
    **_watched,
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
    **_watched,
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


def was_server_lost() -> bool:
    """Tell whether a server was lost in this process."""
    return bool(_Server.lost)


def ingest_orchestrated(
    workspace: Workspace,
    inputs: Sequence[Inputs],
    due: Sequence[DueFetch],
    verb: str,
    quality_checks: QualityChecks | None,
    progress: Progress,
) -> Report:
    """Run an ingest of the command line as a flow; see :func:`run_as_flow`."""
    shown = {
        "paths": [str(path) for given in inputs for path in given.paths],
        "looks": [f"{fetch.feed_id} {fetch.feed_date}: {fetch.why}" for fetch in due],
        "home": str(workspace.settings.home.folder),
        "stated": [_shown(given.stated) for given in inputs],
    }
    work = partial(run_as_tasks, workspace, inputs, due, verb, quality_checks, progress)
    return run_as_flow(workspace, verb, shown, work)


def run_as_flow(
    workspace: Workspace, verb: str, shown: Mapping[str, Any], work: Callable[[], Report]
) -> Report:
    """Run a verb of the command line as a flow, which may be Failed where a report is returned.

    Raises:
        ServerUnreachableError: an API is configured and does not answer.
    """
    if workspace.settings.prefect_api_url:
        reach(workspace.settings.prefect_api_url)
    attempt = _Attempt(work)

    @flow(name=verb, **_watched)
    def run_once(asked: dict[str, Any]) -> Any:  # noqa: ARG001 - parameters are shown in the UI
        _end_killed_runs()
        return _conclude(attempt())

    _without_tracebacks_of_a_lost_server()
    try:
        state = cast("State[Any]", run_once(dict(shown), return_state=True))
        if not attempt.results:
            state.result()  # raises what the work raised
    except Exception as error:
        attempt.finish(error)
    report = attempt.results[0]
    if _Server.lost:
        lost = f"Prefect's server was lost during the run, which went on without it: {_Server.lost}"
        report = replace(report + Outcome(warnings=[lost]), is_server_lost=True)
    return report


def run_as_tasks(
    workspace: Workspace,
    inputs: Sequence[Inputs],
    due: Sequence[DueFetch],
    verb: str,
    quality_checks: QualityChecks | None = None,
    progress: Progress = quiet,
    step: Step = as_task,
) -> Report:
    """Run an ingest inside a flow, its stages as tasks, its counts as an artifact."""
    report = ingest(
        workspace,
        inputs,
        due,
        step=step,
        verb=verb,
        quality_checks=quality_checks,
        progress=progress,
    )
    if _Server.lost:
        return report
    figures: dict[str, Mapping[str, float]] = {**report.counts(), "seconds": report.seconds}
    _note_artifact(
        key="counts",
        table=[
            {"what": what, "state": state, "count": count}
            for what, counts in figures.items()
            for state, count in counts.items()
        ],
        description=f"Run {report.run_id}: published {report.is_published}",
    )
    return report


def _note_artifact(**artifact: Any) -> None:
    try:
        create_table_artifact(**artifact)
    except Exception as error:
        _Server.lose(error)


def run_as_one_task(
    workspace: Workspace, due: Sequence[DueFetch], progress: Progress = quiet
) -> Report:
    """Run a batch of a backfill as one task, named by its days; a task a stage costs too much."""
    days = f"{due[0].feed_id} {due[0].feed_date} to {due[-1].feed_date}" if due else "what landed"
    work = partial(run_as_tasks, workspace, (), due, "backfill", progress=progress, step=at_once)
    return as_task(days, work)


def at_once(name: str, work: Callable[[], T]) -> T:  # noqa: ARG001 - the signature of a step
    """Run a stage within the task that runs already."""
    return work()


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


def take_turn(workspace: Workspace, work: Callable[[], Report]) -> Any:
    """Do the work of a flow; return what it ends with: the report, or a state that says why not.

    Where another writer is at work and the policy is to skip, the run is Completed as "Skipped".

    Raises:
        LockedError: another writer was at work for longer than the policy waits.
    """
    _end_killed_runs()
    try:
        return _conclude(work())
    except LockedError as error:
        if workspace.settings.schedule.overlap == "wait":
            raise
        return Completed(name="Skipped", message=on_one_line(str(error)))


def _conclude(report: Report) -> Any:
    """Return the report, or a Failed state: not published, or a source not reached."""
    if report.is_blocked:
        failed = ", ".join(check.check_id for check in report.failed_checks)
        return Failed(message=f"not published, critical checks failed: {failed}")
    if report.failed:
        first = report.failed[0]
        fetch = f"{first.feed_id} {first.feed_date or ''}".strip()
        failed = f"{len(report.failed)} looks failed, at {fetch}: {first.reason}"
        return Failed(message=on_one_line(failed))
    return report.as_json()


def _shown(stated: Stated) -> dict[str, str]:
    facts = {**vars(stated), "layout": stated.layout.template if stated.layout else None}
    return {name: str(value) for name, value in facts.items() if value is not None}


def reach(address: str) -> None:
    """Ask the server whether it is there.

    Raises:
        ServerUnreachableError: it does not answer.
    """
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        problem = client.api_healthcheck()
    if problem is not None:
        raise ServerUnreachableError(f"the Prefect API at {address} cannot be reached: {problem}")
