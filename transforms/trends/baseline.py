"""The slow part of a series: level, drift and season of a share, fitted to all series at once."""

from itertools import product
from typing import Final

import numpy as np
from numpy.typing import NDArray

from transforms.trends.noise import Flags, Floats, log_likelihood

Choices = NDArray[np.int64]
"""For each series the place of its prior in ``Basis.precisions``."""

KNOT_YEARS: Final = 0.5
_LEVEL_SD: Final = 1000.0
_SLOPE_SD: Final = 0.5
_BEND_SDS: Final = (0.1, 0.5)
_SEASON_SDS: Final = (0.05, 0.3)
_LARGEST_STEP: Final = 1.5
_LEAST_COUNT: Final = 1e-9


class Basis:
    """Slow functions of time: a level, a slope, a yearly wave, cubic B-splines half a year wide.

    The knots lie on a lattice of absolute time, so that a fit to the beginning of a history is the
    same whether or not the rest is there. Coefficients are penalised (Eilers and Marx 1996):
    normal, with standard deviations of log shares. Bends and season each have a tight prior and a
    loose one; which holds is told by the evidence of each series.
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
        priors = list(product(_BEND_SDS, _SEASON_SDS))
        sds = [
            [_LEVEL_SD, _SLOPE_SD, season, season, *[bend] * bends.shape[1]]
            for bend, season in priors
        ]
        self.precisions: Floats = 1 / np.square(np.array(sds))
        """The priors, tightest first and loosest last; shape priors by functions."""
        self.looseness: Floats = np.array([float(sum(sd > 0.2 for sd in one)) for one in priors])
        """How many parts of each prior are loose."""
        count = self.values.shape[1]
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
    choice: Choices,
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
    for _ in range(steps):
        means = expect(basis, coefficients, totals)
        pull = np.where(used, (counts - means) / (1 + dispersion * means), 0.0)
        slope = pull @ basis.values - coefficients * basis.precisions[choice]
        curvature = _curvature(basis, choice, means, used, dispersion)
        step = np.linalg.solve(curvature, slope[:, :, None])[:, :, 0]
        size = np.abs(step @ basis.values.T).max(axis=1, keepdims=True)
        coefficients += step * np.minimum(1, _LARGEST_STEP / np.maximum(size, _LEAST_COUNT))
    return coefficients


def _curvature(
    basis: Basis, choice: Choices, means: Floats, used: Flags, dispersion: Floats
) -> Floats:
    """Return the expected second derivatives of each series, with the sign of a precision."""
    count = basis.values.shape[1]
    weights = np.where(used, means / (1 + dispersion * means), 0.0)
    curvature: Floats = (weights @ basis.products).reshape(-1, count, count)
    curvature[:, np.arange(count), np.arange(count)] += basis.precisions[choice]
    return curvature


def expect(basis: Basis, coefficients: Floats, totals: Floats) -> Floats:
    """Return the expected counts, at least 1e-9; shape series by periods."""
    shares: Floats = np.exp(np.clip(coefficients @ basis.values.T, -30, 2))
    return np.maximum(shares * totals, _LEAST_COUNT)


def evidence(
    basis: Basis,
    choice: Choices,
    coefficients: Floats,
    counts: Floats,
    totals: Floats,
    used: Flags,
    dispersion: Floats,
) -> Floats:
    """Return the log of the marginal likelihood of each series under its prior.

    The approximation of Laplace (MacKay 1992): a prior that is looser than the data ask for pays.
    """
    means = expect(basis, coefficients, totals)
    likelihood = np.where(used, log_likelihood(counts, means, dispersion), 0.0).sum(axis=1)
    precisions = basis.precisions[choice]
    penalty = (coefficients**2 * precisions).sum(axis=1) / 2
    volume = np.linalg.slogdet(_curvature(basis, choice, means, used, dispersion))[1]
    occam = (volume - np.log(precisions).sum(axis=1)) / 2
    answer: Floats = likelihood - penalty - occam
    return answer
