"""The digest: what happened since an instant, in the feeds and on the watch-lists of a home."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from config.watch import WatchEntry
from warehouse.news import NEVER, list_all_feeds, newest_publication, read_news
from warehouse.news_values import News, Watch

if TYPE_CHECKING:
    import duckdb

USUAL_DAYS: Final = 7
"""How long before the newest publication a digest begins where nobody says."""


def read_digest(
    connection: "duckdb.DuckDBPyConnection",
    watch: Sequence[WatchEntry],
    since: datetime | None = None,
    feeds: Iterable[str] | None = None,
) -> News:
    """Return what happened since an instant (naive UTC) in some feeds, or in all."""
    begin = since or usual_begin(connection)
    asked = list_all_feeds(connection) if feeds is None else feeds
    return read_news(connection, dict.fromkeys(asked, begin), watch_lists(watch))


def usual_begin(connection: "duckdb.DuckDBPyConnection") -> datetime:
    """Return the instant a week before the newest publication."""
    newest = newest_publication(connection)
    return newest - timedelta(days=USUAL_DAYS) if newest else NEVER


def watch_lists(entries: Sequence[WatchEntry]) -> list[Watch]:
    """Return the declared watch-lists as questions to the warehouse."""
    return [
        Watch(entry.id, entry.name, entry.topics, entry.phrases, entry.authors) for entry in entries
    ]
