"""Where a history may be compared with itself: stretches without a gap or a change of volume."""

from math import log
from typing import Final

import polars as pl

PERIODS: Final = pl.Schema(
    {"period_start": pl.Date(), "observed": pl.Int64(), "is_testable": pl.Boolean()}
)
"""Grain: period of one feed. ``observed`` is the number of all papers in it."""

_GAP_DAYS: Final = 62
_LEAST_CHANGE: Final = log(3)
_REACH: Final = 4


def number_stretches(periods: pl.DataFrame) -> pl.DataFrame:
    """Return (period_start, stretch) of the testable periods of one feed, ascending.

    ``stretch`` counts from 1. A new one begins where the testable period before began more than 62
    days earlier, and where the median volume of four testable periods becomes three times that of
    the four before, or a third: then the list has become another one, and no baseline crosses it.
    """
    testable = periods.filter("is_testable").sort("period_start").select("period_start", "observed")
    is_gap = pl.col("period_start").diff().dt.total_days() > _GAP_DAYS
    stretches = testable.with_columns(stretch=is_gap.fill_null(value=False).cum_sum() + 1)
    parts = [_split_by_volume(part) for part in stretches.partition_by("stretch")]
    if not parts:
        return pl.DataFrame(schema={"period_start": pl.Date(), "stretch": pl.Int32()})
    split = pl.concat(parts)
    is_new = split.select((pl.struct("stretch", "part").rle_id() + 1).cast(pl.Int32)).to_series()
    return split.select("period_start", is_new.alias("stretch"))


def _split_by_volume(periods: pl.DataFrame) -> pl.DataFrame:
    """Number the parts of a stretch without a gap, between lasting changes of volume."""
    volume = (periods["observed"].cast(pl.Float64()) + 1).log()
    before = volume.rolling_median(_REACH).shift(1)
    after = volume.rolling_median(_REACH).shift(1 - _REACH)
    lasting = (after - before).abs().fill_null(0).to_list()
    steps = volume.diff().abs().fill_null(0).to_list()
    begins = [0] * len(periods)
    while lasting and max(lasting) >= _LEAST_CHANGE:
        # the medians change for a few periods: the list did where its volume jumps
        top = max(lasting)
        place = max(
            (number for number, change in enumerate(lasting) if change >= _LEAST_CHANGE),
            key=lambda number: (lasting[number] > top - _LEAST_CHANGE / 2, steps[number]),
        )
        begins[place] = 1
        for near in range(max(0, place - _REACH), min(len(lasting), place + _REACH + 1)):
            lasting[near] = 0.0
    return periods.with_columns(part=pl.Series(begins, dtype=pl.Int32).cum_sum())
