"""What stands in each feed of ours: rising topics, papers that climb, and every watch-list."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from operator import attrgetter
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from markupsafe import Markup

from config.settings import Out
from config.watch import WatchEntry
from flows.out.digest import watch_lists
from flows.out.feed_values import Channel, Item
from flows.out.page_names import topic_page
from flows.out.rendering import link
from flows.out.sentences import say_burst, say_chance, say_climbing
from warehouse import news
from warehouse.news_values import Paper, SaidBurst

if TYPE_CHECKING:
    import duckdb

SHOWN: Final = 50
"""How many entries a feed has at most."""
_CLIMBING: Final = 15
_WATCHED_DAYS: Final = 60
"""How long a paper stays in the feed of a watch-list after it was published here."""


def read_channels(
    connection: "duckdb.DuckDBPyConnection", watch: Sequence[WatchEntry], out: Out
) -> list[Channel]:
    """Return every feed as the published warehouse has it; the same warehouse gives the same."""
    published_at = news.newest_publication(connection)
    if published_at is None:
        return []
    feeds = news.list_all_feeds(connection)
    rising = _rising(connection, feeds, published_at, out)
    climbing = _climbing(connection, feeds, published_at, out)
    return [rising, climbing, *_watched(connection, feeds, published_at, watch, out)]


def _rising(
    connection: "duckdb.DuckDBPyConnection", feeds: Sequence[str], published_at: datetime, out: Out
) -> Channel:
    bursts = news.told_once(news.read_said_bursts(connection, feeds))
    items = [_burst_item(one, out) for one in bursts]
    return _channel(
        "rising", "Rising topics", "Topics that began to rise", items, published_at, out
    )


def _burst_item(burst: SaidBurst, out: Out) -> Item:
    lasts = burst.unsaid_at is None
    content = Markup("<p>{}.</p>").format(_sentence(say_burst(burst)))
    if say_chance(burst):
        content += Markup("<p>{}.</p>").format(_sentence(say_chance(burst)))
    if not lasts:
        content += Markup("<p>It was last said to rise on {} UTC.</p>").format(
            f"{burst.last_said_at:%Y-%m-%d %H:%M}"
        )
    return Item(
        # of what was said first, for a later search may see the start elsewhere
        _tag(out, "rising", burst.feed_id, burst.topic_id, burst.grain, str(burst.first_since)),
        f"{'Rising' if lasts else 'No longer rising'}: {burst.name} ({burst.feed_id})",
        content,
        burst.first_said_at,
        burst.unsaid_at or burst.first_said_at,
        f"{out.site_address}{quote(topic_page(burst.topic_id))}" if out.site_address else None,
        (burst.feed_id, burst.topic_id),
    )


def _climbing(
    connection: "duckdb.DuckDBPyConnection", feeds: Sequence[str], published_at: datetime, out: Out
) -> Channel:
    papers = news.read_climbing_news(connection, feeds, limit=_CLIMBING)
    since = news.read_climbing_since(connection, _CLIMBING)
    ids = _first_ids(connection, (one.paper for one in papers))
    items = [
        Item(
            _tag(out, "climbing", one.feed_id, ids.get(one.paper.paper_id, one.paper.paper_id)),
            one.paper.title,
            Markup("<p>{}.</p>").format(_sentence(say_climbing(one))),
            since.get((one.feed_id, one.paper.paper_id), one.captured_at),
            since.get((one.feed_id, one.paper.paper_id), one.captured_at),
            link(one.paper.url) if one.paper.url else None,
            (one.feed_id,),
        )
        for one in papers
    ]
    subtitle = "Papers with more votes than is usual at their age, halved with every week of age"
    return _channel("climbing", "Climbing papers", subtitle, items, published_at, out)


def _watched(
    connection: "duckdb.DuckDBPyConnection",
    feeds: Sequence[str],
    published_at: datetime,
    watch: Sequence[WatchEntry],
    out: Out,
) -> list[Channel]:
    begin = published_at - timedelta(days=_WATCHED_DAYS)
    found = news.read_watched(connection, feeds, begin, watch_lists(watch))
    shown = {
        entry.id: [one for one in found if one.entry_id == entry.id][:SHOWN] for entry in watch
    }
    ids = _first_ids(connection, (one.paper for of in shown.values() for one in of))
    return [
        _channel(
            f"watch-{entry.id}",
            f"Watch-list: {entry.name}",
            "Papers of a watch-list, when they were first published here",
            [
                Item(
                    _tag(out, "watch", entry.id, ids.get(one.paper.paper_id, one.paper.paper_id)),
                    one.paper.title,
                    Markup("<p>{}; {}.</p>").format(", ".join(one.matched), _say_listed(one.paper)),
                    one.first_published_at,
                    one.first_published_at,
                    link(one.paper.url) if one.paper.url else None,
                    (one.feed_id,),
                )
                for one in shown[entry.id]
            ],
            published_at,
            out,
        )
        for entry in watch
    ]


def _say_listed(paper: Paper) -> str:
    day = paper.first_feed_date
    return f"first listed on {day}" if day else "not seen on a daily list"


def _channel(
    name: str,
    title: str,
    subtitle: str,
    items: Iterable[Item],
    published_at: datetime,
    out: Out,
) -> Channel:
    """Return a feed, its newest entries first; without any it was updated by the publication."""
    newest = sorted(items, key=attrgetter("published_at"), reverse=True)[:SHOWN]
    updated_at = max((item.updated_at for item in newest), default=published_at)
    return Channel(
        name,
        _tag(out, "feed", name),
        f"{title}, paperstrata",
        subtitle,
        updated_at,
        tuple(newest),
        out.site_address,
    )


def _first_ids(
    connection: "duckdb.DuckDBPyConnection", papers: Iterable[Paper]
) -> Mapping[str, str]:
    return news.read_first_ids(connection, sorted({paper.paper_id for paper in papers}))


def _tag(out: Out, *parts: str) -> str:
    """Return a tag URI (RFC 4151)."""
    return f"tag:{out.tag}:" + "/".join(quote(part, safe=":@!$&'()*+,;=~") for part in parts)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
