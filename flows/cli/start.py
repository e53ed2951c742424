"""Starts a run directly, or as a Prefect flow where one is asked for or an API is configured."""

import os
from collections.abc import Sequence
from datetime import date
from functools import partial

from flows.cli.output import warn
from flows.cli.progress import show_fetches, show_progress
from flows.pipeline.ingest import ingest
from flows.pipeline.inputs import DueFetch, Inputs
from flows.report import Report
from flows.run import QualityChecks
from flows.workspace import Workspace
from warehouse.home_marker import is_home


def run_ingest(
    workspace: Workspace,
    inputs: Sequence[Inputs],
    due: Sequence[DueFetch] = (),
    *,
    is_orchestrated: bool = False,
    verb: str = "ingest",
    quality_checks: QualityChecks | None = None,
) -> Report:
    """Run one ingest of files and fetches.

    Raises:
        ServerUnreachableError: an API is configured and does not answer.
        LockedError: another writer is at work.
    """
    say_new_home(workspace)
    with show_progress(verb) as progress:
        if is_orchestrated or workspace.settings.is_api_configured:
            _quiet_prefect()
            from flows.orchestrate import ingest_orchestrated

            return ingest_orchestrated(workspace, inputs, due, verb, quality_checks, progress)
        return ingest(
            workspace, inputs, due, verb=verb, quality_checks=quality_checks, progress=progress
        )


def say_new_home(workspace: Workspace) -> None:
    """Say that a home begins: a mistyped folder, or a disk that is not mounted, looks like it."""
    folder = workspace.settings.home.folder
    if not is_home(folder):
        warn(f"a new home begins in {folder}")


def run_backfill(
    workspace: Workspace,
    feeds: Sequence[str],
    first: date,
    last: date,
    only: str,
    *,
    is_orchestrated: bool = False,
) -> Report:
    """Run a backfill of several feeds, as one flow of which each run is a task.

    Raises:
        NoSuchFeedError: the past of one of the feeds cannot be fetched; nothing was done.
        ServerUnreachableError: an API is configured and does not answer.
        LockedError: another writer is at work.
    """
    from flows.schedule.backfill import backfill_feeds

    say_new_home(workspace)
    with show_fetches() as (progress, told):
        if is_orchestrated or workspace.settings.is_api_configured:
            _quiet_prefect()
            from flows.orchestrate import run_as_flow, run_as_one_task

            take = partial(run_as_one_task, workspace, progress=progress)
            work = partial(backfill_feeds, workspace, feeds, first, last, only, take, told)
            shown = {
                "feeds": feeds,
                "first": first,
                "last": last,
                "only": only,
                "home": str(workspace.settings.home.folder),
            }
            return run_as_flow(workspace, "backfill", shown, work)
        take = partial(ingest, workspace, (), verb="backfill", progress=progress)
        return backfill_feeds(workspace, feeds, first, last, only, take, told)


def _quiet_prefect() -> None:
    """Leave errors of a run to the command: Prefect would print them once more."""
    os.environ.setdefault("PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL", "CRITICAL")
