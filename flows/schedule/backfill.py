"""History: what a backfill would look at, day by day, and the looks, resumable after any crash."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import polars as pl

from flows.clock import new_run_id
from flows.pipeline.inputs import DueFetch
from flows.report import FlowError, NoSuchFeedError, Report
from flows.schedule.due import DaySeen, list_backfill
from flows.site.after import site_after
from flows.sources.errors import NO_SUCH_LIST
from flows.sources.registry import answers_for_past_days
from flows.workspace import Workspace
from transforms.calendar import Calendar
from warehouse.connection import open_published
from warehouse.published import LedgerDay, list_days

FETCHES_PER_PUBLICATION = 60
MOST_DAYS = 36_500
"""Of one backfill: a hundred years, of which a plan takes seconds."""
RESUMED_WITHIN = timedelta(days=7)
"""An unfinished backfill that is older begins anew: what it saw is no longer news."""

_NO_SUCH_LIST = rf"^HTTP ({'|'.join(map(str, sorted(NO_SUCH_LIST)))})\b"
"""How the reason of a failed look begins whose answer was final."""

Take = Callable[[Sequence[DueFetch]], Report]
"""Takes looks in one run and publishes: at once, or as a flow."""

Told = Callable[[str, int, int], None]
"""Is told how far a backfill is: the feed and its last day, looks done, looks in all."""


def say_nothing(where: str, done: int, total: int) -> None:
    """Show no progress."""


def read_days(workspace: Workspace) -> dict[str, dict[date, DaySeen]]:
    """Return what the published ledger knows, by feed and day."""
    days: dict[str, dict[date, DaySeen]] = {}
    for day in _read_ledger(workspace):
        seen = DaySeen(day.state, day.last_captured_at)
        days.setdefault(day.feed_id, {})[day.feed_date] = seen
    return days


def plan_backfill(
    workspace: Workspace, feed_id: str, first: date, last: date, only: str
) -> list[DueFetch]:
    """Return the looks of a backfill, the oldest day first, none after today.

    Of a backfill that a crash broke off, those that it has not taken. ``missing`` leaves out days
    of which the server said that there is no such list: ``failed`` asks again.

    Raises:
        NoSuchFeedError: the past of this feed cannot be looked at.
        FlowError: these are more days than those of one backfill.
    """
    calendar = _calendar(workspace, feed_id)
    last = min(last, calendar.day_of(workspace.now()))
    _refuse_endless(first, last)
    ledger = {day.feed_date: day for day in _read_ledger(workspace) if day.feed_id == feed_id}
    seen = {day: DaySeen(row.state, row.last_captured_at) for day, row in ledger.items()}
    since = resumed_since(workspace, feed_id, first, last, only)
    if since:
        seen |= _landed_since(workspace, feed_id, since)
    settled = _answered_with_no_list(workspace, calendar) if only == "missing" else set()
    reasons = {day: row.reason for day, row in ledger.items()}
    return [
        replace(fetch, why=f"{fetch.why}: {reasons.get(fetch.feed_date, 'not in the ledger yet')}")
        for fetch in list_backfill(calendar, seen, first, last, only, since)
        if fetch.feed_date and fetch.feed_date not in settled
    ]


def resumed_since(
    workspace: Workspace, feed_id: str, first: date, last: date, only: str
) -> datetime | None:
    """Return when the same backfill was begun (naive UTC), if it was and has not ended."""
    record = _unfinished(workspace, _asked(feed_id, first, last, only))
    return datetime.fromisoformat(str(record["started_at"])) if record else None


def backfill_feeds(
    workspace: Workspace,
    feeds: Iterable[str],
    first: date,
    last: date,
    only: str,
    take: Take,
    told: Told = say_nothing,
) -> Report:
    """Take the backfills of several feeds, one after the other.

    Raises:
        NoSuchFeedError: the past of one of them cannot be looked at; nothing was done.
        LockedError: another writer is at work.
    """
    asked = list(dict.fromkeys(feeds))
    for feed_id in asked:
        _calendar(workspace, feed_id)
    total = Report(run_id=new_run_id())
    for feed_id in asked:
        total = total.followed_by(backfill(workspace, feed_id, first, last, only, take, told))
        if total.is_blocked:
            break
    return site_after(workspace, total)


def backfill(
    workspace: Workspace,
    feed_id: str,
    first: date,
    last: date,
    only: str,
    take: Take,
    told: Told = say_nothing,
) -> Report:
    """Take the looks of a backfill in bounded runs, each of which publishes.

    The same command after a crash goes on with what is not done. Once begun it waits for other
    writers between its runs, as a scheduled run does.

    Raises:
        NoSuchFeedError: the past of this feed cannot be looked at.
        FlowError: these are more days than those of one backfill.
        ConfigError: the folder of the home is one of other files.
        LockedError: another writer is at work.
    """
    today = _calendar(workspace, feed_id).day_of(workspace.now())
    _refuse_endless(first, min(last, today))
    asked = _asked(feed_id, first, last, only)
    record = _unfinished(workspace, asked)
    total = Report(run_id=str(record["backfill_id"]) if record else new_run_id())
    if record is None:
        record = {**asked, "backfill_id": total.run_id, "started_at": workspace.now()}
        workspace.refuse_foreign_folder()
        workspace.begin_home()
        workspace.journal.append("backfill", [{**record, "state": "started"}])
    due = plan_backfill(workspace, feed_id, first, last, only)
    told(feed_id, 0, len(due))
    if not due:
        total = total.followed_by(
            take([])
        )  # loads what landed before a crash, and says what there is
    for start in range(0, len(due), FETCHES_PER_PUBLICATION):
        fetches = due[start : start + FETCHES_PER_PUBLICATION]
        total = total.followed_by(take(fetches))
        told(f"{feed_id} {fetches[-1].feed_date}", start + len(fetches), len(due))
        if total.is_blocked:
            return total
        wait_for_turn(workspace)
    if all(re.match(_NO_SUCH_LIST, failed.reason) for failed in total.failed):
        workspace.journal.append("backfill", [{**record, "state": "finished"}])
    return total


def wait_for_turn(workspace: Workspace) -> None:
    """Let the runs of a home wait for another writer, as long as the schedule's settings say."""
    settings = workspace.settings
    longest = max(settings.lock_wait_seconds, settings.schedule.wait_seconds)
    workspace.settings = settings.model_copy(update={"lock_wait_seconds": longest})


