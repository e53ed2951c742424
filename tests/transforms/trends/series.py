"""Series of counts in the shape that the trends take, seeded."""

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import polars as pl

from transforms.trends.panel import COUNTS

FIRST = date(2024, 1, 1)


def week(number: int) -> date:
    """Return the Monday of a week, the first of which is week 0."""
    return FIRST + timedelta(weeks=number)


def frame(name: str, counts: Sequence[int], total: int | Sequence[int] = 300) -> pl.DataFrame:
    """Return a series by week, every week testable."""
    totals = [total] * len(counts) if isinstance(total, int) else list(total)
    weeks = [week(number) for number in range(len(counts))]
    return pl.DataFrame(
        {
            "series": [name] * len(counts),
            "period_start": weeks,
            "count": counts,
            "total": totals,
            "is_testable": [True] * len(counts),
        },
        schema=COUNTS,
    )


def noisy(means: Sequence[float] | np.ndarray, seed: int, dispersion: float = 0.03) -> list[int]:
    """Return negative binomial counts with the given means."""
    generator = np.random.default_rng(seed)
    rates = np.asarray(means) * generator.gamma(1 / dispersion, dispersion, len(means))
    return [int(count) for count in generator.poisson(rates)]


def with_burst(
    weeks: int, mean: float, start: int, end: int, height: float, seed: int
) -> list[int]:
    """Return noisy counts that are ``height`` times as high from a week to a week, inclusive."""
    means = np.full(weeks, mean)
    means[start : end + 1] *= height
    return noisy(means, seed)
