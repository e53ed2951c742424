"""Counts in a CSV file without quotes, read as columns: the usual file, in a fifth of the time."""

from collections.abc import Sequence

import polars as pl

from transforms.trends.panel import COUNTS

_DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_COUNT = r"^[0-9]{0,12}$"
_UNUSUAL = r"[\"\x00\x1c-\x1f]|\r[^\n]|\r$|\n."
"""Quotes, line ends of old machines, and what Python takes for white space and Polars does not."""


def read_plain(
    lines: Sequence[str], columns: Sequence[str], grain: str | None
) -> pl.DataFrame | None:
    """Return a frame of ``COUNTS``; or None where a row is wrong, or not written in the usual way:
    then reading it row by row tells.

    ``columns`` are the names of date, series, count and total.
    """
    if len(lines) < 2 or not all(line.endswith("\n") for line in lines[:-1]):
        return None
    heading = [name.strip() for name in lines[0].removeprefix("\ufeff").split(",")]
    if any(heading.count(column) != 1 for column in columns):
        return None
    given = pl.DataFrame({"line": lines[1:]}, {"line": pl.String()})
    if given["line"].str.contains(_UNUSUAL).any() or '"' in lines[0]:
        return None
    fields = pl.col("line").str.split(",")
    texts = given.select(
        fields.list.get(heading.index(column), null_on_oob=True).str.strip_chars().alias(name)
        for column, name in zip(columns, ("period_start", "series", "count", "total"), strict=True)
    )
    return _convert(texts, grain) if _is_usual(texts) else None


def _is_usual(texts: pl.DataFrame) -> bool:
    """Tell whether each text is what it is called; one that is lacking is null."""
    are_usual = (
        pl.col("period_start").str.contains(_DATE),
        pl.col("series") != "",
        pl.col("count").str.contains(_COUNT),
        pl.col("total").str.contains(_COUNT),
    )
    return all(texts.select(one.fill_null(value=False).all() for one in are_usual).row(0))


def _convert(texts: pl.DataFrame, grain: str | None) -> pl.DataFrame | None:
    """Return the frame; None where a date is none, a row stands twice, or numbers do not fit."""
    counts = texts.select(
        "series",
        pl.col("period_start").str.to_date("%Y-%m-%d", strict=False),
        pl.col("count", "total").cast(pl.Int64(), strict=False),
        is_testable=True,
    ).cast(COUNTS)
    start = pl.col("period_start")
    begins = {
        "month": start.dt.day() == 1,
        "week": start.dt.weekday() == start.dt.weekday().first(),
    }
    is_wrong = counts.select(
        start.is_null().any()
        | (start.dt.year() < 1).any()
        | (pl.col("count") > pl.col("total")).any()
        | pl.struct("series", start).is_duplicated().any()
        | ~begins.get(grain or "", pl.lit(value=True)).all()
    ).item()
    return None if is_wrong else counts
