"""What is due: which days of which feed are worth a look now, and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flows.pipeline.inputs import DueFetch
from transforms.calendar import Calendar

LATEST_DAYS = 28
"""Older days are a matter of backfill, not of the daily run."""
RETAKE_DAYS = 3
"""For so long after its cut-off a list of which only a part came is asked for in every run."""

_PARTS = ("truncated", "partial")
_WITHOUT_LIST = ("closed", "legit_empty", "held")
_GAPS = ("missing", "late", "outage", "held", "open", "truncated", "partial")
_UNSEEN = ("missing", "late", "outage", "closed", "partial")
_FAILED = ("outage", "held")


@dataclass(frozen=True)
class DaySeen:
    """What the ledger knows of one day. ``last_captured_at`` is naive UTC, null if never seen."""

    state: str
    last_captured_at: datetime | None


def list_due(
    calendar: Calendar,
    seen: Mapping[date, DaySeen],
    now: datetime,
    reobserve_days: Iterable[int],
) -> list[DueFetch]:
    """Return the looks of one feed that are due at ``now`` (naive UTC), the oldest day first.

    Due are the current day; expected days of the last weeks that are not final yet; and days whose
    next re-observation, so many days after their cut-off, has come since the last look: votes grow
    and papers come late. Days on which no list is expected are due only where the feed is looked at
    then too: until a look after their end, for three days.
    """
    today = calendar.day_of(now)
    due = []
    for age in range(LATEST_DAYS, -1, -1):
        day = today - timedelta(days=age)
        why = _why(calendar, day, seen.get(day), now, sorted(reobserve_days, reverse=True))
        if why:
            due.append(DueFetch(calendar.feed_id, day, why))
    return due


def list_due_today(
    calendar: Calendar, seen: Mapping[date, DaySeen], now: datetime
) -> list[DueFetch]:
    """Return the look that is due at ``now`` (naive UTC) at a source that shows only today.

    Its list of a day that is over can never be had, so nothing is observed again, and a day
    without entries is asked for until it is over.
    """
    today = calendar.day_of(now)
    known = seen.get(today)
    is_final = known is not None and known.state == "loaded"
    if is_final or not calendar.is_looked_at(today):
        return []
    return [DueFetch(calendar.feed_id, today, "the list of the day, which is gone tomorrow")]


def _why(
    calendar: Calendar, day: date, seen: DaySeen | None, now: datetime, reobserve_days: list[int]
) -> str | None:
    if not calendar.is_looked_at(day):
        return None
    cutoff = calendar.cutoff_at(day)
    last = seen.last_captured_at if seen else None
    is_unseen = last is None or last < cutoff
    if now < cutoff:
        return "the list of the day"
    if not calendar.is_expected(day) and (seen is None or seen.state in _WITHOUT_LIST):
        is_due = is_unseen and now < cutoff + timedelta(days=RETAKE_DAYS)
        return "closed: no look since the day ended" if is_due else None
    if seen is None or (seen.state in _GAPS and is_unseen):
        state = seen.state if seen else "not in the ledger"
        return f"{state}: no whole look since the day ended"
    if seen.state in _PARTS and now < cutoff + timedelta(days=RETAKE_DAYS):
        return f"{seen.state}: only a part of the list came"
    for age in reobserve_days:
        moment = cutoff + timedelta(days=age)
        if now >= moment:
            is_passed = last is not None and last >= moment
            return None if is_passed else f"re-observation on day {age}"
    return None


def list_backfill(
    calendar: Calendar,
    seen: Mapping[date, DaySeen],
    first: date,
    last: date,
    only: str,
    since: datetime | None = None,
) -> list[DueFetch]:
    """Return the looks of a backfill, the oldest day first.

    ``only`` is ``missing`` (never a usable look), ``failed`` (outage or held) or ``all``: every
    day. Days on which no list is expected are left out unless the feed is looked at then too, or
    ``only`` is ``all``; with ``since``, ``all`` leaves out those looked at from then on.
    """
    due = []
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        is_expected = calendar.is_expected(day)
        if only != "all" and not calendar.is_looked_at(day):
            continue
        known = seen.get(day)
        state = known.state if known else "missing" if is_expected else "closed"
        if only == "all":
            looked = known.last_captured_at if known else None
            is_wanted = since is None or looked is None or looked < since
        else:
            is_wanted = state in (_UNSEEN if only == "missing" else _FAILED)
        if is_wanted:
            due.append(DueFetch(calendar.feed_id, day, state))
    return due
