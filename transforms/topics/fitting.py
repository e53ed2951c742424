"""Weights that are fitted to labels: log-odds ratios, ridge and logistic regression."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import linalg
from scipy.sparse import csr_array

from transforms.topics.learned import Floats
from transforms.topics.lookup import Ints

AGAINST_SHARE: Final = 0.3
DIRICHLET_PAPERS: Final = 300.0
PENALTY: Final = 0.1
RIDGE: Final = 1.0
TERMS: Final = 7_000
ROUNDS: Final = 25


def weigh_by_log_odds(used: csr_array, wanted: NDArray[np.bool_]) -> Floats:
    """Return the z-scores of the log-odds ratios of terms, by term and topic.

    Those that speak against a topic are lessened.
    """
    damped = csr_array((1 + np.log(used.data), used.indices, used.indptr), shape=used.shape)
    total = np.asarray(damped.sum(axis=0)).ravel() + 0.01
    prior = DIRICHLET_PAPERS * total / total.sum()
    inside = damped.T @ wanted.astype(np.float64) + prior[:, None]
    outside = total[:, None] - inside + 2 * prior[:, None]
    odds = np.log(inside / (inside.sum(axis=0) - inside))
    odds -= np.log(outside / (outside.sum(axis=0) - outside))
    scores = odds / np.sqrt(1 / inside + 1 / outside)
    return np.asarray(np.where(scores < 0, AGAINST_SHARE * scores, scores))


def choose_terms(scores: Floats) -> Ints:
    """Return the terms that tell topics apart best, sorted."""
    return np.sort(np.argsort(-scores.max(axis=1), kind="stable")[:TERMS])


def fit_ridge(vectors: csr_array, wanted: Floats) -> Floats:
    """Return weights by column and topic, by the kernel of the papers."""
    kernel = (vectors @ vectors.T).toarray()
    kernel[np.diag_indices_from(kernel)] += RIDGE
    found = linalg.solve(kernel, wanted, assume_a="pos", overwrite_a=True, check_finite=False)
    return np.asarray(vectors.T @ found)


def fit_logistic(features: Floats, is_right: NDArray[np.bool_]) -> Floats:
    """Return intercept and coefficients, by Newton's method with a small quadratic penalty."""
    rows = np.hstack([np.ones((len(features), 1)), features])
    penalty = np.full(rows.shape[1], PENALTY)
    penalty[0] = 0
    found = np.zeros(rows.shape[1])
    for _ in range(ROUNDS):
        share = 1 / (1 + np.exp(-np.clip(rows @ found, -30, 30)))
        slope = rows.T @ (is_right - share) - penalty * found
        curve = (rows * (share * (1 - share))[:, None]).T @ rows + np.diag(penalty + 1e-9)
        found = found + np.linalg.solve(curve, slope)
    return found
