"""The day ledger by the real clock: what is overdue now, whatever the ledger's own clock says."""

from collections.abc import Container
from datetime import date, datetime, timedelta
from typing import Any

import duckdb
import polars as pl

from flows.house import House
from transforms.calendar import Calendar

_OVERDUE = ("missing", "late", "held", "outage")


def describe_feeds(
    connection: duckdb.DuckDBPyConnection, house: House, now: datetime
) -> list[dict[str, Any]]:
    """Return one object per daily list in the ledger, as ``status --json`` prints it.

    Overdue is an expected day whose deadline has passed by the real clock and of which there is
    nothing; days after the ledger's end are judged by the calendar alone.
    """
    feeds = []
    days = connection.execute(
        "select feed_id, feed_date, state, reason, is_expected, deadline_at"
        " from core.feed_day order by feed_id, feed_date"
    ).fetchall()
    newest = dict(
        connection.execute(
            "select feed_id, max(captured_at) from raw.capture group by feed_id"
        ).fetchall()
    )
    for feed_id in sorted({day[0] for day in days}):
        of_feed = [day[1:] for day in days if day[0] == feed_id]
        overdue = [
            {"feed_date": day, "state": _by_now(state), "reason": reason}
            for day, state, reason, is_expected, deadline_at in of_feed
            if is_expected and state in _OVERDUE and deadline_at <= now
        ]
        calendar = house.calendar(feed_id)
        if calendar:
            failed = set(house.landing.failed().filter(pl.col("feed_id") == feed_id)["feed_date"])
            overdue += _after_the_end(calendar, of_feed[-1][0], now, failed)
        counts: dict[str, int] = {}
        for _, state, *_ in of_feed:
            counts[state] = counts.get(state, 0) + 1
        feeds.append(
            {
                "feed_id": feed_id,
                "ok": not overdue,
                "newest_captured_at": newest.get(feed_id),
                "days": dict(sorted(counts.items())),
                "overdue": overdue,
            }
        )
    return feeds


def _by_now(state: str) -> str:
    return "missing" if state == "late" else state


def _after_the_end(
    calendar: Calendar, last: date, now: datetime, failed: Container[date]
) -> list[dict[str, Any]]:
    """Return the expected days after the ledger's last one whose deadline has passed."""
    missing = []
    day = last + timedelta(days=1)
    while calendar.deadline_at(day) <= now:
        if calendar.is_expected(day):
            state, reason = "missing", "expected, and no look at the feed since"
            if day in failed:
                state, reason = "outage", "every look at the day failed"
            missing.append({"feed_date": day, "state": state, "reason": reason})
        day += timedelta(days=1)
    return missing
