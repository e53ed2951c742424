"""Where a history may be compared with itself: stretches in which the list stays the same."""

from math import log
from typing import Final

import polars as pl

from transforms.trends.mix import find_changes

PERIODS: Final = pl.Schema(
    {"period_start": pl.Date(), "observed": pl.Int64(), "is_testable": pl.Boolean()}
)
"""Grain: period of one feed. ``observed`` is the number of all papers in it."""

MIX: Final = pl.Schema(
    {
        "period_start": pl.Date(),
        "attribute": pl.String(),
        "value": pl.String(),
        "papers": pl.Int64(),
    }
)
"""Grain: value of an attribute of papers in a period of one feed."""

STRETCHES: Final = pl.Schema(
    {"period_start": pl.Date(), "stretch": pl.Int32(), "stretch_begins": pl.String()}
)
"""Grain: testable period. ``stretch_begins`` says why the stretch does not reach back further:
``first``, ``gap``, ``volume``, or the attribute of which the mix has changed."""

_GAP_DAYS: Final = 62
_LEAST_CHANGE: Final = log(3)
_REACH: Final = 4


def number_stretches(periods: pl.DataFrame, mix: pl.DataFrame | None = None) -> pl.DataFrame:
    """Return the stretch of each testable period of one feed (``STRETCHES``), ascending.

    ``periods`` are ``PERIODS``, ``mix`` is ``MIX``. ``stretch`` counts from 1. A new one begins
    where the testable period before began more than 62 days earlier; where the median volume of
    four testable periods becomes three times that of the four before, or a third; and where the mix
    of papers becomes another one (``mix.find_changes``): then the list has become another one, and
    no baseline crosses it.
    """
    testable = periods.filter("is_testable").sort("period_start").select("period_start", "observed")
    if testable.is_empty():
        return STRETCHES.to_frame()
    gaps = (testable["period_start"].diff().dt.total_days() > _GAP_DAYS).fill_null(value=False)
    begins: dict[int, str] = {0: "first"} | dict.fromkeys(gaps.arg_true(), "gap")
    volume = pl.Series(testable["observed"])
    for first, last in _parts(begins, len(testable)):
        for place in _find_volume_changes(volume[first:last]):
            begins[first + place] = "volume"
    for attribute, papers in _by_attribute(mix):
        table = testable.select("period_start").join(
            papers, on="period_start", how="left", maintain_order="left"
        )
        counts = table.drop("period_start").fill_null(0).to_numpy().astype(float)
        for first, last in _parts(begins, len(testable)):
            for place in find_changes(counts[first:last]):
                begins.setdefault(first + place, attribute)
    reasons = [begins.get(place) for place in range(len(testable))]
    stretches = testable.select(
        "period_start",
        stretch=pl.Series([reason is not None for reason in reasons]).cum_sum().cast(pl.Int32),
        stretch_begins=pl.Series(reasons, dtype=pl.String).fill_null(strategy="forward"),
    )
    return stretches.cast(STRETCHES)


def _parts(begins: dict[int, str], count: int) -> list[tuple[int, int]]:
    """Return first and last place (exclusive) of the parts that begin at some places."""
    firsts = sorted(begins)
    return list(zip(firsts, [*firsts[1:], count], strict=True))


def _by_attribute(mix: pl.DataFrame | None) -> list[tuple[str, pl.DataFrame]]:
    """Return for each attribute its papers, periods by values."""
    if mix is None:
        return []
    parts = mix.partition_by("attribute", maintain_order=True, as_dict=True)
    return [(str(attribute), _tabulate(part)) for (attribute,), part in sorted(parts.items())]


def _tabulate(papers: pl.DataFrame) -> pl.DataFrame:
    """Return periods by values of one attribute; values are foreign, so that no column is called by
    them alone.
    """
    named = papers.with_columns(("=" + pl.col("value")).alias("value"))
    return named.pivot("value", index="period_start", values="papers")


def _find_volume_changes(observed: pl.Series) -> list[int]:
    """Return the places at which the volume of a history without a gap changes for good."""
    volume = (observed.cast(pl.Float64()) + 1).log()
    before = volume.rolling_median(_REACH).shift(1)
    after = volume.rolling_median(_REACH).shift(1 - _REACH)
    lasting = (after - before).abs().fill_null(0).to_list()
    steps = volume.diff().abs().fill_null(0).to_list()
    places: list[int] = []
    while lasting and max(lasting) >= _LEAST_CHANGE:
        # the medians change for a few periods: the list did where its volume jumps
        top = max(lasting)
        place = max(
            (number for number, change in enumerate(lasting) if change >= _LEAST_CHANGE),
            key=lambda number: (lasting[number] > top - _LEAST_CHANGE / 2, steps[number]),
        )
        places.append(place)
        for near in range(max(0, place - _REACH), min(len(lasting), place + _REACH + 1)):
            lasting[near] = 0.0
    return places
