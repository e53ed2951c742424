"""Phrases that may be missing in the topic dictionary, with the papers that use them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import duckdb
import numpy as np
import polars as pl
from numpy.typing import NDArray

from transforms.taxonomy import Taxonomy
from transforms.topics.folding import fold_texts
from transforms.topics.lookup import Ints, Keys, Lookup
from transforms.topics.suggest import (
    Phrases,
    add_up,
    choose,
    contrast,
    count_phrases,
    find_phrases,
    is_same,
)
from warehouse import published

MOST_PAPERS: Final = 50_000
"""The newest so many are looked at: the bound on memory."""
_PAPERS_AT_ONCE: Final = 5_000
_CANDIDATES_PER_PROPOSAL: Final = 8
_SHOWN_PAPERS: Final = 5


@dataclass(frozen=True)
class PaperBehind:
    """A paper that uses the phrase."""

    paper_id: str
    title: str
    votes: int | None


@dataclass(frozen=True)
class Suggestion:
    """A phrase that one group of papers uses more than the others."""

    phrase: str
    papers: int
    """Papers of the group that use it."""
    others: int
    """Papers of the others that do."""
    log_odds: float
    low: float
    """Lower end of the 95 % interval; the order."""
    papers_behind: list[PaperBehind]
    """Those of the group with the most votes."""


@dataclass(frozen=True)
class Suggestions:
    """Proposals for the dictionary; a list is empty where nothing is more than an accident."""

    papers: int
    since: date | None
    """First day of the papers that count as new; None without papers."""
    recent_papers: int
    unnamed_papers: int
    """Papers in which no spelling names a topic, general ones aside."""
    rising: list[Suggestion]
    unnamed: list[Suggestion]


def suggest(
    connection: duckdb.DuckDBPyConnection,
    taxonomy: Taxonomy,
    days: int,
    feed: str | None,
    limit: int,
) -> Suggestions:
    """Return phrases that rose in the last ``days``, and that papers without a topic share."""
    papers = published.read_papers_for_suggestions(connection, feed, MOST_PAPERS)
    newest = papers["feed_date"].max()
    since = newest - timedelta(days=days - 1) if isinstance(newest, date) else None
    is_recent = (papers["feed_date"] >= since).to_numpy() if since else np.zeros(0, dtype=bool)
    is_unnamed = papers["is_unnamed"].to_numpy().astype(bool)
    return Suggestions(
        papers=papers.height,
        since=since,
        recent_papers=int(is_recent.sum()),
        unnamed_papers=int(is_unnamed.sum()),
        rising=_propose(papers, is_recent, taxonomy, limit),
        unnamed=_propose(papers, is_unnamed, taxonomy, limit),
    )


def _propose(
    papers: pl.DataFrame, is_in_group: NDArray[np.bool_], taxonomy: Taxonomy, limit: int
) -> list[Suggestion]:
    group, others = int(is_in_group.sum()), int((~is_in_group).sum())
    if not group or not others:
        return []
    parts = [
        count_phrases(phrases, is_in_group[begin : begin + _PAPERS_AT_ONCE])
        for begin, phrases in _read_phrases(papers)
    ]
    counts = add_up(*parts)
    found = contrast(counts, group, others)
    rows = choose(counts, found)[: limit * _CANDIDATES_PER_PROPOSAL]
    texts, users = _look_up(papers, is_in_group, counts.key[rows])
    known = _Known.of(taxonomy)
    proposals: list[Suggestion] = []
    taken: list[tuple[str, set[str]]] = []
    for nth, row in enumerate(rows.tolist()):
        using = papers[users[nth]]
        ids = set(using["paper_id"])
        if known.has(texts[nth]) or any(is_same(texts[nth], ids, *other) for other in taken):
            continue
        taken.append((texts[nth], ids))
        first = using.sort("votes", "paper_id", descending=[True, False], nulls_last=True)
        shown = first.head(_SHOWN_PAPERS).select("paper_id", "title", "votes").iter_rows()
        proposals.append(
            Suggestion(
                phrase=texts[nth],
                papers=int(counts.in_group[row]),
                others=int(counts.papers[row] - counts.in_group[row]),
                log_odds=round(float(found.log_odds[row]), 3),
                low=round(float(found.low[row]), 3),
                papers_behind=[PaperBehind(*one) for one in shown],
            )
        )
        if len(proposals) == limit:
            break
    return proposals


def _read_phrases(papers: pl.DataFrame) -> Iterator[tuple[int, Phrases]]:
    for begin in range(0, papers.height, _PAPERS_AT_ONCE):
        yield begin, find_phrases(fold_texts(papers.slice(begin, _PAPERS_AT_ONCE)))


def _look_up(
    papers: pl.DataFrame, is_in_group: NDArray[np.bool_], keys: Keys
) -> tuple[list[str], list[Ints]]:
    """Return of each key the phrase, and the rows of the papers of the group that use it."""
    lookup = Lookup(keys)
    texts = [""] * len(keys)
    users: list[list[Ints]] = [[] for _ in range(len(keys))]
    for begin, phrases in _read_phrases(papers):
        place = lookup.find(phrases.key)
        rows = np.flatnonzero(place >= 0)
        for nth in np.unique(place[rows]).tolist():
            own = rows[place[rows] == nth]
            texts[nth] = texts[nth] or phrases.text(int(own[0]))
            users[nth].append(begin + np.unique(phrases.paper[own]))
    of_group = [np.concatenate(parts) for parts in users]
    return texts, [rows[is_in_group[rows]] for rows in of_group]


@dataclass(frozen=True)
class _Known:
    """The spellings of the dictionary, with spaces around."""

    spellings: frozenset[str]
    joined: str

    @classmethod
    def of(cls, taxonomy: Taxonomy) -> "_Known":
        spellings = frozenset(form.lower() for form in taxonomy.forms["form"])
        return cls(spellings, "\n".join(f" {one} " for one in sorted(spellings)))

    def has(self, phrase: str) -> bool:
        """Tell whether a phrase is a spelling, or stands in one."""
        return phrase in self.spellings or f" {phrase} " in self.joined
