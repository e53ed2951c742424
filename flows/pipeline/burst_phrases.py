"""Which phrases drive a burst: those that its papers use more than the feed did before it."""

from dataclasses import replace
from typing import Final

import duckdb

from transforms.topics.folding import fold_texts
from transforms.topics.suggest import tell_phrases
from warehouse.trend_answers import Burst, Phrase, TrendList, read_burst_texts

MOST_PAPERS: Final = 2_000
"""The newest so many of the burst, and of those before it, are looked at: the bound on time."""
_TOLD: Final = 5


def add_phrases(
    connection: duckdb.DuckDBPyConnection, trends: TrendList, limit: int | None = None
) -> TrendList:
    """Return the list with the phrases of its first ``limit`` bursts, or of all of them."""
    bursts = trends.bursts[:limit]
    told = tuple(replace(one, phrases=_phrases_of(connection, one, trends.grain)) for one in bursts)
    return replace(trends, bursts=(*told, *trends.bursts[len(bursts) :]))


def _phrases_of(
    connection: duckdb.DuckDBPyConnection, burst: Burst, grain: str
) -> tuple[Phrase, ...]:
    texts = read_burst_texts(connection, burst, grain, MOST_PAPERS)
    is_in_burst = texts["is_in_burst"].to_numpy().astype(bool)
    during, before = int(is_in_burst.sum()), int((~is_in_burst).sum())
    return tuple(
        Phrase(one.phrase, one.papers, during, one.others, before, round(one.low, 3))
        for one in tell_phrases(fold_texts(texts), is_in_burst, _TOLD)
    )
