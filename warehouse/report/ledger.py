"""The sections about feeds: a calendar of recent days by state, and what was kept out."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from warehouse.counted import say_count
from warehouse.report.facts import Row, say_day, say_time
from warehouse.report.parts import LegendEntry, Table

STATES = {
    "loaded": ("", "a whole list, seen after its end"),
    "open": ("", "last seen before its end"),
    "truncated": ("", "a part of the list is missing"),
    "partial": ("", "rows that state the day, maybe not all"),
    "legit_empty": ("", "answered empty"),
    "closed": ("", "no list expected, nobody looked"),
    "late": ("l", "expected, deadline not passed"),
    "held": ("h", "all captures held"),
    "outage": ("o", "every look failed"),
    "missing": ("✕", "nobody looked"),
}
"""Sign and meaning of each state of the ledger."""
_NO_GAP = ("loaded", "open", "truncated", "partial", "legit_empty", "closed")
_SHOWN_DAYS = 30


@dataclass(frozen=True)
class Place:
    """One place of a calendar; ``area`` is row and column of the grid, as CSS has it."""

    sign: str
    style: str
    area: str
    title: str | None = None


@dataclass(frozen=True)
class Calendar:
    """The days of a feed, a week a column; ``label`` says the same in words."""

    label: str
    places: Sequence[Place]


@dataclass(frozen=True)
class Gaps:
    """The days without a list."""

    summary: str
    rows: Table


@dataclass(frozen=True)
class FeedView:
    """What we have of a feed, and its calendar where it has one."""

    heading: str
    holdings: str
    completeness: str = ""
    calendar: Calendar | None = None
    legend: Sequence[LegendEntry] = field(default_factory=list)
    gaps: Gaps | None = None


@dataclass(frozen=True)
class KeptOut:
    """What was refused, held, rejected or made null, by reason."""

    sentence: str
    rows: Table


def describe_feeds(feeds: Sequence[Row], days: Mapping[str, Sequence[Row]]) -> list[FeedView]:
    """Return each feed with the days of its calendar."""
    return [_describe_feed(feed, days.get(feed["feed_id"], ())) for feed in feeds]


def describe_kept_out(rows: Sequence[Row]) -> KeptOut:
    """Return what was kept out, by reason."""
    totals: Counter[str] = Counter()
    for row in rows:
        totals[row["kind"]] += row["count"]
    said = ", ".join(_say_kept_out(number, kind) for kind, number in totals.items())
    columns = ("What", "Count", "Reason", "Feed", "Example")
    cells = [
        (row["kind"], row["count"], row["reason"], row["feed_id"], row["example"]) for row in rows
    ]
    return KeptOut(f"{said}.", Table.of(columns, cells))


def _say_kept_out(number: int, kind: str) -> str:
    """Return ``2 entries rejected``, or ``1 entry rejected``."""
    several, _, what = kind.partition(" ")
    noun = several.removesuffix("s") if several != "entries" else "entry"
    return f"{say_count(number, noun)} {what}"


def _describe_feed(feed: Row, days: Sequence[Row]) -> FeedView:
    heading = f"{feed['name']} ({feed['feed_id']})"
    holdings = (
        f"{say_count(feed['captures'], 'capture')} with {say_count(feed['entries'], 'entry')}; the"
        f" newest look is from {say_time(feed['newest_captured_at'])}."
    )
    if not days:
        return FeedView(heading, holdings)
    return FeedView(
        heading,
        holdings,
        _say_completeness(feed),
        _draw_calendar(days),
        _list_states(days),
        _find_gaps(days),
    )


def _say_completeness(feed: Row) -> str:
    usable, expected = feed["usable_days"], feed["expected_days"]
    if not expected:
        return ""
    return (
        f"Of {expected:,} expected days from {feed['first_date']} to {feed['last_date']},"
        f" {usable:,} have a list ({usable / expected:.0%})."
    )


def _draw_calendar(days: Sequence[Row]) -> Calendar:
    first: date = days[0]["feed_date"]
    monday = first - timedelta(days=first.weekday())
    places = [_place(name, "weekday", row, 1) for name, row in (("Mon", 2), ("Wed", 4), ("Fri", 6))]
    for day in days:
        column = (day["feed_date"] - monday).days // 7 + 2
        if day["feed_date"].day <= 7 and day["feed_date"].weekday() == 0:
            places.append(_place(f"{day['feed_date']:%b}", "month", 1, column))
        papers = say_count(day["papers"], "paper")
        said = f"{say_day(day['feed_date'])}: {day['state']}, {papers}. {day['reason']}"
        sign = STATES.get(day["state"], ("?", ""))[0]
        row = day["feed_date"].weekday() + 2
        places.append(_place(sign, f"day {day['state']}", row, column, said))
    counts = Counter(day["state"] for day in days)
    said = ", ".join(f"{number} {state}" for state, number in sorted(counts.items()))
    last = say_day(days[-1]["feed_date"])
    return Calendar(f"The days from {say_day(first)} to {last}: {said}", places)


def _place(sign: str, style: str, row: int, column: int, title: str | None = None) -> Place:
    return Place(sign, style, f"{row}/{column}", title)


def _list_states(days: Sequence[Row]) -> list[LegendEntry]:
    counts = Counter(day["state"] for day in days)
    return [
        LegendEntry(f"day {state}", sign, f"{counts[state]} {state.replace('_', ' ')}: {meaning}")
        for state, (sign, meaning) in STATES.items()
        if counts[state]
    ]


def _find_gaps(days: Sequence[Row]) -> Gaps | None:
    gaps = [day for day in reversed(days) if day["state"] not in _NO_GAP]
    if not gaps:
        return None
    rows = [(say_day(day["feed_date"]), day["state"], day["reason"]) for day in gaps[:_SHOWN_DAYS]]
    more = f"; the last {_SHOWN_DAYS} of them" if len(gaps) > _SHOWN_DAYS else ""
    half_year = f"the half year to {days[-1]['feed_date']}"
    summary = f"{say_count(len(gaps), 'day')} without a list in {half_year}{more}"
    return Gaps(summary, Table.of(("Day", "State", "Why"), rows))
