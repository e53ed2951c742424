"""The sections about feeds: a calendar of recent days by state, and what was kept out."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from warehouse.report.facts import Row, say_day, say_time
from warehouse.report.parts import Html, count, element, join, scroll, table

STATES = {
    "loaded": ("", "a whole list, seen after its end"),
    "open": ("", "last seen before its end"),
    "truncated": ("", "cut at the page limit"),
    "legit_empty": ("", "no list expected, or answered empty"),
    "late": ("l", "expected, deadline not passed"),
    "held": ("h", "all captures held"),
    "outage": ("o", "every look failed"),
    "missing": ("✕", "nobody looked"),
}
"""Sign and meaning of each state of the ledger."""
_USABLE = ("loaded", "open", "truncated", "legit_empty")
_SHOWN_DAYS = 30


def show_feeds(feeds: Sequence[Row], days: Mapping[str, Sequence[Row]]) -> Html:
    """Show each feed: what we have of it, and its calendar where it has one."""
    if not feeds:
        return element("p", "Nothing has been published yet.")
    return join(_show_feed(feed, days.get(feed["feed_id"], ())) for feed in feeds)


def show_kept_out(rows: Sequence[Row]) -> Html:
    """Show what was refused, held, rejected or made null, by reason."""
    if not rows:
        return element("p", "Nothing.")
    totals: Counter[str] = Counter()
    for row in rows:
        totals[row["kind"]] += row["count"]
    said = ", ".join(f"{number:,} {kind}" for kind, number in totals.items())
    columns = ("What", "Count", "Reason", "Feed", "Example")
    cells = [
        (row["kind"], row["count"], row["reason"], row["feed_id"], row["example"]) for row in rows
    ]
    return join((element("p", f"{said}."), table(columns, cells)))


def _show_feed(feed: Row, days: Sequence[Row]) -> Html:
    seen = say_time(feed["newest_captured_at"])
    said = (
        f"{count(feed['captures'], 'capture')} with {count(feed['entries'], 'entry')}; the newest"
        f" look is from {seen}."
    )
    shown: list[Any] = [element("h3", f"{feed['name']} ({feed['feed_id']})"), element("p", said)]
    if days:
        usable, expected = feed["usable_days"], feed["expected_days"]
        shown.append(
            element(
                "p",
                f"Of {expected:,} expected days from {feed['first_date']} to {feed['last_date']},"
                f" {usable:,} have a list ({usable / expected:.0%})."
                if expected
                else "",
            )
        )
        shown += [_show_calendar(days), _show_legend(days), _show_gaps(days)]
    return element("section", *shown, class_="feed")


def _show_calendar(days: Sequence[Row]) -> Html:
    first: date = days[0]["feed_date"]
    monday = first - timedelta(days=first.weekday())
    cells = []
    for day in days:
        column = (day["feed_date"] - monday).days // 7 + 2
        if day["feed_date"].day <= 7 and day["feed_date"].weekday() == 0:
            cells.append(_place(f"{day['feed_date']:%b}", "month", 1, column))
        papers = count(day["papers"], "paper")
        said = f"{say_day(day['feed_date'])}: {day['state']}, {papers}. {day['reason']}"
        sign = STATES.get(day["state"], ("?", ""))[0]
        row = day["feed_date"].weekday() + 2
        cells.append(_place(sign, f"day {day['state']}", row, column, said))
    names = [_place(name, "weekday", row, 1) for name, row in (("Mon", 2), ("Wed", 4), ("Fri", 6))]
    counts = Counter(day["state"] for day in days)
    said = ", ".join(f"{number} {state}" for state, number in sorted(counts.items()))
    label = f"The days from {say_day(first)} to {say_day(days[-1]['feed_date'])}: {said}"
    calendar = element("div", *names, *cells, class_="calendar", role="img", aria_label=label)
    return scroll(calendar)


def _place(sign: str, class_: str, row: int, column: int, title: str | None = None) -> Html:
    style = f"grid-area:{row}/{column}"
    return element("i", sign, class_=class_, style=style, title=title)


def _show_legend(days: Sequence[Row]) -> Html:
    counts = Counter(day["state"] for day in days)
    entries = [
        element(
            "span",
            element("i", sign, class_=f"day {state}", aria_hidden="true"),
            f"{counts[state]} {state.replace('_', ' ')}: {meaning}",
        )
        for state, (sign, meaning) in STATES.items()
        if counts[state]
    ]
    return element("p", *entries, class_="legend")


def _show_gaps(days: Sequence[Row]) -> Html:
    gaps = [day for day in reversed(days) if day["state"] not in _USABLE]
    if not gaps:
        return Html("")
    rows = [(say_day(day["feed_date"]), day["state"], day["reason"]) for day in gaps[:_SHOWN_DAYS]]
    more = f"; the last {_SHOWN_DAYS} of them" if len(gaps) > _SHOWN_DAYS else ""
    summary = element(
        "summary", f"{count(len(gaps), 'day')} without a list in this half year{more}"
    )
    return element("details", summary, table(("Day", "State", "Why"), rows))
