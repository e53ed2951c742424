"""What the marts say beside bursts: alarms without hindsight, and the lives of topics."""

from dataclasses import dataclass
from datetime import date

import duckdb

from warehouse.answers.question import ask
from warehouse.migrate import read_query
from warehouse.trend_values import Alarm


@dataclass(frozen=True)
class Life:
    """The life of a topic in one daily list, in one stretch of months; see mart.topic_life.

    Dates and months of ``curve`` columns are those of a Gompertz curve, with 95 % intervals.
    """

    feed_id: str
    topic_id: str
    first_seen: date
    first_month: date
    last_month: date
    papers: int
    observed: int
    months: int
    course: str
    curve_share: float | None
    curve_peak_date: date | None
    curve_peak_low: date | None
    curve_peak_high: date | None
    curve_months_to_peak: float | None
    curve_months_to_peak_low: float | None
    curve_months_to_peak_high: float | None
    curve_half_life_months: float | None
    curve_half_life_low: float | None
    curve_half_life_high: float | None
    curve_second_date: date | None
    curve_second_low: date | None
    curve_second_high: date | None


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
