"""Topics and feeds that the command line names: found in the warehouse, or told with near ones."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flows.cli.nearest import not_there

if TYPE_CHECKING:
    import duckdb


def find_topic(connection: "duckdb.DuckDBPyConnection", asked: str) -> str:
    """Return the id of a topic that was asked for by id or name.

    Raises:
        click.UsageError: there is none; the message has the near ones.
    """
    from warehouse.trend_answers import list_names

    names = list_names(connection)
    ids = {name.lower(): topic_id for topic_id, name in names.items()}
    found = asked if asked in names else ids.get(asked.lower())
    if found is None:
        raise not_there("topic", asked, [*names, *ids])
    return found


def check_list(connection: "duckdb.DuckDBPyConnection", asked: str | None) -> None:
    """Raise a usage error for a daily list that is not declared."""
    from warehouse.trend_answers import list_feeds

    if asked is not None:
        check_feed(asked, list_feeds(connection), "daily list")


def check_feed(asked: str | None, feeds: Iterable[str], kind: str = "feed") -> None:
    """Raise a usage error for a feed that is none of these."""
    known = list(feeds)
    if asked is not None and asked not in known:
        raise not_there(kind, asked, known)
