"""Over-dispersion, told from neighbours."""

import numpy as np
import pytest
from scipy.stats import nbinom

from tests.transforms.trends.series import noisy
from transforms.trends.noise import (
    estimate_dispersion,
    log_likelihood,
    log_ratio,
    track_dispersion,
)


def panel(*series: list[int]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    counts = np.array(series, dtype=float)
    return counts, np.full(counts.shape, 500.0), np.ones(counts.shape, dtype=bool)


@pytest.mark.parametrize("dispersion", [0.02, 0.1, 0.3])
def test_the_dispersion_is_found_under_drift_season_and_bursts(dispersion: float):
    weeks = np.arange(104)
    means = 30 * np.exp(weeks / 104) * (1 + 0.3 * np.sin(weeks / 8))
    means[60:72] *= 4
    series = [noisy(means, seed, dispersion) for seed in range(30)]
    estimate = np.median(estimate_dispersion(*panel(*series)))
    assert 0.65 * dispersion < estimate < 1.35 * dispersion


def test_what_is_known_at_a_period_needs_nothing_later():
    counts, totals, used = panel(*(noisy(np.full(40, 9.0), seed, 0.1) for seed in range(3)))
    used[:, [4, 11, 12]] = False
    used[1, :3] = False
    tracked = track_dispersion(counts, totals, used)
    for end in (1, 5, 12, 40):
        part = estimate_dispersion(counts[:, :end], totals[:, :end], used[:, :end])[:, 0]
        assert np.allclose(tracked[:, end - 1], part)


def test_a_likelihood_ratio_is_that_of_scipy():
    counts, mean, dispersion, ratio = np.arange(30.0), 7.0, 0.1, 2.5
    size = 1 / dispersion

    def log_probability(expected: float) -> np.ndarray:
        return nbinom.logpmf(counts, size, size / (size + expected))

    expected = log_probability(ratio * mean) - log_probability(mean)
    means, spread = np.array(mean), np.array(dispersion)
    assert np.allclose(log_ratio(counts, means, spread, ratio), expected)
    apart = log_likelihood(counts, means * ratio, spread) - log_likelihood(counts, means, spread)
    assert np.allclose(apart, expected)
