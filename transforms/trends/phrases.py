"""Phrases that are typical of some papers and not of others."""

from typing import Final

import numpy as np
import polars as pl

PHRASES: Final = pl.Schema(
    {
        "phrase": pl.String(),
        "count": pl.Int64(),
        "count_other": pl.Int64(),
        "log_odds": pl.Float64(),
        "log_odds_low": pl.Float64(),
        "z": pl.Float64(),
    }
)
"""Grain: phrase, sorted by ``log_odds_low`` from the top. Logarithms are natural;
``log_odds_low`` is the lower bound of the 95 % interval. All three are null where nothing can be
compared: a phrase in neither set, or the only one."""

_NORMAL_95: Final = 1.959963984540054


def compare_phrases(counts: pl.DataFrame, *, prior_size: float = 500.0) -> pl.DataFrame:
    """Return how much likelier each phrase is among some papers than among others.

    ``counts`` has the columns phrase, count and count_other (papers with it, in either set). The
    log odds ratio with an informative Dirichlet prior (Monroe, Colaresi and Quinn 2008, section
    3.5): the prior is what the two sets say together, worth ``prior_size`` mentions, so that rare
    phrases stay near zero.
    """
    if counts.is_empty():
        return PHRASES.to_frame()
    one = counts["count"].cast(pl.Float64()).to_numpy()
    other = counts["count_other"].cast(pl.Float64()).to_numpy()
    prior = prior_size * (one + other) / max((one + other).sum(), 1)
    odds = []
    with np.errstate(divide="ignore", invalid="ignore"):
        for part in (one, other):
            mentions = part + prior
            odds.append(np.log(mentions / (mentions.sum() - mentions)))
        difference = odds[0] - odds[1]
        deviation = np.sqrt(1 / (one + prior) + 1 / (other + prior))
    is_known = np.isfinite(difference) & np.isfinite(deviation)
    return (
        counts.select("phrase", "count", "count_other")
        .with_columns(
            pl.Series("log_odds", difference),
            pl.Series("log_odds_low", difference - _NORMAL_95 * deviation),
            pl.Series("z", difference / deviation),
        )
        .cast(PHRASES)
        .with_columns(pl.when(pl.Series(is_known)).then(pl.col("log_odds", "log_odds_low", "z")))
        .sort("log_odds_low", "phrase", descending=[True, False], nulls_last=True)
    )


def collapse_nested(phrases: pl.DataFrame, *, share: float = 0.8) -> pl.DataFrame:
    """Return the rows without phrases that another one tells which contains them, or is in them.

    ``phrases`` is a frame of ``PHRASES``. A phrase goes if a longer one holds all its words in a
    row and is in at least ``share`` of its papers ("large language" of "large language model"); a
    longer one goes if the shorter stands higher ("our agents" of "agents"). Order is kept.
    """
    words = [tuple(phrase.split()) for phrase in phrases["phrase"]]
    counts = phrases["count"].to_list()
    place = {one: number for number, one in enumerate(words)}
    is_kept = [True] * len(words)
    for number, longer in enumerate(words):
        for part in _parts(longer):
            within = place.get(part)
            if within is None:
                continue
            if counts[number] >= share * counts[within]:
                is_kept[within] = False
            elif within < number:
                is_kept[number] = False
    return phrases.filter(pl.Series(is_kept, dtype=pl.Boolean()))


def _parts(words: tuple[str, ...]) -> set[tuple[str, ...]]:
    """Return all shorter runs of words of a phrase."""
    return {
        words[begin : begin + length]
        for length in range(1, len(words))
        for begin in range(len(words) - length + 1)
    }
