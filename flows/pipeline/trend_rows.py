"""What was found in a stretch, as rows of the tables of trends without their key."""

import polars as pl

from transforms.trends.stretch import SHUFFLES, Searched
from warehouse.trends import Found

_TOPIC = pl.col("series").alias("topic_id")


def list_rows(searched: Searched, lives: pl.DataFrame, counts: pl.DataFrame, digest: str) -> Found:
    """Return the rows; ``counts`` are what was searched, ``lives`` are ``life.LIVES``."""
    observed = counts.group_by("series").agg(pl.col("total").sum().alias("observed"))
    return Found(
        _summary(searched, counts["period_start"], digest),
        searched.bursts.select(
            _TOPIC,
            pl.col("start").alias("start_period"),
            pl.col("confirmed").alias("confirmed_period"),
            pl.col("peak").alias("peak_period"),
            pl.col("end").alias("end_period"),
            *("status", "strength", "papers", "observed", "expected", "ratio", "is_shown"),
        ),
        searched.baselines.select(_TOPIC, "period_start", "expected"),
        searched.slow.select(
            _TOPIC,
            *("periods", "papers", "observed", "share_first", "share_last"),
            *("slope_per_year", "slope_low", "slope_high", "p_value", "q_value", "is_shown"),
        ),
        searched.alarms.select(_TOPIC, pl.exclude("series")),
        lives.join(observed, on="series").sort("series").select(_TOPIC, pl.exclude("series")),
    )


def _summary(searched: Searched, periods: pl.Series, digest: str) -> pl.DataFrame:
    calibration = searched.calibration
    return pl.DataFrame(
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
            "alarm_topics": [searched.alarm_topics],
            "input_digest": [digest],
        },
        schema_overrides={"strength_cut": pl.Float64, "false_discovery_rate": pl.Float64},
    )
