"""Bursts of many series, a block after the other."""

import numpy as np
import polars as pl
import pytest

from flows.pipeline import count_bursts
from flows.pipeline.read_counts import add_zeros, find_shared_totals
from tests.transforms.trends.series import frame, with_burst
from transforms.trends.bursts import BURSTS, find_bursts


def test_blocks_of_series_find_what_all_at_once_do_and_tell_how_far_they_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    random = np.random.default_rng(1)
    rare = [frame(f"rare{n:02}", random.poisson(0.1, 60)) for n in range(20)]
    busy = [frame(f"busy{n}", with_burst(60, 9, 30, 37, 4, seed=n)) for n in range(4)]
    short = [frame("short", with_burst(60, 9, 52, 58, 6, seed=9))[50:57]]
    counts = pl.concat([*rare, *busy, *short]).filter(pl.col("count") > 0)
    shared = find_shared_totals(counts)
    assert shared is not None
    whole = find_bursts(add_zeros(counts, shared)).bursts
    monkeypatch.setattr(count_bursts, "_CELLS_AT_ONCE", 60 * 5)
    told: list[tuple[int, int]] = []
    found = count_bursts.find_in_counts(counts, lambda done, of: told.append((done, of)))
    exact = [name for name in BURSTS if name not in ("strength", "ratio")]
    assert found.select(exact).equals(whole.select(exact))
    assert np.allclose(found["strength"], whole["strength"])
    assert whole["series"].n_unique() >= 4
    assert told == [(done, 25) for done in (5, 10, 15, 20, 25)]
    empty = count_bursts.find_in_counts(counts.clear(), lambda *_: None)
    assert empty.equals(BURSTS.to_frame())
