"""The chart of a topic in a daily list: which periods and bursts it shows, and its words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from flows.site.charts import Charts, Drawing
from flows.site.grains import name_period
from warehouse.answers.topics import Period, Topic
from warehouse.trend_answers import Burst, TrendList

_LEAST_BY_WEEK: Final = 1.0
"""Papers a week, on average, from which on a topic is drawn by week; else by month."""
_LEAST_DRAWN: Final = 10
"""Papers of a feed from which on a topic is drawn: fewer make a line of zeros."""


@dataclass(frozen=True)
class Chart:
    """A chart, and the same in words and rows."""

    grain: str
    drawn: Drawing | None
    is_shaded: bool
    has_baseline: bool
    caption: str


def ask_charts(
    topics: Sequence[Topic], lists: Sequence[TrendList], charts: Charts
) -> dict[tuple[str, str], Chart]:
    """Return by topic and feed what is drawn; ``charts`` draws it later.

    ``lists`` tell of all bursts, any grain.
    """
    told = bursts_by_topic(lists)
    return {
        (topic.topic_id, feed): _chart(topic, feed, told.get(topic.topic_id, ()), charts)
        for topic in topics
        for feed in topic.feeds
    }


def bursts_by_topic(lists: Sequence[TrendList]) -> dict[str, list[tuple[Burst, str]]]:
    """Return by topic its bursts, each with its grain."""
    told: dict[str, list[tuple[Burst, str]]] = {}
    for one in lists:
        for burst in one.bursts:
            told.setdefault(burst.topic_id, []).append((burst, one.grain))
    return told


def told_of_feed(
    topic: Topic, feed: str, told: Sequence[tuple[Burst, str]]
) -> tuple[tuple[Burst, date, str], ...]:
    """Return the bursts of a feed, the newest first, each with the period until which it is known,
    and its grain.
    """
    known_until = {
        (one.start_period, one.grain): one.known_until
        for one in topic.bursts
        if one.feed_id == feed
    }
    return tuple(
        (one, known_until[one.start, grain], grain)
        for one, grain in sorted(told, key=_by_start, reverse=True)
        if one.feed_id == feed and (one.start, grain) in known_until
    )


def _chart(topic: Topic, feed: str, told: Sequence[tuple[Burst, str]], charts: Charts) -> Chart:
    own = [one for one in topic.periods if one.feed_id == feed]
    grain = _grain_of(own)
    periods = [one for one in own if one.grain == grain]
    shown = {(one.start, grain_told) for one, _, grain_told in told_of_feed(topic, feed, told)}
    shaded = [
        one
        for one in topic.bursts
        if one.feed_id == feed and (one.start_period, one.grain) in shown
    ]
    caption = _caption(topic.name, grain, periods)
    is_drawn = sum(one.papers for one in periods) >= _LEAST_DRAWN
    drawn = charts.draw_shares(periods, shaded, caption) if is_drawn else None
    has_baseline = any(one.expected is not None for one in periods)
    return Chart(grain, drawn, bool(shaded), has_baseline, caption)


def _by_start(told: tuple[Burst, str]) -> date:
    return told[0].start


def _grain_of(periods: Sequence[Period]) -> str:
    weeks = [one for one in periods if one.grain == "week" and one.is_testable]
    papers = sum(one.papers for one in weeks)
    return "week" if weeks and papers / len(weeks) >= _LEAST_BY_WEEK else "month"


def _caption(name: str, grain: str, periods: Sequence[Period]) -> str:
    compared = [one for one in periods if one.stretch is not None]
    if not compared:
        return f"{name}: no {grain} is over of which enough days were seen."
    top = max(compared, key=lambda one: one.share)
    last = compared[-1]
    first, newest = (name_period(one.period_start, grain) for one in (compared[0], last))
    return (
        f"Share of {name} by {grain}, {first} to {newest}: at most {top.share:.1%}"
        f" ({top.papers} of {top.observed:,} papers, {name_period(top.period_start, grain)}),"
        f" {last.share:.1%} ({last.papers} of {last.observed:,}) in the last."
    )
