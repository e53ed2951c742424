"""The scheduled run: what lies in the inboxes, the looks that are due, the checks, the reports."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from flows.backfill import read_days
from flows.due import DueLook, list_due, list_due_today
from flows.house import House
from flows.judge import judge_published, judge_run, write_reports
from flows.land import Delivery, Stated
from flows.layout import Layout
from flows.report import Report
from flows.run import Judge
from flows.sources.names import answers_for_past_days


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


def due_now(house: House, moment: datetime) -> list[DueLook]:
    """Return every look that is due at a moment (naive UTC): dated lists by the ledger, other
    sources once a run; what a source shows only now is due only where that is the day of the clock.
    """
    days = read_days(house)
    due: list[DueLook] = []
    for feed in house.feeds.values():
        if feed.source is None or not feed.daily:
            continue
        calendar = house.calendar(feed.feed_id)
        seen = days.get(feed.feed_id, {})
        if calendar is None:
            due.append(DueLook(feed.feed_id, None, "once a run"))
        elif answers_for_past_days(feed.source):
            due += list_due(calendar, seen, moment, feed.reobserve_days)
        elif calendar.day_of(moment) == calendar.day_of(house.now()):
            due += list_due_today(calendar, seen, moment)
    return due


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
