"""The first page: what is rising, what climbs, the newest days, and what is missing or held."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Final

from flows.site.grains import period, periods
from flows.site.pages import Page
from flows.site.sparkline import Sparkline, sparkline
from warehouse.answers.days import FeedDay
from warehouse.answers.lists import Climber, Gap, Held
from warehouse.answers.question import show_sql
from warehouse.answers.topics import Topic
from warehouse.counted import say_count
from warehouse.trend_answers import Burst, SlowTrend, TrendList

_RISING: Final = 12
_CLIMBING: Final = 8
_DAYS: Final = 7
_SLOW: Final = 6


@dataclass(frozen=True)
class Rising:
    """A topic that rises, with its sparkline."""

    burst: Burst
    spark: Sparkline | None


@dataclass(frozen=True)
class Other:
    """A burst that lasts, and that only longer periods show."""

    grain: str
    burst: Burst


@dataclass(frozen=True)
class FeedNow:
    """What one daily list says now."""

    feed_id: str
    name: str
    trends: TrendList
    rising: tuple[Rising, ...]
    left: int
    others: tuple[Other, ...]
    """What rises by longer periods alone."""
    nothing: str | None
    sure: str
    slow: tuple[SlowTrend, ...]
    slow_left: int
    sql: str
    sql_list: str
    sql_shares: str
    sql_not_compared: str
    sql_slow: str
    sql_others: str


def front_page(
    lists: Sequence[TrendList],
    topics: Sequence[Topic],
    names: Mapping[str, str],
    climbers: Sequence[Climber],
    days: Mapping[date, Sequence[FeedDay]],
    gaps: Sequence[Gap],
    held: Sequence[Held],
    others: Mapping[str, Sequence[Other]],
) -> Page:
    """Return the first page; ``others`` by feed."""
    by_id = {one.topic_id: one for one in topics}
    newest = list(islice((day for day in days if _has_news(days[day])), _DAYS))
    return Page(
        "index.html",
        "index.html.j2",
        "What is rising",
        "rising",
        {
            "feeds": tuple(
                _feed_now(one, by_id, names, others.get(one.feed_id, ())) for one in lists
            ),
            "names": dict(names),
            "sql_stamp": show_sql("stamp"),
            "climbers": first_of_each_feed(climbers, _CLIMBING),
            "sql_climbing": show_sql("queries/climbing", limit=_CLIMBING),
            "sql_days": show_sql("days"),
            "days": tuple(one for day in newest for one in days[day]),
            "gaps": tuple(gaps),
            "sql_gaps": show_sql("gaps"),
            "held": tuple(held[:5]),
            "held_count": len(held),
            "sql_held": show_sql("held"),
        },
        is_stamped=True,
    )


def first_of_each_feed(
    climbers: Iterable[Climber], limit: int
) -> tuple[tuple[str, tuple[Climber, ...]], ...]:
    """Return the first of each feed, by feed."""
    by_feed: dict[str, list[Climber]] = {}
    for one in climbers:
        if one.rank <= limit:
            by_feed.setdefault(one.feed_id, []).append(one)
    return tuple((feed, tuple(of)) for feed, of in by_feed.items())


def spark_of(shares: Sequence[float], grain: str, name: str) -> Sparkline | None:
    """Return the sparkline of a topic's shares, with the same in words."""
    if not shares:
        return None
    label = (
        f"{name}, share by {period(grain)}: {shares[0]:.1%} in the first of {len(shares)},"
        f" {max(shares):.1%} at most, {shares[-1]:.1%} in the last"
    )
    return sparkline(shares, label)


def how_sure(trends: TrendList) -> str:
    """Say how many of the bursts chance alone explains; ``trends`` holds those that last."""
    if trends.false_discovery_rate is None:
        return f"{_topics(trends)} searched."
    bursts = "1 burst is" if trends.shown == 1 else f"{trends.shown} bursts are"
    last = "" if trends.shown == len(trends.bursts) else " Here stand those that last."
    return (
        f"{_topics(trends)} searched; {bursts} more than chance explains.{last} By chance"
        f" alone one would see {trends.chance_bursts:.2f} as strong"
        f" ({trends.false_discovery_rate:.0%} of those found):"
        f" the average of {trends.shuffles} histories in which the papers were dealt anew to the"
        f" {periods(trends.grain)}."
    )


def _has_news(days: Iterable[FeedDay]) -> bool:
    return any(one.papers or one.is_expected for one in days)


def _feed_now(
    trends: TrendList,
    topics: Mapping[str, Topic],
    names: Mapping[str, str],
    others: Sequence[Other],
) -> FeedNow:
    shown = trends.bursts[:_RISING]
    feed, grain = trends.feed_id, trends.grain
    return FeedNow(
        feed,
        names.get(feed, feed),
        trends,
        tuple(Rising(one, _spark_of_burst(one, topics, trends)) for one in shown),
        len(trends.bursts) - len(shown),
        tuple(others),
        None if shown else _why_nothing(trends),
        how_sure(trends),
        trends.slow[:_SLOW],
        len(trends.slow) - len(trends.slow[:_SLOW]),
        show_sql("queries/bursts", feed=feed, grain=grain),
        show_sql("queries/trend_lists", feed=feed, grain=grain),
        show_sql("topic_periods", grain=grain),
        show_sql("queries/untested_periods", feed=feed, grain=grain, after=trends.last_period),
        show_sql("queries/slow_trends", feed=feed),
        show_sql("queries/rising", grain=None, feed=feed),
    )


def _spark_of_burst(
    burst: Burst, topics: Mapping[str, Topic], trends: TrendList
) -> Sparkline | None:
    """Return the shares of the stretch that is compared."""
    topic = topics.get(burst.topic_id)
    shares = [
        one.share
        for one in (topic.periods if topic else ())
        if (one.feed_id, one.grain) == (trends.feed_id, trends.grain)
        and trends.first_period <= one.period_start <= trends.last_period
        and one.is_testable
    ]
    return spark_of(shares, trends.grain, burst.name)


def _why_nothing(trends: TrendList) -> str:
    if not trends.topics:
        return f"There are too few comparable {periods(trends.grain)}, or too few papers in them."
    if trends.found and not trends.shown:
        return (
            f"{_topics(trends)} searched. Bursts found: {trends.found}; none is shown,"
            f" for chance alone gives {trends.chance_bursts:.2f} as strong."
        )
    return f"{_topics(trends)} searched."


def _topics(trends: TrendList) -> str:
    return f"{say_count(trends.topics, 'topic')} {'was' if trends.topics == 1 else 'were'}"
