"""The series of counts that are searched for bursts, and what was found in them."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import duckdb
import polars as pl

from warehouse.load import registered
from warehouse.migrate import read_query

PART: Final = ("feed_id", "grain", "stretch")
"""What is searched at once: one stretch of one daily list, in periods of one grain."""


class Found(NamedTuple):
    """What was found in one part: rows of the tables of ``mart`` that are named here."""

    trend_list: pl.DataFrame
    topic_burst: pl.DataFrame
    topic_baseline: pl.DataFrame
    topic_trend: pl.DataFrame
    topic_alarm: pl.DataFrame
    topic_curve: pl.DataFrame


def read_periods(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Return (feed_id, grain, period_start, observed, is_testable)."""
    periods: pl.DataFrame = connection.sql(
        "select feed_id, grain, period_start, papers::bigint as observed, is_testable"
        " from mart.feed_coverage order by all"
    ).pl()
    return periods


def read_mix(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Return (feed_id, grain, period_start, attribute, value, papers)."""
    mix: pl.DataFrame = connection.sql("select * from mart.feed_mix order by all").pl()
    return mix


def write_stretches(connection: duckdb.DuckDBPyConnection, stretches: pl.DataFrame) -> None:
    """Number the testable periods: (feed_id, grain, period_start, stretch, stretch_begins)."""
    with registered(connection, numbered=stretches):
        connection.execute(
            "update mart.feed_coverage as coverage"
            " set stretch = numbered.stretch, stretch_begins = numbered.stretch_begins"
            " from numbered where coverage.feed_id = numbered.feed_id"
            " and coverage.grain = numbered.grain"
            " and coverage.period_start = numbered.period_start"
        )


def read_series(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Return the counts of each topic in each testable period but days, by part, topic, period.

    Columns: ``PART``, taxonomy_version, topic_id, period_start, papers, observed. General topics
    are no trend, and stay out.
    """
    series: pl.DataFrame = connection.sql(read_query("topic_series")).pl()
    return series


def read_digests(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str, int], str]:
    """Return the digest of what was searched, by feed_id, grain and stretch."""
    rows = connection.execute(
        "select feed_id, grain, stretch, input_digest from mart.trend_list"
    ).fetchall()
    return {(feed, grain, stretch): digest for feed, grain, stretch, digest in rows}


def replace_trends(
    connection: duckdb.DuckDBPyConnection,
    kept: Sequence[tuple[str, str, int]],
    fresh: Sequence[Found],
) -> None:
    """Keep what was found before in some parts, and put what was found now in place of the rest."""
    connection.execute("set variable trends_are_new = true")
    types = {"feed_id": pl.String, "grain": pl.String, "stretch": pl.Int32}
    with registered(connection, kept=pl.DataFrame(kept, schema=types, orient="row")):
        connection.execute(
            "delete from mart.topic_baseline where (feed_id, grain, period_start) not in ("
            " select (feed_id, grain, period_start) from mart.feed_coverage"
            " semi join kept using (feed_id, grain, stretch))"
        )
        for table in ("topic_burst", "topic_trend", "topic_alarm", "trend_list"):
            connection.execute(
                f"delete from mart.{table} where (feed_id, grain, stretch) not in"
                " (select (feed_id, grain, stretch) from kept)"
            )
        connection.execute(
            "delete from mart.topic_curve where (feed_id, 'month', stretch) not in"
            " (select (feed_id, grain, stretch) from kept)"
        )
    for found in fresh:
        for table, rows in found._asdict().items():
            with registered(connection, rows=rows):
                connection.execute(f"insert into mart.{table} by name from rows")
