"""Charts of shares over time, drawn with Altair; files need no network and no script but HTML."""

from pathlib import Path
from typing import Any, Final

import altair as alt
import polars as pl

SUFFIXES: Final = (".svg", ".png", ".html")
SHARES: Final = pl.Schema(
    {
        "feed_id": pl.String(),
        "name": pl.String(),
        "period_start": pl.Date(),
        "share": pl.Float64(),
        "share_low": pl.Float64(),
        "share_high": pl.Float64(),
        "stretch": pl.Int32(),
        "is_rising": pl.Boolean(),
        "is_compared": pl.Boolean(),
    }
)
"""Grain: feed, topic and period, as in mart.topic_period with the name of the topic.
``is_compared`` where a baseline expects something of the period."""

_DATES: Final = alt.Axis(format="%Y-%m-%d", labelOverlap=True)
_WIDTH: Final = 560
_HEIGHT: Final = 90


def draw_shares(shares: pl.DataFrame, grain: str) -> Any:
    """Return a chart of a frame of ``SHARES``: a panel per topic, its share with the 95 % interval.

    Periods in which it rises are red, periods that are compared with none are grey; no line crosses
    a gap.
    """
    data = shares.with_columns(
        pl.format("{}, {}", "name", "feed_id").alias("panel"),
        pl.when(pl.col("is_rising").fill_null(value=False))
        .then(pl.lit("rising"))
        .when(pl.col("is_compared").not_())
        .then(pl.lit("not compared"))
        .otherwise(pl.lit("usual"))
        .alias("state"),
    )
    base = alt.Chart(data).encode(x=alt.X("period_start:T", title=None, axis=_DATES))
    share = alt.Y("share:Q", title=f"share by {grain}", axis=alt.Axis(format="%"))
    compared = base.transform_filter("isValid(datum.stretch)")
    band = compared.mark_area(opacity=0.25, color="#4c78a8").encode(
        y=alt.Y("share_low:Q", title=f"share by {grain}"), y2="share_high:Q", detail="stretch:N"
    )
    line = compared.mark_line(color="#4c78a8").encode(y=share, detail="stretch:N")
    points = base.mark_point(filled=True, size=28).encode(
        y=share,
        color=alt.Color(
            "state:N",
            title=None,
            scale=alt.Scale(
                domain=["rising", "usual", "not compared"],
                range=["#d62728", "#4c78a8", "#bbbbbb"],
            ),
        ),
    )
    panels = alt.layer(band, line, points).properties(width=_WIDTH, height=_HEIGHT)
    return panels.facet(
        row=alt.Row("panel:N", title=None, header=alt.Header(labelAngle=0, labelOrient="top"))
    ).resolve_scale(y="independent")


def write_chart(chart: Any, path: Path) -> None:
    """Write a chart in the format of the suffix, one of ``SUFFIXES``; HTML holds all it needs."""
    if path.suffix == ".html":
        chart.save(str(path), inline=True)
    else:
        chart.save(str(path), scale_factor=2 if path.suffix == ".png" else 1)
