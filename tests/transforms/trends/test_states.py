"""The cheapest path through the states."""

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.trends.noise import log_ratio
from transforms.trends.states import LEVELS, find_path, path_costs


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.integers(0, 60), min_size=4, max_size=4),
    st.lists(st.booleans(), min_size=4, max_size=4),
)
def test_no_other_path_is_better(counts: list[int], used: list[bool]):
    numbers, flags = np.array([counts], dtype=float), np.array([used])
    expected, dispersion = np.full((1, 4), 6.0), np.array([[0.05]])
    paths = np.array(list(product(range(len(LEVELS)), repeat=4)), dtype=np.int8)
    gains = np.where(flags, log_ratio(numbers, expected, dispersion, LEVELS[paths]), 0)
    scores = gains.sum(axis=1) - path_costs(paths)
    found = find_path(numbers, expected, flags, dispersion)[0]
    place = np.flatnonzero((paths == found).all(axis=1))[0]
    assert np.isclose(scores[place], scores.max())
