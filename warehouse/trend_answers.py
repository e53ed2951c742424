"""What the marts say is rising, as typed answers; the connection may be read-only."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import duckdb
import polars as pl

from warehouse.connection import Row, rows_as_dicts
from warehouse.migrate import read_query
from warehouse.trend_details import read_alarms
from warehouse.trend_values import (
    Alarm,
    Burst,
    Evidence,
    Neighbour,
    Phrase,
    SlowTrend,
    TrendList,
    Untested,
)


def read_trend_lists(
    connection: duckdb.DuckDBPyConnection,
    grain: str,
    feed: str | None,
    topic: str | None = None,
    since: date | None = None,
    *,
    says_why: bool = True,
) -> list[TrendList]:
    """Return, by feed, the newest stretch that was searched and its bursts.

    With ``topic`` or ``since`` bursts that have ended are told as well: those of the topic, or that
    lasted at the date or later; without them, only those that last. Unless ``says_why``, bursts are
    without what :func:`say_why` adds, which takes most of the time.
    """
    values: dict[str, Any] = {"grain": grain, "feed": feed}
    lists = rows_as_dicts(connection.execute(read_query("trend_lists"), values))
    asked = {**values, "topic": topic, "since": since}
    found = rows_as_dicts(connection.execute(read_query("bursts"), asked))
    slow = read_slow_trends(connection, feed, topic)
    is_all = topic is not None or since is not None
    told = [
        _trend_list(
            connection,
            row,
            [
                one
                for one in found
                if one["feed_id"] == row["feed_id"]
                and (is_all or (one["is_active"] and one["stretch"] == row["stretch"]))
            ],
            [one for one in slow if one.feed_id == row["feed_id"]],
            topic,
            since,
        )
        for row in lists
    ]
    return [say_why(connection, one) for one in told] if says_why else told


def say_why(connection: duckdb.DuckDBPyConnection, trends: TrendList) -> TrendList:
    """Return a list whose bursts have the topics that explain them, and the papers to read."""
    return replace(trends, bursts=tuple(_with_reasons(connection, one) for one in trends.bursts))


def _trend_list(
    connection: duckdb.DuckDBPyConnection,
    row: Mapping[str, Any],
    found: Sequence[Mapping[str, Any]],
    slow: Sequence[SlowTrend],
    topic: str | None,
    since: date | None,
) -> TrendList:
    feed, grain = row["feed_id"], row["grain"]
    shares = connection.execute(
        read_query("topic_shares"),
        {"feed": feed, "grain": grain, "topics": sorted({one["topic_id"] for one in found})},
    ).fetchall()
    by_topic = {topic_id: tuple(of) for topic_id, of, _ in shares}
    values = {"feed": feed, "grain": grain, "after": row["last_period"]}
    untested = connection.execute(read_query("untested_periods"), values).fetchall()
    return TrendList(
        feed,
        grain,
        row["first_period"],
        row["last_period"],
        row["periods"],
        row["topics"],
        row["bursts"],
        row["shown"],
        row["chance_bursts"],
        row["false_discovery_rate"],
        row["shuffles"],
        tuple(_burst(connection, one, by_topic[one["topic_id"]]) for one in found),
        tuple(slow),
        tuple(Untested(*one) for one in untested),
        None if topic is None else _is_searched(connection, row, topic),
        tuple(read_alarms(connection, feed, grain, row["stretch"], topic, since)),
        row["alarm_topics"],
        row["stretch_begins"],
        row["newest_day"],
    )


def _is_searched(connection: duckdb.DuckDBPyConnection, row: Mapping[str, Any], topic: str) -> bool:
    values = {
        "feed": row["feed_id"],
        "grain": row["grain"],
        "topic": topic,
        "first": row["first_period"],
        "last": row["last_period"],
    }
    ((is_searched,),) = connection.execute(read_query("searched_topic"), values).fetchall()
    return bool(is_searched)


def _burst(
    connection: duckdb.DuckDBPyConnection,
    found: Mapping[str, Any],
    shares: tuple[float, ...],
) -> Burst:
    return Burst(
        found["feed_id"],
        found["topic_id"],
        found["name"],
        found["start_period"],
        found["confirmed_period"],
        found["peak_period"],
        found["end_period"],
        found["status"],
        found["strength"],
        found["papers"],
        found["observed"],
        found["expected"],
        found["ratio"],
        shares,
        share=found["share"],
        share_low=found["share_low"],
        share_high=found["share_high"],
        compared_from=found["first_period"],
        last_day=_last_day(connection, found["end_period"] or found["last_period"], found["grain"]),
    )


def _with_reasons(connection: duckdb.DuckDBPyConnection, burst: Burst) -> Burst:
    last = burst.last_day or burst.start
    values = {
        "feed": burst.feed_id,
        "topic": burst.topic_id,
        "first": burst.compared_from,
        "start": burst.start,
        "last": last,
    }
    neighbours = connection.execute(read_query("burst_neighbours"), values).fetchall()
    evidence = read_evidence(connection, burst.feed_id, burst.topic_id, burst.start, last)
    because = tuple(Neighbour(*one) for one in neighbours)
    return replace(burst, because=because, evidence=tuple(evidence))


def read_burst_texts(
    connection: duckdb.DuckDBPyConnection, burst: Burst, grain: str, rows: int
) -> pl.DataFrame:
    """Return (is_in_burst, title, abstract, content_id) of papers of a burst and of those before.

    Those before it are of its feed and stretch, and of any topic. Of either the newest ``rows``.
    """
    values = _values_of(burst, grain, rows)
    texts: pl.DataFrame = connection.sql(read_query("burst_texts"), params=values).pl()
    return texts


def _values_of(burst: Burst, grain: str, rows: int) -> dict[str, Any]:
    """Return the parameters of ``queries/burst_texts.sql``."""
    return {
        "feed": burst.feed_id,
        "topic": burst.topic_id,
        "grain": grain,
        "start": burst.start,
        "rows": rows,
    }


def digest_burst_texts(
    connection: duckdb.DuckDBPyConnection, burst: Burst, grain: str, rows: int
) -> str:
    """Return a digest of :func:`read_burst_texts`, in a fraction of its time."""
    values = _values_of(burst, grain, rows)
    texts = read_query("burst_texts")
    query = f"select count(*), sum(hash(is_in_burst, title, content_id))::varchar from ({texts})"
    ((count, digest),) = connection.execute(query, values).fetchall()
    return f"{count} {digest}"


def read_slow_trends(
    connection: duckdb.DuckDBPyConnection, feed: str | None, topic: str | None
) -> list[SlowTrend]:
    """Return what rises, then what falls, slowly in each daily list."""
    values = {"feed": feed, "topic": topic}
    rows = connection.execute(read_query("slow_trends"), values).fetchall()
    return [SlowTrend(*row) for row in rows]


def read_evidence(
    connection: duckdb.DuckDBPyConnection,
    feed: str,
    topic: str,
    first: date,
    last: date,
    limit: int = 3,
) -> list[Evidence]:
    """Return the papers of a topic that were new in a feed between two dates, by votes."""
    values = {"feed": feed, "topic": topic, "first": first, "last": last, "limit": limit}
    rows = connection.execute(read_query("topic_papers"), values).fetchall()
    return [Evidence(*row) for row in rows]


def _last_day(connection: duckdb.DuckDBPyConnection, period_start: date, grain: str) -> date:
    length = {"week": "7 days", "four-weeks": "28 days", "month": "1 month"}[grain]
    query = f"select (?::date + interval '{length}' - interval 1 day)::date"
    last: date = connection.execute(query, [period_start]).fetchall()[0][0]
    return last


def read_climbing(connection: duckdb.DuckDBPyConnection, feed: str | None, limit: int) -> list[Row]:
    """Return the papers of each daily list by votes against the usual; see mart.paper_trend."""
    values = {"feed": feed, "limit": limit}
    return rows_as_dicts(connection.execute(read_query("climbing"), values))


def read_shares(
    connection: duckdb.DuckDBPyConnection, grain: str, feed: str | None, topics: Sequence[str]
) -> pl.DataFrame:
    """Return the shares of some topics in every period, as ``report.charts.SHARES``."""
    values = {"grain": grain, "feed": feed, "topics": list(topics)}
    shares: pl.DataFrame = connection.sql(read_query("plotted_shares"), params=values).pl()
    return shares


def list_names(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Return the name of every topic in use, by its id."""
    return dict(connection.execute("select topic_id, name from core.topic").fetchall())


def is_general(connection: duckdb.DuckDBPyConnection, topic: str | None) -> bool:
    """Tell whether a topic is general: assigned, but counted for no trend."""
    query = "select count(*) > 0 from core.topic where topic_id = ? and level = 'general'"
    ((found,),) = connection.execute(query, [topic]).fetchall()
    return bool(found)


def list_feeds(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the daily lists that are declared."""
    rows = connection.execute("select feed_id from core.feed where kind = 'daily_list' order by 1")
    return [feed for (feed,) in rows.fetchall()]


__all__ = [
    "Alarm",
    "Burst",
    "Evidence",
    "Neighbour",
    "Phrase",
    "SlowTrend",
    "TrendList",
    "Untested",
    "digest_burst_texts",
    "is_general",
    "list_feeds",
    "list_names",
    "read_burst_texts",
    "read_climbing",
    "read_evidence",
    "read_shares",
    "read_slow_trends",
    "read_trend_lists",
    "say_why",
]
