"""Synthetic feeds with known bursts: shares that drift, have seasons, and now and then burst."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from transforms.trends.panel import COUNTS

Floats = NDArray[np.float64]


class Planted(NamedTuple):
    """A burst: series, first and last period, height at its peak."""

    series: int
    start: int
    end: int
    height: float


@dataclass(frozen=True)
class World:
    """How a feed is made; pairs are bounds of log-uniform draws, shares of series are 0 to 1."""

    papers: int = 1500
    """A period, on average."""
    series: int = 200
    periods: int = 104
    days: int = 7
    rates: tuple[float, float] = (0.001, 0.05)
    dispersion: tuple[float, float] = (0.01, 0.15)
    bursting: float = 0.4
    heights: tuple[float, float] = (1.5, 8)
    lengths: tuple[float, float] = (3, 26)
    """In weeks."""
    drifting: float = 0.3
    drifts: tuple[float, float] = (1.5, 4)
    seasonal: float = 0.2
    seasons: tuple[float, float] = (0.1, 0.3)
    stepping: float = 0.0
    steps: tuple[float, float] = (1.5, 3)
    missing: float = 0.04


_HIGH = World(rates=(0.005, 0.05), dispersion=(0.01, 0.05), heights=(2, 8), lengths=(4, 26))
WORLDS: Mapping[str, World] = {
    "all heights and lengths": World(),
    "x2 to x8, 4 to 26 weeks, rates from 0.5 %": _HIGH,
    "x2 to x8, strong seasons": replace(_HIGH, seasonal=0.8, seasons=(0.2, 0.5)),
    "no bursts": World(bursting=0),
    "Poisson": World(dispersion=(1e-4, 2e-4)),
    "strong noise": World(dispersion=(0.1, 0.4)),
    "strong seasons": World(seasonal=0.8, seasons=(0.2, 0.5)),
    "strong drifts": World(drifting=0.9, drifts=(2, 6)),
    "steps to a new level": World(stepping=0.3),
    "40 weeks": World(periods=40),
    "260 weeks": World(periods=260, drifts=(1.5, 8)),
    "36 months": World(periods=36, days=30, lengths=(9, 26)),
    "365 days": World(periods=365, days=1),
    "8 series": World(series=8),
}


@dataclass(frozen=True)
class Feed:
    """Counts with what is behind them; arrays of shape series by periods."""

    counts: Floats
    totals: Floats
    expected: Floats
    """Without bursts."""
    ratio: Floats
    dispersion: Floats
    seen: NDArray[np.bool_]
    starts: list[date]
    planted: list[Planted] = field(default_factory=list)

    def as_frame(self) -> pl.DataFrame:
        """Return the frame that the product takes."""
        series, periods = self.counts.shape
        return pl.DataFrame(
            {
                "series": np.repeat([f"s{one:03d}" for one in range(series)], periods).tolist(),
                "period_start": self.starts * series,
                "count": self.counts.ravel().astype(int),
                "total": np.where(self.seen, self.totals, 0).ravel().astype(int),
                "is_testable": self.seen.ravel(),
            },
            schema=COUNTS,
        )


def make_feed(world: World, generator: np.random.Generator) -> Feed:
    """Return a feed, another one with every call."""
    shape = (world.series, world.periods)
    years = np.arange(world.periods) * world.days / 365.25
    growth = generator.uniform(0, 1) * (years / years[-1] - 0.5)
    wave = 0.15 * np.sin(2 * np.pi * (years + generator.uniform()))
    volume = world.papers * np.exp(growth) * (1 + wave) * generator.lognormal(0, 0.1, len(years))
    totals = np.maximum(generator.poisson(volume), 1)
    shares = np.exp(np.array([_slow_part(world, years, generator) for _ in range(world.series)]))
    shares *= _between(generator, world.rates, world.series)[:, None]
    planted, ratio = _plant(world, generator)
    dispersion = _between(generator, world.dispersion, world.series)[:, None]
    noise = generator.gamma(1 / dispersion, dispersion, shape)
    expected = totals * shares
    counts = generator.poisson(np.minimum(expected * ratio, 0.9 * totals) * noise)
    seen = generator.uniform(size=world.periods) >= world.missing
    if world.missing:
        gap = generator.integers(5, world.periods - 5)
        seen[gap : gap + 3] = False
    first = date(2023, 1, 2) + timedelta(days=int(generator.integers(0, 365)))
    return Feed(
        np.minimum(counts, totals) * seen.astype(float),
        np.repeat(totals[None, :].astype(float), world.series, axis=0),
        expected,
        ratio,
        dispersion,
        np.repeat(seen[None, :], world.series, axis=0),
        [first + timedelta(days=world.days * period) for period in range(world.periods)],
        planted,
    )


def _between(
    generator: np.random.Generator, bounds: tuple[float, float], count: int | None = None
) -> Floats:
    return np.exp(generator.uniform(np.log(bounds[0]), np.log(bounds[1]), count))


def _slow_part(world: World, years: Floats, generator: np.random.Generator) -> Floats:
    """Return logarithms of what multiplies a share over time: drift, season, step."""
    part = np.zeros(len(years))
    place = years / years[-1]
    if generator.uniform() < world.drifting:
        size = np.log(_between(generator, world.drifts)) * generator.choice([1, 1, -1])
        middle, width = generator.uniform(0.3, 0.7), generator.uniform(0.08, 0.2)
        turns = generator.uniform(0.7, 1.5) * years[-1] / 2
        part += [
            size * (place - 0.5),
            size * (1 / (1 + np.exp(-(place - middle) / width)) - 0.5),
            size / 2 * np.sin(np.pi * place * turns + generator.uniform(0, 2 * np.pi)),
        ][generator.integers(3)]
    if generator.uniform() < world.seasonal:
        height = _between(generator, world.seasons)
        part += np.log1p(height * np.sin(2 * np.pi * (years + generator.uniform())))
    if generator.uniform() < world.stepping:
        rises = place > generator.uniform(0.1, 0.5)
        part += np.where(rises, np.log(_between(generator, world.steps)), 0)
    return part


def _plant(world: World, generator: np.random.Generator) -> tuple[list[Planted], Floats]:
    planted: list[Planted] = []
    ratio = np.ones((world.series, world.periods))
    for series in range(world.series):
        for _ in range(generator.choice([0, 1, 2], p=_burst_odds(world))):
            length = max(2, round(float(_between(generator, world.lengths)) * 7 / world.days))
            start = int(generator.integers(10, world.periods - 3))
            end = min(start + length, world.periods) - 1
            if any(one.series == series and one.end + 4 >= start for one in planted):
                continue
            height = float(_between(generator, world.heights))
            ratio[series, start : end + 1] = _profile(length, height, generator)[: end + 1 - start]
            planted.append(Planted(series, start, end, height))
    return planted, ratio


def _burst_odds(world: World) -> list[float]:
    return [1 - world.bursting, 0.8 * world.bursting, 0.2 * world.bursting]


def _profile(length: int, height: float, generator: np.random.Generator) -> Floats:
    """Return a plateau, a rise and fall, or a jump that fades."""
    place = np.arange(length)
    rise = np.minimum(1, (place + 1) / max(1.0, 0.3 * length))
    fall = np.minimum(1, (length - place) / max(1.0, 0.5 * length))
    shapes = (np.ones(length), rise * fall, np.exp(-place / (0.6 * length)))
    return 1 + (height - 1) * shapes[generator.integers(3)]


def with_papers(world: World, papers: int) -> World:
    """Return the same world with another number of papers a period."""
    return replace(world, papers=papers)
