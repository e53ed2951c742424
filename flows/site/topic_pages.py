"""The list of topics, and a page for each: its share over time, life, bursts and papers."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from flows.site.addresses import topic_page
from flows.site.front import spark_of
from flows.site.pages import Page
from flows.site.sparkline import Sparkline
from flows.site.topic_charts import Chart, bursts_by_topic, told_of_feed
from warehouse.answers.question import show_sql
from warehouse.answers.topics import Period, Relative, Topic, TopicBurst, TopicLife, TopicPaper
from warehouse.trend_answers import Burst, SlowTrend, TrendList

_SHOWN_PERIODS: Final = 12
_LEAST_MONTHS: Final = 6


@dataclass(frozen=True)
class FeedTopic:
    """A topic in one daily list."""

    feed_id: str
    name: str
    chart: Chart
    life: TopicLife | None
    bursts: tuple[TopicBurst, ...]
    told: tuple[tuple[Burst, date, str], ...]
    """The bursts with phrases, other topics and papers; up to which period each is known; grain."""
    slow: SlowTrend | None
    newest: tuple[Period, ...]
    change: Period | None
    by_votes: tuple[TopicPaper, ...]
    by_date: tuple[TopicPaper, ...]
    relatives: tuple[Relative, ...]


@dataclass(frozen=True)
class TopicRow:
    """A topic in the list of topics, as the daily list says that shows most of it."""

    topic_id: str
    name: str
    parent: str | None
    papers: int
    newest: Period | None
    phase: str | None
    is_rising: bool
    spark: Sparkline | None


def topic_pages(
    topics: Sequence[Topic],
    lists: Sequence[TrendList],
    names: Mapping[str, str],
    charts: Mapping[tuple[str, str], Chart],
) -> Iterator[Page]:
    """Yield the list of topics, and the page of each; ``lists`` tell of all bursts, any grain."""
    told = bursts_by_topic(lists)
    rising: set[str] = set()
    for one in lists:
        for burst in one.bursts:
            # one that lasted at the end of an earlier stretch does not rise now
            if burst.end is None and burst.start >= one.first_period:
                rising.add(burst.topic_id)
    slow = {(one.topic_id, one.feed_id): one for trends in lists for one in trends.slow}
    yield _list_page(topics, rising)
    for topic in topics:
        feeds = tuple(
            _feed_topic(
                topic, feed, names, told.get(topic.topic_id, ()), slow, charts[topic.topic_id, feed]
            )
            for feed in topic.feeds
        )
        yield Page(
            topic_page(topic.topic_id),
            "topic.html.j2",
            topic.name,
            "topics",
            {
                "topic_id": topic.topic_id,
                "name": topic.name,
                "level": topic.level,
                "parent": topic.parent,
                "papers": topic.papers,
                "papers_naming_it": topic.papers_naming_it,
                "feeds": feeds,
                "sql": {
                    name: show_sql(question, topic_id=topic.topic_id, topic=topic.topic_id)
                    for name, question in _QUESTIONS.items()
                },
            },
        )


_QUESTIONS: Final = {
    "topic": "topics",
    "periods": "topic_periods",
    "lives": "topic_lives",
    "bursts": "topic_bursts",
    "slow": "queries/slow_trends",
    "papers": "topic_best_papers",
    "relatives": "topic_relatives",
}


def _list_page(topics: Sequence[Topic], rising: Collection[str]) -> Page:
    grain = _grain_of_list(topics)
    rows = sorted(
        (_row(topic, grain, is_rising=topic.topic_id in rising) for topic in topics),
        key=lambda one: (-one.papers, one.topic_id),
    )
    return Page(
        "topics/index.html",
        "topics.html.j2",
        "Topics",
        "topics",
        {
            "rows": tuple(rows),
            "grain": grain,
            "sql": show_sql("topics"),
            "sql_shares": show_sql("topic_periods", grain=grain),
            "sql_lives": show_sql("topic_lives"),
        },
    )


def _grain_of_list(topics: Sequence[Topic]) -> str:
    """Return month where there are some to compare, else week."""
    months = {
        one.period_start
        for topic in topics
        for one in topic.periods
        if one.grain == "month" and one.is_testable
    }
    return "month" if len(months) >= _LEAST_MONTHS else "week"


def _row(topic: Topic, grain: str, *, is_rising: bool) -> TopicRow:
    life = max(topic.lives, key=lambda one: one.papers, default=None)
    tested = [one for one in topic.periods if one.grain == grain and one.is_testable]
    feed = life.feed_id if life else next((one.feed_id for one in tested), None)
    own = [one for one in tested if one.feed_id == feed]
    newest = own[-1] if own else None
    return TopicRow(
        topic.topic_id,
        topic.name,
        topic.parent,
        topic.papers,
        newest,
        life.phase if life and life.is_told else None,
        is_rising,
        spark_of([one.share for one in own], grain, topic.name),
    )


def _feed_topic(
    topic: Topic,
    feed: str,
    names: Mapping[str, str],
    told: Sequence[tuple[Burst, str]],
    slow: Mapping[tuple[str, str], SlowTrend],
    chart: Chart,
) -> FeedTopic:
    own = [one for one in topic.periods if one.feed_id == feed]
    periods = [one for one in own if one.grain == chart.grain]
    papers = [one for one in topic.best_papers if one.feed_id == feed]
    tested = [one for one in periods if one.is_testable and one.growth is not None]
    return FeedTopic(
        feed,
        names.get(feed, feed),
        chart,
        next((one for one in topic.lives if one.feed_id == feed), None),
        tuple(one for one in topic.bursts if one.feed_id == feed),
        told_of_feed(topic, feed, told),
        slow.get((topic.topic_id, feed)),
        tuple(reversed(periods[-_SHOWN_PERIODS:])),
        tested[-1] if tested else None,
        tuple(sorted((p for p in papers if p.rank_by_votes <= 10), key=lambda p: p.rank_by_votes)),
        tuple(sorted((p for p in papers if p.rank_by_date <= 10), key=lambda p: p.rank_by_date)),
        tuple(one for one in topic.relatives if one.feed_id == feed),
    )
