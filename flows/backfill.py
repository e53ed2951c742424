"""History: what a backfill would look at, day by day, and the looks, resumable after any crash."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

from flows.clock import new_run_id, now
from flows.due import DaySeen, DueLook, list_backfill, list_due
from flows.house import House
from flows.report import Report
from warehouse.connection import open_published

LOOKS_PER_PUBLICATION = 60

Take = Callable[[Sequence[DueLook]], Report]
"""Takes looks in one run and publishes: at once, or as a flow."""


class NoSuchFeedError(ValueError):
    """The feed is not declared, or cannot be looked at: no source, or no calendar."""


def read_days(house: House) -> dict[str, dict[date, DaySeen]]:
    """Return what the published ledger knows, by feed and day."""
    days: dict[str, dict[date, DaySeen]] = {}
    if house.settings.home.published.exists():
        with open_published(house.settings.home.published) as connection:
            for feed_id, day, state, seen_at in connection.execute(
                "select feed_id, feed_date, state, last_captured_at from core.feed_day"
            ).fetchall():
                days.setdefault(feed_id, {})[day] = DaySeen(state, seen_at)
    return days


def due_now(house: House, moment: datetime) -> list[DueLook]:
    """Return every look that is due: dated lists by the ledger, other sources once a run."""
    days = read_days(house)
    due: list[DueLook] = []
    for feed in house.feeds.values():
        calendar = house.calendar(feed.feed_id)
        if feed.source is None or not feed.daily:
            continue
        if calendar is None:
            due.append(DueLook(feed.feed_id, None, "once a run"))
        else:
            seen = days.get(feed.feed_id, {})
            due += list_due(calendar, seen, moment, feed.reobserve_days)
    return due


def plan_backfill(
    house: House, feed_id: str, first: date, last: date, only: str, since: datetime | None = None
) -> list[DueLook]:
    """Return the looks of a backfill, the oldest day first.

    Raises:
        NoSuchFeedError: nothing of this feed can be looked at by date.
    """
    feed, calendar = house.feeds.get(feed_id), house.calendar(feed_id)
    if feed is None or feed.source is None or calendar is None:
        dated = [f.feed_id for f in house.feeds.values() if f.source and f.calendar]
        raise NoSuchFeedError(f"feed {feed_id!r} has no dated source; {', '.join(dated)} have")
    return list_backfill(calendar, read_days(house).get(feed_id, {}), first, last, only, since)


def backfill(house: House, feed_id: str, first: date, last: date, only: str, take: Take) -> Report:
    """Take the looks of a backfill in bounded runs, each of which publishes.

    The same command after a crash goes on with what is not done.

    Raises:
        NoSuchFeedError: nothing of this feed can be looked at by date.
        LockedError: another writer is at work.
    """
    asked = {"feed_id": feed_id, "first": str(first), "last": str(last), "only": only}
    record = _unfinished(house, asked) or {**asked, "backfill_id": new_run_id()}
    if "started_at" not in record:
        record["started_at"] = now()
        house.journal.append("backfill", [{**record, "state": "started"}])
    since = datetime.fromisoformat(str(record["started_at"]))
    due = plan_backfill(house, feed_id, first, last, only, since)
    total = Report(str(record["backfill_id"]))
    for start in range(0, len(due), LOOKS_PER_PUBLICATION):
        total.add(take(due[start : start + LOOKS_PER_PUBLICATION]))
        if total.is_blocked:
            return total
    if not total.failed:
        house.journal.append("backfill", [{**record, "state": "finished"}])
    return total


def _unfinished(house: House, asked: Mapping[str, str]) -> dict[str, object] | None:
    """Return the record of the same backfill, if it was begun and not finished."""
    states: dict[str, dict[str, object]] = {}
    for record in house.journal.read("backfill"):
        if all(record.get(name) == value for name, value in asked.items()):
            states[str(record["backfill_id"])] = record
    open_records = [record for record in states.values() if record["state"] == "started"]
    return open_records[-1] if open_records else None
