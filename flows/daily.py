"""The scheduled run: what lies in the inboxes, the looks that are due, the checks, the reports."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from flows.backfill import due_now
from flows.due import DueLook
from flows.house import House
from flows.judge import judge_published, judge_run, write_reports
from flows.land import Delivery, Stated
from flows.layout import Layout
from flows.report import Report
from flows.run import Judge


class Runner(Protocol):
    """Runs deliveries and looks with a judge: at once, or as tasks of a flow."""

    def __call__(
        self, deliveries: Sequence[Delivery], due: Sequence[DueLook], *, judge: Judge | None
    ) -> Report:
        """Return what the run did."""
        ...


def daily(house: House, run: Runner, as_of: datetime | None = None) -> Report:
    """Load what is due (as at ``as_of``, else now), check, publish, and write the reports.

    Raises:
        LockedError: another writer is at work.
    """
    report = run(deliveries_of(house), due_now(house, as_of or house.now()), judge=judge_run)
    if report.is_published or report.is_blocked:
        write_reports(house, report.run_id)
    elif house.settings.home.published.exists():
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
