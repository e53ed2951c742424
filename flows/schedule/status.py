"""The day ledger by the real clock: what is overdue now, whatever the ledger's own clock says."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from flows.pipeline.checks import fetchable
from flows.workspace import Workspace
from transforms.calendar import Calendar
from warehouse import published
from warehouse.published import LedgerDay

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_OVERDUE = ("missing", "late", "held", "outage")
_NEVER_FETCHED = "expected, and no look at the feed since"
_ALL_FAILED = "every look at the day failed"


class Gap(NamedTuple):
    """Overdue days of a feed one after the other, no other expected day between them."""

    first: date
    last: date
    days: int


def describe_feeds(
    connection: "DuckDBPyConnection", workspace: Workspace, now: datetime
) -> list[dict[str, Any]]:
    """Return one object per daily list that was or should have been looked at, as
    ``status --json`` prints it; ``now`` is naive UTC.

    Overdue is an expected day whose deadline has passed by the real clock and of which there is
    nothing; days after the ledger's end are known by the calendar alone. ``gaps`` are the overdue
    days by their runs, the longest first, without days that are held: of those there is a look.
    ``can_be_filled`` tells whether the past of the feed can be fetched. ``fresh_at`` is the moment
    up to which the feed is known, which a backfill of old days does not move to now; see the
    quality check feeds_are_fresh. ``state`` is ``overdue``, ``never seen`` (due in every daily run,
    and no look ever landed) or ``current``.
    """
    days = _read_days(connection)
    newest, fresh = published.newest_captures(connection), published.known_up_to(connection, now)
    failed, filled = _read_failed(workspace), fetchable(workspace)
    due_daily = {
        feed.feed_id
        for feed in workspace.feeds.values()
        if feed.daily and feed.source and feed.kind == "daily_list"
    }
    feeds = []
    for feed_id in sorted(days.keys() | due_daily):
        of_feed = days.get(feed_id, [])
        overdue = _list_overdue(
            of_feed, workspace.calendar(feed_id), now, failed.get(feed_id, frozenset())
        )
        is_seen = feed_id in newest or bool(of_feed)
        feeds.append(
            {
                "feed_id": feed_id,
                "ok": not overdue,
                "state": "overdue" if overdue else "current" if is_seen else "never seen",
                "newest_captured_at": newest.get(feed_id),
                "fresh_at": fresh.get(feed_id),
                "age_hours": _hours_since(fresh.get(feed_id), now),
                "days": dict(sorted(Counter(day.state for day in of_feed).items())),
                "overdue": overdue,
                "gaps": [gap._asdict() for gap in find_gaps(overdue, workspace.calendar(feed_id))],
                "can_be_filled": feed_id in filled,
            }
        )
    return feeds


def describe_others(
    connection: "DuckDBPyConnection", workspace: Workspace, now: datetime
) -> list[dict[str, Any]]:
    """Return one object per feed without days of its own: searches, rankings, harvests.

    They are as fresh as their newest look.
    """
    newest, dated = published.newest_captures(connection), _read_days(connection).keys()
    due_daily = {feed.feed_id for feed in workspace.feeds.values() if feed.daily and feed.source}
    others = []
    for feed_id in sorted((newest.keys() | due_daily) - dated):
        feed = workspace.feeds.get(feed_id)
        if feed and feed.kind != "daily_list":
            seen_at = newest.get(feed_id)
            others.append(
                {
                    "feed_id": feed_id,
                    "kind": feed.kind,
                    "state": "current" if feed_id in newest else "never seen",
                    "newest_captured_at": seen_at,
                    "fresh_at": seen_at,
                    "age_hours": _hours_since(seen_at, now),
                }
            )
    return others


def _list_overdue(
    days: list[LedgerDay], calendar: Calendar | None, now: datetime, failed: frozenset[date]
) -> list[dict[str, Any]]:
    overdue = [
        {"feed_date": day.feed_date, **_by_now(day, failed)}
        for day in days
        if day.is_expected and day.state in _OVERDUE and day.deadline_at <= now
    ]
    if calendar and (days or failed):
        last = days[-1].feed_date if days else min(failed) - timedelta(days=1)
        overdue += _after_the_end(calendar, last, now, failed)
    return overdue


def find_gaps(overdue: list[dict[str, Any]], calendar: Calendar | None) -> list[Gap]:
    """Return the runs of overdue days of which there is no look, the longest first."""
    gaps: list[Gap] = []
    for day in sorted(one["feed_date"] for one in overdue if one["state"] != "held"):
        if gaps and calendar and not _is_any_expected(calendar, gaps[-1].last, day):
            gaps[-1] = Gap(gaps[-1].first, day, gaps[-1].days + 1)
        else:
            gaps.append(Gap(day, day, 1))
    return sorted(gaps, key=lambda gap: (-gap.days, gap.first))


def _is_any_expected(calendar: Calendar, after: date, before: date) -> bool:
    """Tell whether a day between two others is expected."""
    between = range(1, (before - after).days)
    return any(calendar.is_expected(after + timedelta(days=number)) for number in between)


def _by_now(day: LedgerDay, failed: frozenset[date]) -> dict[str, str]:
    """Return state and reason by the real clock, which is later than that of the ledger.

    A failed look that the ledger does not know yet is one of a run that was killed.
    """
    if day.state in ("missing", "late") and day.captures == 0 and day.feed_date in failed:
        return {"state": "outage", "reason": _ALL_FAILED}
    if day.state == "late":
        when = "before the cut-off" if day.last_captured_at else "at an unknown time"
        empty = f"expected, answered empty {when}, never seen again"
        reason = empty if day.captures else "expected, and nobody looked"
        return {"state": "missing", "reason": reason}
    return {"state": day.state, "reason": day.reason}


def _after_the_end(
    calendar: Calendar, last: date, now: datetime, failed: frozenset[date]
) -> list[dict[str, Any]]:
    """Return the expected days after the ledger's last one whose deadline has passed."""
    missing = []
    day = last + timedelta(days=1)
    while calendar.deadline_at(day) <= now:
        if calendar.is_expected(day):
            is_outage = day in failed
            state, reason = ("outage", _ALL_FAILED) if is_outage else ("missing", _NEVER_FETCHED)
            missing.append({"feed_date": day, "state": state, "reason": reason})
        day += timedelta(days=1)
    return missing


def _read_days(connection: "DuckDBPyConnection") -> dict[str, list[LedgerDay]]:
    """Return the days of each feed in the ledger, the oldest first."""
    days: dict[str, list[LedgerDay]] = {}
    for day in published.list_days(connection):
        days.setdefault(day.feed_id, []).append(day)
    return days


def _read_failed(workspace: Workspace) -> dict[str, frozenset[date]]:
    """Return the days of each feed of which a look failed."""
    failed: dict[str, set[date]] = {}
    rows: Iterable[tuple[str, date | None]] = (
        workspace.landing.failed().select("feed_id", "feed_date").iter_rows()
    )
    for feed_id, day in rows:
        if day is not None:
            failed.setdefault(feed_id, set()).add(day)
    return {feed_id: frozenset(days) for feed_id, days in failed.items()}


def _hours_since(moment: datetime | None, now: datetime) -> float | None:
    return None if moment is None else round((now - moment).total_seconds() / 3600, 1)
