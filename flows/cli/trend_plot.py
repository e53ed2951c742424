"""``trends --plot``: the shares of topics, drawn to a file."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    import duckdb

_SUFFIXES = (".svg", ".png", ".html")


def check_plot(path: Path) -> None:
    """Refuse a file that cannot be drawn to.

    Raises:
        click.UsageError: another suffix, or no folder.
    """
    if path.suffix not in _SUFFIXES:
        raise click.UsageError(f"--plot {path}: the name ends in .svg, .png or .html")
    if not path.parent.is_dir():
        raise click.UsageError(f"--plot {path}: there is no folder {path.parent}")


def draw_plot(
    connection: "duckdb.DuckDBPyConnection",
    path: Path,
    grain: str,
    feed: str | None,
    topics: Sequence[str],
) -> None:
    """Draw the shares of topics.

    Raises:
        click.UsageError: there is nothing to draw.
    """
    from flows.cli.output import warn
    from warehouse.report.charts import draw_shares, write_chart
    from warehouse.trend_answers import read_shares

    shares = read_shares(connection, grain, feed, topics)
    if shares.is_empty():
        raise click.UsageError("--plot: nothing rises; name a topic with --topic, or give --since")
    write_chart(draw_shares(shares, grain), path)
    warn(f"drawn to {path}")