def open_scheduled(home: str | None) -> Workspace:
    """Open a home for a run that nobody attends: it waits for another writer, or skips."""
    workspace = Workspace.open(Path(home) if home else None)
    if workspace.settings.schedule.overlap == "wait":
        wait_for_turn(workspace)
    else:
        workspace.settings = workspace.settings.model_copy(update={"lock_wait_seconds": 0})
    return workspace


def _calendar(workspace: Workspace, feed_id: str) -> Calendar:
    calendar = workspace.calendar(feed_id)
    if calendar is None or not _shows_past_days(workspace, feed_id):
        able = [name for name in workspace.feeds if _shows_past_days(workspace, name)]
        raise NoSuchFeedError(
            f"feed {feed_id!r} has no source that shows past days; {', '.join(able)} can be asked"
        )
    return calendar


def _refuse_endless(first: date, last: date) -> None:
    if (last - first).days >= MOST_DAYS:
        raise FlowError(f"{first} to {last} are more than the {MOST_DAYS:,} days of one backfill")


def _shows_past_days(workspace: Workspace, feed_id: str) -> bool:
    feed = workspace.feeds[feed_id]
    return bool(feed.calendar and feed.source and answers_for_past_days(feed.source))


def _read_ledger(workspace: Workspace) -> list[LedgerDay]:
    """Return every day of the published ledger."""
    if not workspace.settings.home.published.exists():
        return []
    with open_published(workspace.settings.home.published) as connection:
        return list_days(connection)


def _landed_since(workspace: Workspace, feed_id: str, since: datetime) -> dict[date, DaySeen]:
    """Return the days that were looked at since, published or not, none of whose looks failed."""
    fetches = workspace.landing.captures().filter(
        pl.col("feed_id") == feed_id, pl.col("captured_at") >= since
    )
    failed = workspace.landing.failed().filter(
        pl.col("feed_id") == feed_id, pl.col("failed_at") >= since
    )
    landed = fetches.filter(~pl.col("feed_date").is_in(failed["feed_date"].to_list()))
    return {
        day: DaySeen("landed", seen_at)
        for day, seen_at in landed.select("feed_date", "captured_at")
        .sort("captured_at")
        .iter_rows()
    }


def _answered_with_no_list(workspace: Workspace, calendar: Calendar) -> set[date]:
    """Return the days of which the server said, after their end, that there is no such list."""
    failed = workspace.landing.failed().filter(
        pl.col("feed_id") == calendar.feed_id, pl.col("reason").str.contains(_NO_SUCH_LIST)
    )
    rows = failed.select("feed_date", "failed_at").iter_rows()
    return {day for day, failed_at in rows if day and failed_at >= calendar.cutoff_at(day)}


def _asked(feed_id: str, first: date, last: date, only: str) -> dict[str, str]:
    return {"feed_id": feed_id, "first": str(first), "last": str(last), "only": only}


def _unfinished(workspace: Workspace, asked: Mapping[str, str]) -> dict[str, object] | None:
    """Return the record of the same backfill, if it was begun lately and not finished."""
    states: dict[str, dict[str, object]] = {}
    for record in workspace.journal.read("backfill"):
        if all(record.get(name) == value for name, value in asked.items()):
            states[str(record["backfill_id"])] = record
    oldest = workspace.now() - RESUMED_WITHIN
    open_records = [
        record
        for record in states.values()
        if record["state"] == "started"
        and datetime.fromisoformat(str(record["started_at"])) >= oldest
    ]
    return open_records[-1] if open_records else None
