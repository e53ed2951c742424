"""``trends --plot``: the shares of topics, drawn to a file."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from flows.cli.options import refuse_output

if TYPE_CHECKING:
    import duckdb

    from config.settings import Home

_SUFFIXES = (".svg", ".png", ".html")


def check_plot(path: Path, home: "Home", *, is_forced: bool) -> None:
    """Refuse a file that cannot, or should not, be drawn to.

    Raises:
        click.UsageError: another suffix, no folder, a place in the home, or a file that is there.
    """
    if path.suffix not in _SUFFIXES:
        raise click.UsageError(f"--plot {path}: the name ends in .svg, .png or .html")
    refuse_output(path, home, is_forced=is_forced, option="--plot")


def draw_plot(
    connection: "duckdb.DuckDBPyConnection",
    path: Path,
    grains: Mapping[str, str],
    usual: str,
    topics: Sequence[str],
    feed: str | None,
) -> None:
    """Draw the shares of topics in one feed, or in all.

    ``grains`` are those by which feeds are told, ``usual`` is that of the others.

    Raises:
        click.UsageError: there is nothing to draw.
        QueryError: the file cannot be written; what was there before is as it was.
    """
    import polars as pl

    from flows.cli.exit_codes import QueryError
    from flows.cli.output import warn
    from flows.cli.trend_grain import NAMES
    from warehouse.report.charts import draw_shares, write_chart
    from warehouse.trend_answers import list_feeds, read_shares

    drawn = {one: grains.get(one, usual) for one in ([feed] if feed else list_feeds(connection))}
    shares = pl.concat(
        [
            pl.DataFrame(),
            *(read_shares(connection, grain, one, topics) for one, grain in drawn.items()),
        ],
        how="diagonal",
    )
    if shares.is_empty():
        raise click.UsageError("--plot: nothing rises; name a topic with --topic, or give --since")
    used = {drawn[one] for one in shares["feed_id"].unique()}
    period = NAMES[used.pop()] if len(used) == 1 else "period"
    beside = path.with_name(f".{path.stem}.{os.getpid()}{path.suffix}")
    try:
        write_chart(draw_shares(shares, period), beside)
        beside.replace(path)
    except OSError as error:
        raise QueryError(f"--plot {path}: {error.strerror or error}") from error
    finally:
        beside.unlink(missing_ok=True)
    warn(f"drawn to {path}")
