"""``trends --plot``: the shares of topics, drawn to a file."""

import os
from collections.abc import Sequence
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
    grain: str,
    feed: str | None,
    topics: Sequence[str],
) -> None:
    """Draw the shares of topics.

    Raises:
        click.UsageError: there is nothing to draw.
        QueryError: the file cannot be written; what was there before is as it was.
    """
    from flows.cli.exit_codes import QueryError
    from flows.cli.output import warn
    from warehouse.report.charts import draw_shares, write_chart
    from warehouse.trend_answers import read_shares

    shares = read_shares(connection, grain, feed, topics)
    if shares.is_empty():
        raise click.UsageError("--plot: nothing rises; name a topic with --topic, or give --since")
    beside = path.with_name(f".{path.stem}.{os.getpid()}{path.suffix}")
    try:
        write_chart(draw_shares(shares, grain), beside)
        beside.replace(path)
    except OSError as error:
        raise QueryError(f"--plot {path}: {error.strerror or error}") from error
    finally:
        beside.unlink(missing_ok=True)
    warn(f"drawn to {path}")
