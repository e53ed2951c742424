"""What the marts say beside bursts: alarms without hindsight, and the lives of topics."""

from datetime import date

import duckdb

from warehouse.answers.question import ask
from warehouse.migrate import read_query
from warehouse.trend_values import Alarm, Life


def read_alarms(
    connection: duckdb.DuckDBPyConnection,
    feed: str,
    grain: str,
    stretch: int,
    topic: str | None = None,
    since: date | None = None,
) -> list[Alarm]:
    """Return the alarms of a stretch of a feed: those of its last period.

    With ``topic`` all of the topic; with ``since`` those of periods that begin then or later.
    """
    values = {"feed": feed, "grain": grain, "stretch": stretch, "topic": topic, "since": since}
    rows = connection.execute(read_query("alarms"), values).fetchall()
    return [Alarm(*row) for row in rows]


def read_lives(
    connection: duckdb.DuckDBPyConnection, topic: str, feed: str | None = None
) -> list[Life]:
    """Return the life of a topic in each daily list."""
    rows = ask(connection, "topic_lives", topic_id=topic, feed_id=feed)
    return [Life(**{name: row[name] for name in Life.__dataclass_fields__}) for row in rows]
