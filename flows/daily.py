"""The scheduled run: whatever lies in the inboxes, then the checks and the reports."""

from collections.abc import Callable, Sequence
from pathlib import Path

from flows.house import House
from flows.judge import judge_published, judge_run, write_reports
from flows.land import Delivery, Stated
from flows.layout import Layout
from flows.report import Report
from flows.run import Judge

Runner = Callable[[Sequence[Delivery], Judge], Report]
"""Runs the deliveries with a judge: at once, or as a flow."""


def daily(house: House, run: Runner) -> Report:
    """Load what is due, check, publish, and write the reports.

    Raises:
        LockedError: another writer is at work.
    """
    report = run(deliveries_of(house), judge_run)
    if report.is_published or report.is_blocked:
        write_reports(house, report.run_id)
    else:
        # nothing new is when a feed goes stale
        judge_published(house, "quality")
    return report


def deliveries_of(house: House) -> list[Delivery]:
    """Return the inbox folders that are there, with the layout that feeds.toml gives them."""
    found = []
    for feed in house.feeds.values():
        for inbox in feed.inbox:
            folder = house.settings.home.folder / Path(inbox.folder)
            if folder.is_dir():
                layout = Layout(inbox.layout) if inbox.layout else None
                found.append(Delivery((folder,), Stated(feed.feed_id, layout=layout)))
    return found
