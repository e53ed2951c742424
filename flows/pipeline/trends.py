"""What rises: stretches of comparable periods, bursts in them, and what chance would give."""

import hashlib
from collections.abc import Sequence

import duckdb
import polars as pl

from transforms.trends.stretches import number_stretches
from warehouse import trends as tables

Part = tuple[str, str, int]
"""feed_id, grain, stretch: what is searched at once."""


def write_stretches(work: duckdb.DuckDBPyConnection) -> None:
    """Tell the testable periods of each daily list in which stretch they lie."""
    parts = [
        number_stretches(part).with_columns(feed_id=pl.lit(feed), grain=pl.lit(grain))
        for (feed, grain), part in tables.read_periods(work).group_by("feed_id", "grain")
    ]
    if parts:
        tables.write_stretches(work, pl.concat(parts))


def find_trends(work: duckdb.DuckDBPyConnection) -> None:
    """Search the stretches whose counts are others than those that were searched before."""
    known = tables.read_digests(work)
    kept: list[Part] = []
    fresh: list[tables.Found] = []
    for part, series in _by_part(tables.read_series(work)):
        digest = _digest(series)
        if known.get(part) == digest:
            kept.append(part)
        else:
            fresh.append(_search(part, series, digest))
    if fresh or len(kept) < len(known):
        tables.replace_trends(work, kept, fresh)


def _by_part(series: pl.DataFrame) -> Sequence[tuple[Part, pl.DataFrame]]:
    parts = series.partition_by(tables.PART, maintain_order=True, as_dict=True)
    return [((str(a), str(b), int(c)), rows) for (a, b, c), rows in parts.items()]


def _digest(series: pl.DataFrame) -> str:
    """Return the digest of the counts and of the method: equal ones give an equal result."""
    from transforms.trends.stretch import METHOD

    return hashlib.sha256(f"{METHOD}\n{series.write_csv()}".encode()).hexdigest()[:16]


def _search(part: Part, series: pl.DataFrame, digest: str) -> tables.Found:
    """Search one stretch; its rows bear the feed, the grain and the stretch."""
    from transforms.trends.stretch import SHUFFLES, search_stretch

    feed, grain, stretch = (pl.lit(value) for value in part)
    grain_name = part[1]
    key = {"feed_id": feed, "grain": grain, "stretch": stretch.cast(pl.Int32)}
    version = series["taxonomy_version"][0]
    searched = search_stretch(
        series.select(
            pl.col("topic_id").alias("series"),
            "period_start",
            pl.col("papers").alias("count"),
            pl.col("observed").alias("total"),
            pl.lit(value=True).alias("is_testable"),
        )
    )
    calibration = searched.calibration
    periods = series["period_start"]
    summary = pl.DataFrame(
        {
            "first_period": [periods.min()],
            "last_period": [periods.max()],
            "periods": [periods.n_unique()],
            "topics": [searched.topics],
            "bursts": [len(searched.bursts)],
            "shown": [calibration.shown],
            "strength_cut": [calibration.cut],
            "shuffles": [SHUFFLES],
            "chance_bursts": [calibration.chance],
            "false_discovery_rate": [calibration.rate],
            "input_digest": [digest],
        },
        schema_overrides={"strength_cut": pl.Float64, "false_discovery_rate": pl.Float64},
    )
    topic = pl.col("series").alias("topic_id")
    bursts = searched.bursts.select(
        topic,
        pl.lit(version).alias("taxonomy_version"),
        pl.col("start").alias("start_period"),
        pl.col("confirmed").alias("confirmed_period"),
        pl.col("peak").alias("peak_period"),
        pl.col("end").alias("end_period"),
        *("status", "strength", "papers", "observed", "expected", "ratio", "is_shown"),
    )
    baselines = searched.baselines.select(
        topic, pl.lit(version).alias("taxonomy_version"), "period_start", "expected"
    )
    slow = searched.slow.select(
        topic,
        pl.lit(version).alias("taxonomy_version"),
        *("periods", "papers", "observed", "share_first", "share_last"),
        *("slope_per_year", "slope_low", "slope_high", "p_value", "q_value", "is_shown"),
    ).filter(pl.lit(grain_name == "month"))
    return tables.Found(
        summary.with_columns(**key),
        bursts.with_columns(**key),
        baselines.with_columns(feed_id=feed, grain=grain),
        slow.with_columns(**key),
    )
