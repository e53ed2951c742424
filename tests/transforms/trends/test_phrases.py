"""Typical phrases, nested ones told once."""

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.trends.phrases import PHRASES, collapse_nested, compare_phrases


def counted(*rows: tuple[str, int, int]) -> pl.DataFrame:
    return pl.DataFrame(
        rows,
        schema={"phrase": pl.String(), "count": pl.Int64(), "count_other": pl.Int64()},
        orient="row",
    )


def test_the_log_odds_ratio_is_that_of_the_paper():
    compared = compare_phrases(counted(("a", 30, 10), ("b", 70, 90)), prior_size=10)
    row = compared.filter(pl.col("phrase") == "a").row(0, named=True)
    # prior of a: 10 * 40 / 200 = 2; of all: 10
    delta = np.log(32 / (110 - 32)) - np.log(12 / (110 - 12))
    deviation = np.sqrt(1 / 32 + 1 / 12)
    assert np.isclose(row["log_odds"], delta)
    assert np.isclose(row["z"], delta / deviation)
    assert np.isclose(row["log_odds_low"], delta - 1.959964 * deviation, atol=1e-5)


def test_many_papers_rank_above_few_with_the_same_ratio():
    compared = compare_phrases(counted(("few", 3, 0), ("many", 60, 5), ("usual", 900, 950)))
    assert compared["phrase"].to_list() == ["many", "few", "usual"]


COUNTS = st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), min_size=2, max_size=9)


@settings(max_examples=25, deadline=None)
@given(COUNTS)
def test_the_two_sets_may_change_places_and_silent_phrases_change_nothing(counts):
    rows = [(f"p{place}", *pair) for place, pair in enumerate(counts)]
    one = compare_phrases(counted(*rows, ("silent", 0, 0))).sort("phrase")
    silent = one.filter(pl.col("phrase") == "silent")
    assert silent.select("log_odds", "log_odds_low", "z").row(0) == (None, None, None)
    kept = one.filter(pl.col("phrase") != "silent")["log_odds"]
    other = compare_phrases(counted(*((name, b, a) for name, a, b in rows))).sort("phrase")
    assert not kept.is_nan().any()
    assert kept.is_null().equals(other["log_odds"].is_null())
    assert np.allclose(kept.drop_nulls(), -other["log_odds"].drop_nulls())


def test_nested_phrases_are_told_once():
    phrases = pl.DataFrame(
        [
            ("large language model", 50),
            ("large language", 51),
            ("language", 400),
            ("agents", 90),
            ("our agents", 20),
        ],
        schema=["phrase", "count"],
        orient="row",
    )
    kept = collapse_nested(phrases)["phrase"].to_list()
    assert kept == ["large language model", "language", "agents"]
    assert compare_phrases(counted()).schema == PHRASES
