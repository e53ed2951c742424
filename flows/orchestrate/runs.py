"""Runs of the command line and of the schedule, as flows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final, cast

from prefect import flow
from prefect.states import Completed, Failed

from flows.orchestrate.hooks import notify, tell_of_killed_runs
from flows.orchestrate.server import Attempt, Server, reach, without_tracebacks
from flows.orchestrate.tasks import as_task, at_once, say_failed
from flows.orchestrate.telling import name_run, tell_run
from flows.pipeline.ingest import ingest
from flows.pipeline.inputs import DueFetch, Inputs, Stated
from flows.report import Outcome, Report
from flows.run import Progress, QualityChecks, Step, quiet
from flows.workspace import Workspace
from warehouse.errors import LockedError
from warehouse.visible import on_one_line

if TYPE_CHECKING:
    from prefect.client.schemas.objects import State

WATCHED: Final[dict[str, Any]] = {
    "persist_result": False,
    "flow_run_name": name_run,
    "on_failure": [notify],
    "on_crashed": [notify],
}
"""What every flow has."""


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
        "looks": [
            f"{fetch.feed_id} {fetch.feed_date or ''}".strip() + f": {fetch.why}" for fetch in due
        ],
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
    attempt = Attempt(work)

    @flow(name=verb, **WATCHED)
    def run_once(asked: dict[str, Any]) -> Any:  # noqa: ARG001 - parameters are shown in the UI
        tell_of_killed_runs()
        return conclude(workspace, attempt())

    without_tracebacks()
    try:
        state = cast("State[Any]", run_once(dict(shown), return_state=True))
        if not attempt.results:
            state.result()  # raises what the work raised
    except Exception as error:
        attempt.finish(error)
    report = attempt.results[0]
    if Server.lost:
        lost = f"Prefect's server was lost during the run, which went on without it: {Server.lost}"
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
    """Run an ingest inside a flow, its stages as tasks."""
    return ingest(
        workspace,
        inputs,
        due,
        step=step,
        verb=verb,
        quality_checks=quality_checks,
        progress=progress,
    )


def run_as_one_task(
    workspace: Workspace, due: Sequence[DueFetch], progress: Progress = quiet
) -> Report:
    """Run a batch of a backfill as one task, named by its days; a task a stage costs too much."""
    days = f"{due[0].feed_id} {due[0].feed_date} to {due[-1].feed_date}" if due else "what landed"
    work = partial(run_as_tasks, workspace, (), due, "backfill", progress=progress, step=at_once)
    return as_task(days, work)


def take_turn(workspace: Workspace, work: Callable[[], Report]) -> Any:
    """Do the work of a flow; return what it ends with: the report, or a state that says why not.

    Where another writer is at work and the policy is to skip, the run is Completed as "Skipped".

    Raises:
        LockedError: another writer was at work for longer than the policy waits.
    """
    without_tracebacks()
    tell_of_killed_runs()
    try:
        return conclude(workspace, work())
    except LockedError as error:
        if workspace.settings.schedule.overlap == "wait":
            raise
        return Completed(name="Skipped", message=on_one_line(str(error)))


def conclude(workspace: Workspace, report: Report) -> Any:
    """Say what a run did; return the report, or a Failed state: not published, or a source not
    reached.
    """
    tell_run(workspace, report)
    if report.is_blocked:
        failed = ", ".join(check.check_id for check in report.failed_checks)
        return Failed(message=f"not published, critical checks failed: {failed}")
    looks = say_failed(report)
    return Failed(message=looks) if looks else report.as_json()


def _shown(stated: Stated) -> dict[str, str]:
    facts = {**vars(stated), "layout": stated.layout.template if stated.layout else None}
    return {name: str(value) for name, value in facts.items() if value is not None}
