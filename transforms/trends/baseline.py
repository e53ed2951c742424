"""The slow part of a series: level, drift and season of a share, fitted to all series at once."""

from typing import Final

import numpy as np

from transforms.trends.noise import Flags, Floats, log_likelihood

KNOT_YEARS: Final = 0.5
_LEVEL_SD: Final = 1000.0
_SLOPE_SD: Final = 0.6
_BEND_SD: Final = 0.28
_SEASON_SD: Final = 0.15
_LARGEST_STEP: Final = 1.5
_LEAST_COUNT: Final = 1e-9


class Basis:
    """Slow functions of time: a level, a slope, a yearly wave, cubic B-splines half a year wide.

    The knots lie on a lattice of absolute time, so that a fit to the beginning of a history is the
    same whether or not the rest is there. Coefficients are penalised, themselves and not their
    differences as in Eilers and Marx 1996: normal, with standard deviations of log shares that let
    a share double in a year at little cost, and not in a month.
    """

    def __init__(self, years: Floats) -> None:
        """Evaluate the functions at times in years; shape periods by functions."""
        self.years: Floats = years
        self.period_years: float = float(np.diff(years).min()) if len(years) > 1 else 0.0
        waves = 2 * np.pi * years
        bends = _splines(years / KNOT_YEARS)
        self.values: Floats = np.column_stack(
            [np.ones_like(years), years - years[0], np.sin(waves), np.cos(waves), bends]
        )
        sds = [_LEVEL_SD, _SLOPE_SD, _SEASON_SD, _SEASON_SD, *[_BEND_SD] * bends.shape[1]]
        self.precision: Floats = 1 / np.square(np.array(sds))
        count = len(sds)
        self.products: Floats = (self.values[:, :, None] * self.values[:, None, :]).reshape(
            len(years), count * count
        )


def _splines(places: Floats) -> Floats:
    """Return the uniform cubic B-splines (de Boor 1978) that do not vanish on all of ``places``."""
    first, last = int(np.floor(places[0])) - 1, int(np.floor(places[-1])) + 2
    distance = np.abs(places[:, None] - np.arange(first, last + 1)[None, :])
    inner = 2 / 3 - distance**2 + distance**3 / 2
    outer = np.maximum(2 - distance, 0) ** 3 / 6
    return np.where(distance < 1, inner, outer)


def fit(
    basis: Basis,
    start: Floats,
    counts: Floats,
    totals: Floats,
    used: Flags,
    dispersion: Floats,
    *,
    steps: int = 8,
) -> Floats:
    """Return the coefficients of each series: maxima of the penalised likelihood.

    Negative binomial regression with a log link by Fisher scoring (McCullagh and Nelder 1989).
    ``totals`` is what a share is taken of, times the ratio of a burst where one is; only ``used``
    periods count. ``start`` are coefficients to begin with, shape series by functions.
    """
    coefficients = start.copy()
    ridge = np.diag(basis.precision)
    for _ in range(steps):
        means = expect(basis, coefficients, totals)
        spread = 1 + dispersion * means
        pull = np.where(used, (counts - means) / spread, 0.0)
        slope = pull @ basis.values - coefficients * basis.precision
        curvature = np.where(used, means / spread, 0.0) @ basis.products
        curvature = curvature.reshape(-1, *ridge.shape) + ridge
        step = np.linalg.solve(curvature, slope[:, :, None])[:, :, 0]
        size = np.abs(step @ basis.values.T).max(axis=1, keepdims=True)
        coefficients += step * np.minimum(1, _LARGEST_STEP / np.maximum(size, _LEAST_COUNT))
    return coefficients


def expect(basis: Basis, coefficients: Floats, totals: Floats) -> Floats:
    """Return the expected counts, at least 1e-9; shape series by periods."""
    shares: Floats = np.exp(np.clip(coefficients @ basis.values.T, -30, 2))
    return np.maximum(shares * totals, _LEAST_COUNT)


def objective(
    basis: Basis,
    coefficients: Floats,
    counts: Floats,
    totals: Floats,
    used: Flags,
    dispersion: Floats,
) -> Floats:
    """Return the penalised log-likelihood of each series."""
    means = expect(basis, coefficients, totals)
    likelihood = np.where(used, log_likelihood(counts, means, dispersion), 0.0).sum(axis=1)
    penalised: Floats = likelihood - coefficients**2 @ basis.precision / 2
    return penalised
