"""The scheduled run: what lies in the inboxes, the looks that are due, the checks, the reports."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from flows.pipeline.checks import check_candidate, check_published, report_on
from flows.pipeline.inputs import DueFetch, Inputs, Stated
from flows.pipeline.path_template import PathTemplate
from flows.report import Report
from flows.run import QualityChecks
from flows.schedule.backfill import read_days
from flows.schedule.due import list_due, list_due_today
from flows.site.after import site_after
from flows.sources.registry import answers_for_past_days
from flows.workspace import Workspace


class Runner(Protocol):
    """Runs inputs and fetches with quality checks: at once, or as tasks of a flow."""

    def __call__(
        self,
        inputs: Sequence[Inputs],
        due: Sequence[DueFetch],
        *,
        quality_checks: QualityChecks | None,
    ) -> Report:
        """Return what the run did."""
        ...


def daily(workspace: Workspace, run: Runner, as_of: datetime | None = None) -> Report:
    """Load what is due (as at ``as_of``, else now), check, publish, and write the reports.

    Raises:
        LockedError: another writer is at work.
    """
    report = run(
        list_inboxes(workspace),
        due_now(workspace, as_of or workspace.now()),
        quality_checks=check_candidate,
    )
    if report.is_published or report.is_blocked:
        return site_after(workspace, report_on(workspace, report))
    if workspace.settings.home.published.exists():
        # nothing new is when a feed goes stale
        check_published(workspace, "quality", is_again=True)
    return site_after(workspace, report)


def due_now(workspace: Workspace, moment: datetime) -> list[DueFetch]:
    """Return every look that is due at a moment (naive UTC): dated lists by the ledger, other
    sources once a run; what a source shows only now is due only where that is the day of the clock.
    """
    days = read_days(workspace)
    due: list[DueFetch] = []
    for feed in workspace.feeds.values():
        if feed.source is None or not feed.daily:
            continue
        calendar = workspace.calendar(feed.feed_id)
        seen = days.get(feed.feed_id, {})
        if calendar is None:
            due.append(DueFetch(feed.feed_id, None, "once a run"))
        elif answers_for_past_days(feed.source):
            due += list_due(calendar, seen, moment, feed.reobserve_days)
        elif calendar.day_of(moment) == calendar.day_of(workspace.now()):
            due += list_due_today(calendar, seen, moment)
    return due


def list_inboxes(workspace: Workspace) -> list[Inputs]:
    """Return the inbox folders that are there, with the layout that feeds.toml gives them."""
    found = []
    for feed in workspace.feeds.values():
        for inbox in feed.inbox:
            folder = workspace.settings.home.folder / Path(inbox.folder)
            if folder.is_dir():
                layout = PathTemplate(inbox.layout) if inbox.layout else None
                found.append(Inputs((folder,), Stated(feed.feed_id, layout=layout), is_inbox=True))
    return found
