"""The section about time: reasons and fields by week or month, as small bars."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from warehouse.report.facts import Row

_SHOWN_ROWS = 25
_SHOWN_PERIODS = 30
_STEP = {"week": 7, "month": 31}
"""Days from the first of a period into the next one."""


@dataclass(frozen=True)
class Bar:
    """One period: how much of the height of the row, in percent, and what is said of it."""

    height: int
    title: str


@dataclass(frozen=True)
class Line:
    """One reason or field over the periods; ``label`` says in words what the bars show."""

    kind: str
    feed_id: str
    reason: str
    count: int
    first: date
    last: date
    bars: Sequence[Bar]
    label: str


@dataclass(frozen=True)
class OverTime:
    """The lines, the newest first, and a sentence about what they leave out."""

    grain: str
    lines: Sequence[Line]
    left_out: str


def describe_over_time(
    rows: Iterable[Row], grain: str, first: date | None, last: date | None
) -> OverTime:
    """Return rows of (kind, feed_id, reason, period_start, count, total, unit), which are in this
    order, as lines over the periods from the first to the last day.
    """
    counted = [list(group) for _, group in groupby(rows, _key)]
    if not counted or first is None or last is None:
        return OverTime(grain, (), "")
    periods = _list_periods(_start_of(first, grain), last, grain)[-_SHOWN_PERIODS:]
    lines = [_describe(group, periods, grain) for group in counted]
    lines.sort(key=lambda line: (-line.last.toordinal(), -line.count, line.kind, line.reason))
    more = len(lines) - _SHOWN_ROWS
    return OverTime(
        grain, lines[:_SHOWN_ROWS], f"{more} older ones are left out." if more > 0 else ""
    )


def _key(row: Row) -> tuple[str, str, str]:
    return row["kind"], row["feed_id"], row["reason"]


def _start_of(day: date, grain: str) -> date:
    return day - timedelta(days=day.weekday()) if grain == "week" else day.replace(day=1)


def _list_periods(first: date, last: date, grain: str) -> list[date]:
    periods = [first]
    step = timedelta(days=_STEP[grain])
    while date.max - periods[-1] >= step:
        following = _start_of(periods[-1] + step, grain)
        if following > last:
            break
        periods.append(following)
    return periods


def _describe(rows: Sequence[Row], periods: Sequence[date], grain: str) -> Line:
    by_period = {row["period_start"]: row for row in rows}
    highest = max(row["count"] for row in rows)
    bars = [_bar(period, by_period.get(period), highest, grain) for period in periods]
    kind, feed_id, reason = _key(rows[0])
    said = "; ".join(bar.title for bar in bars if bar.height)
    return Line(
        kind,
        feed_id,
        reason,
        sum(row["count"] for row in rows),
        rows[0]["period_start"],
        rows[-1]["period_start"],
        bars,
        said or f"nothing in the last {len(periods)} {grain}s",
    )


def _bar(period: date, row: Row | None, highest: int, grain: str) -> Bar:
    if row is None:
        return Bar(0, f"{grain} of {period}: none")
    title = f"{grain} of {period}: {row['count']:,} of {row['total']:,} {row['unit']}"
    return Bar(max(12, round(100 * row["count"] / highest)), title)
