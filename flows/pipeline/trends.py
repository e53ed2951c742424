"""What rises: stretches of comparable periods, bursts in them, and what chance would give."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import polars as pl

from transforms.trends.stretches import number_stretches
from warehouse import trends as tables

Part = tuple[str, str, int]
"""feed_id, grain, stretch: what is searched at once."""


def write_stretches(work: duckdb.DuckDBPyConnection) -> None:
    """Tell the testable periods of each daily list in which stretch they lie."""
    mix = tables.read_mix(work).partition_by("feed_id", "grain", as_dict=True)
    parts = [
        number_stretches(part, mix.get((feed, grain))).with_columns(
            feed_id=pl.lit(feed), grain=pl.lit(grain)
        )
        for (feed, grain), part in tables.read_periods(work).group_by("feed_id", "grain")
    ]
    if parts:
        tables.write_stretches(work, pl.concat(parts))


@dataclass(frozen=True)
class Searches:
    """Which stretches are to be searched, and which were, with the same counts."""

    kept: Sequence[Part]
    fresh: Sequence[tuple[Part, pl.DataFrame, str]]
    """With their series and the digest of these."""
    is_any: bool
    """Whether anything changes, be it that a stretch is no more."""


def list_searches(work: duckdb.DuckDBPyConnection) -> Searches:
    """Find the stretches whose counts are others than those that were searched before."""
    known = tables.read_digests(work)
    kept: list[Part] = []
    fresh: list[tuple[Part, pl.DataFrame, str]] = []
    for part, series in _by_part(tables.read_series(work)):
        digest = _digest(series)
        if known.get(part) == digest:
            kept.append(part)
        else:
            fresh.append((part, series, digest))
    return Searches(kept, fresh, bool(fresh) or len(kept) < len(known))


def search_all(searches: Searches) -> list[tables.Found]:
    """Search the stretches: arithmetic alone, which may take its time beside other work."""
    return [_search(part, series, digest) for part, series, digest in searches.fresh]


def write_trends(
    work: duckdb.DuckDBPyConnection, searches: Searches, found: Sequence[tables.Found]
) -> None:
    """Put what was found in place of what was there, but for stretches that were kept."""
    if searches.is_any:
        tables.replace_trends(work, searches.kept, found)


def _by_part(series: pl.DataFrame) -> Sequence[tuple[Part, pl.DataFrame]]:
    parts = series.partition_by(tables.PART, maintain_order=True, as_dict=True)
    return [((str(a), str(b), int(c)), rows) for (a, b, c), rows in parts.items()]


def _digest(series: pl.DataFrame) -> str:
    """Return the digest of the counts and of the method: equal ones give an equal result."""
    from transforms.trends.stretch import METHOD

    return hashlib.sha256(f"{METHOD}\n{series.write_csv()}".encode()).hexdigest()[:16]


def _search(part: Part, series: pl.DataFrame, digest: str) -> tables.Found:
    """Search one stretch; its rows bear the feed, the grain and the stretch."""
    from flows.pipeline.trend_rows import list_rows
    from transforms.trends.life import fit_lives
    from transforms.trends.stretch import search_stretch

    counts = series.select(
        pl.col("topic_id").alias("series"),
        "period_start",
        pl.col("papers").alias("count"),
        pl.col("observed").alias("total"),
        pl.lit(value=True).alias("is_testable"),
    )
    is_by_month = part[1] == "month"
    searched = search_stretch(counts)
    lives = fit_lives(counts if is_by_month else counts.clear())
    rows = list_rows(searched, lives, counts, digest)
    version = pl.lit(series["taxonomy_version"][0]).alias("taxonomy_version")
    key = [
        pl.lit(part[0]).alias("feed_id"),
        pl.lit(part[1]).alias("grain"),
        pl.lit(part[2]).cast(pl.Int32).alias("stretch"),
    ]
    return tables.Found(
        rows.trend_list.with_columns(key),
        rows.topic_burst.with_columns(*key, version),
        rows.topic_baseline.with_columns(*key[:2], version),
        rows.topic_trend.with_columns(*key, version).filter(pl.lit(is_by_month)),
        rows.topic_alarm.with_columns(*key, version),
        rows.topic_curve.with_columns(key[0], key[2], version),
    )
