"""Which phrases drive a burst: those that its papers use more than the feed did before it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from functools import partial
from typing import Final

import duckdb

from warehouse.trend_answers import (
    Burst,
    Phrase,
    TrendList,
    digest_burst_texts,
    read_burst_texts,
)

MOST_PAPERS: Final = 2_000
"""The newest so many of the burst, and of those before it, are looked at: the bound on time."""
_TOLD: Final = 5


class PhraseMemory:
    """The phrases that were found before, by the digest of the texts that they were found in."""

    def __init__(self, before: Mapping[str, str]) -> None:
        """Begin with what an earlier memory held in the end."""
        self._before = before
        self.asked: dict[str, str] = {}
        """What was asked of this one: the phrases as JSON."""

    def recall(self, digest: str, find: Callable[[], tuple[Phrase, ...]]) -> tuple[Phrase, ...]:
        """Return the phrases of some texts; ``find`` finds those that are not known yet."""
        told = _read(self._before.get(digest))
        if told is None:
            told = find()
        self.asked[digest] = json.dumps([asdict(one) for one in told])
        return told


def _read(known: str | None) -> tuple[Phrase, ...] | None:
    """Return phrases that were kept; None where there are none, or they cannot be read."""
    try:
        return None if known is None else tuple(Phrase(**one) for one in json.loads(known))
    except (ValueError, TypeError):
        return None


def add_phrases(
    connection: duckdb.DuckDBPyConnection,
    trends: TrendList,
    limit: int | None = None,
    memory: PhraseMemory | None = None,
) -> TrendList:
    """Return the list with the phrases of its first ``limit`` bursts, or of all of them."""

    def phrases_of(burst: Burst) -> tuple[Phrase, ...]:
        find = partial(_phrases_of, connection, burst, trends.grain)
        if memory is None:
            return find()
        digest = digest_burst_texts(connection, burst, trends.grain, MOST_PAPERS)
        return memory.recall(digest, find)

    bursts = trends.bursts[:limit]
    told = tuple(replace(one, phrases=phrases_of(one)) for one in bursts)
    return replace(trends, bursts=(*told, *trends.bursts[len(bursts) :]))


def _phrases_of(
    connection: duckdb.DuckDBPyConnection, burst: Burst, grain: str
) -> tuple[Phrase, ...]:
    # with SciPy, which most builds of the site need not: they know these phrases
    from transforms.topics.folding import fold_texts
    from transforms.topics.suggest import tell_phrases

    texts = read_burst_texts(connection, burst, grain, MOST_PAPERS)
    is_in_burst = texts["is_in_burst"].to_numpy().astype(bool)
    during, before = int(is_in_burst.sum()), int((~is_in_burst).sum())
    return tuple(
        Phrase(one.phrase, one.papers, during, one.others, before, round(one.low, 3))
        for one in tell_phrases(fold_texts(texts), is_in_burst, _TOLD)
    )
