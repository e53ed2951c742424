"""Bursts in anybody's counts, a block of series after the other: memory is bounded."""

from collections.abc import Callable
from typing import Final

import polars as pl

from flows.pipeline.read_counts import add_zeros, find_shared_totals
from transforms.trends.bursts import BURSTS, find_bursts
from transforms.trends.search import may_burst

_CELLS_AT_ONCE: Final = 100_000
"""Series times periods: about a hundred megabytes, and a few seconds."""
Told = Callable[[int, int], None]
"""Is told how many series are done, and of how many."""


def find_in_counts(counts: pl.DataFrame, told: Told) -> pl.DataFrame:
    """Return the bursts (``BURSTS``) of a frame of ``COUNTS`` as it was read.

    Zeros that a file leaves out are added to the series of a block alone, for a file of many series
    of which each has few rows would grow without bound.
    """
    shared = find_shared_totals(counts)
    periods = counts["period_start"].unique().sort()
    numbered = counts.with_columns(pl.col("series").rank("dense").alias("number"))
    at_once = max(1, _CELLS_AT_ONCE // max(1, len(periods)))
    blocks = numbered.with_columns((pl.col("number") - 1) // at_once).sort("number")
    series, done, found = counts["series"].n_unique(), 0, [BURSTS.to_frame()]
    for block in blocks.partition_by("number", maintain_order=True, include_key=False):
        filled = block if shared is None else add_zeros(block, shared)
        found.append(find_bursts(may_burst(filled), periods).bursts)
        done += block["series"].n_unique()
        told(done, series)
    return pl.concat(found)
