"""The verb ``bursts``: its options, and what it prints."""

import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from flows.cli.options import GivenPath, json_option

if TYPE_CHECKING:
    import polars as pl

_SHOWN = ("series", "start", "confirmed", "peak", "end", "strength", "status")


@click.command(epilog="Example: paperstrata bursts counts.csv --grain week --json")
@click.argument(
    "counts", type=GivenPath(path_type=Path, exists=True, dir_okay=False, allow_dash=True)
)
@click.option(
    "--grain",
    type=click.Choice(("day", "week", "month")),
    help="Check that every period begins as one of this length. Without it, any dates are taken.",
)
@click.option(
    "--keep-formulas", is_flag=True, help="Write texts like =A1 as they are, without an apostrophe."
)
@json_option
def command(counts: Path, grain: str | None, keep_formulas: bool, as_json: bool) -> None:
    """Find bursts in the counts of a CSV file (- is standard input).

    Its columns are period_start (ISO date), series, count and total: everything observed in that
    period, of which count is a part. Without a total, or with 0, a period counts as a gap.

    A burst has the first day of its first, confirming, highest and last period; end is empty while
    it lasts. Confirmed is the period at whose end it could first be called. Strength is a
    log-likelihood ratio in nats. The warehouse is neither read nor changed.
    """
    from flows.cli.output import say, show_json, show_table, warn
    from flows.cli.progress import show_done
    from flows.pipeline.count_bursts import find_in_counts
    from flows.pipeline.read_counts import count_observed

    with show_done("reading", "searching", "series") as told:
        read = _read(counts, grain)
        bursts = find_in_counts(read, told).select(_SHOWN)
    if not count_observed(read):
        warn("nothing was searched: no row has a count and a total above 0")
    rows = [{**row, "strength": round(row["strength"], 2)} for row in bursts.iter_rows(named=True)]
    if as_json:
        show_json({"bursts": rows})
        return
    show_table(_SHOWN, [tuple(row.values()) for row in rows], keeps_formulas=keep_formulas)
    series = read["series"].n_unique()
    say(f"{len(rows)} {'burst' if len(rows) == 1 else 'bursts'} in {series} series")


def _read(counts: Path, grain: str | None) -> "pl.DataFrame":
    from flows.pipeline.read_counts import bounded_lines, read_counts
    from flows.report import FlowError

    if str(counts) == "-":
        given = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8-sig", newline="")
        return read_counts(bounded_lines(given, "standard input"), "standard input", grain)
    try:
        with counts.open(encoding="utf-8-sig", newline="") as file:
            return read_counts(bounded_lines(file, str(counts)), str(counts), grain)
    except OSError as error:
        raise FlowError(f"{counts}: {error.strerror or error}") from error
