"""The places that speak of the topics of a paper: mentions, and the words of a context."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from transforms.topics.lookup import Ints
from transforms.topics.mentions import FIELDS, Mentions, Spellings
from transforms.topics.search import Hits

if TYPE_CHECKING:
    from scipy.sparse import csr_array

EVIDENCE_SCHEMA: Final = {
    "paper_id": pl.String(),
    "topic_id": pl.String(),
    "field": pl.String(),
    "span_start": pl.Int64(),
    "span_end": pl.Int64(),
    "surface": pl.String(),
    "alias": pl.String(),
    "kind": pl.String(),
}
_SPAN_COLUMNS: Final = ("paper", "field", "span_start", "span_end", "topic", "form", "term")
_CONTEXT_PLACES: Final = 3
_MOST_PLACES: Final = 50
"""Mentions of a topic that are cited of one paper. In 5,600 papers 30 is the most."""
_LARGER_THAN_GAINS: Final = 256
_NONE: Final = -1
_NOWHERE: Final = np.iinfo(np.int64).max
_STRIDE: Final = 1 << 32


@dataclass(frozen=True)
class Pairs:
    """Papers and their topics, by number, sorted by both; a row per pair."""

    paper: Ints
    topic: Ints
    topics: int
    """How many topics there are."""

    @property
    def key(self) -> Ints:
        """One number for each pair, rising."""
        return self.paper * self.topics + self.topic

    def choose(self, rows: Ints) -> "Pairs":
        """Return some of the pairs."""
        return Pairs(self.paper[rows], self.topic[rows], self.topics)

    def find(self, paper: Ints, topic: Ints) -> Ints:
        """Return the rows of pairs; -1 for those that are not among them."""
        wanted = paper * self.topics + topic
        row = np.searchsorted(self.key, wanted)
        known = np.append(self.key, _NONE)[row] == wanted
        return np.where(known, row, _NONE)

    def first_places(self, mentions: Mentions, spellings: Spellings) -> Ints:
        """Return of each pair where it is mentioned first, as a number that rises with reading."""
        first = np.full(len(self.paper), _NOWHERE)
        row = self.find(mentions.paper, spellings.topic[mentions.form])
        is_pair = row >= 0
        place = mentions.field * _STRIDE + mentions.start
        np.minimum.at(first, row[is_pair], place[is_pair])
        return first


def cite_mentions(mentions: Mentions, pairs: Pairs, spellings: Spellings) -> pl.DataFrame:
    """Return the mentions of pairs as spans, of each pair the first ones."""
    topic = spellings.topic[mentions.form]
    row = pairs.find(mentions.paper, topic)
    kept = np.flatnonzero(row >= 0)
    kept = kept[_is_among_first(row[kept], _MOST_PLACES)]
    columns = (mentions.paper, mentions.field, mentions.start, mentions.end, topic, mentions.form)
    rows = [column[kept] for column in columns]
    return pl.DataFrame(dict(zip(_SPAN_COLUMNS, [*rows, np.full(len(kept), _NONE)], strict=True)))


def _is_among_first(row: Ints, most: int) -> NDArray[np.bool_]:
    """Tell which of some numbers, such as 3, 5, 3, 3, are one of the first of their kind."""
    order = np.argsort(row, kind="stable")
    begins = np.flatnonzero(np.diff(row[order], prepend=_NONE))
    nth = np.arange(len(row)) - np.repeat(begins, np.diff(begins, append=len(row)))
    is_first = np.zeros(len(row), dtype=bool)
    is_first[order[nth < most]] = True
    return is_first


@dataclass(frozen=True)
class ContextTerms:
    """The terms of papers that weigh most for topics, a row per paper, topic and term."""

    paper: Ints
    topic: Ints
    term: Ints


def weigh_context(pairs: Pairs, vectors: "csr_array", weights: NDArray[np.int8]) -> ContextTerms:
    """Return of each pair the terms of the paper that add most to its topic.

    ``weights`` are by topic and term, in the steps of the topic.
    """
    begins = vectors.indptr[pairs.paper].astype(np.int64)
    counts = vectors.indptr[pairs.paper + 1] - begins
    pair = np.repeat(np.arange(len(counts)), counts)
    nth = np.arange(len(pair)) - np.repeat(np.cumsum(counts) - counts, counts)
    place = begins[pair] + nth
    term = vectors.indices[place].astype(np.int64)
    gain = vectors.data[place] * weights[pairs.topic[pair], term]
    # a gain is at most 127, for vectors have length 1; terms rise, so that a tie goes to the first
    order = np.argsort(pair * _LARGER_THAN_GAINS - gain.astype(np.float64), kind="stable")
    kept = order[nth < _CONTEXT_PLACES]
    return ContextTerms(pairs.paper[pair[kept]], pairs.topic[pair[kept]], term[kept])


def cite_context(terms: ContextTerms, hits: Hits, spellings: Spellings) -> pl.DataFrame:
    """Return where papers use the terms first, as spans."""
    size = len(spellings.terms)
    is_cited = np.zeros(size + 1, dtype=bool)
    is_cited[terms.term] = True
    used = spellings.term_of_pattern[hits.pattern]
    # no term is -1, the last one here
    rows = np.flatnonzero(is_cited[used])
    wanted, row_of = np.unique(terms.paper * size + terms.term, return_inverse=True)
    cell = hits.text[rows] // 2 * size + used[rows]
    place = np.searchsorted(wanted, cell)
    is_wanted = np.append(wanted, _NONE)[place] == cell
    first = np.full(len(wanted), len(hits.pattern))
    np.minimum.at(first, place[is_wanted], rows[is_wanted])
    hit = hits.choose(first[row_of])
    none = np.full(len(row_of), _NONE)
    columns = (terms.paper, hit.text % 2, hit.start, hit.end, terms.topic, none, terms.term)
    return pl.DataFrame(dict(zip(_SPAN_COLUMNS, columns, strict=True)))


def quote(spans: pl.DataFrame, papers: pl.DataFrame, spellings: Spellings) -> pl.DataFrame:
    """Return spans in the order of reading, with names, and the words as they stand in the text."""
    count = spellings.forms.height
    names = pl.concat([spellings.forms["alias"], pl.Series("alias", spellings.terms, pl.String())])
    kinds = pl.concat(
        [spellings.forms["kind"], pl.repeat("context", len(spellings.terms), eager=True)]
    )
    number = pl.when(pl.col("form") >= 0).then("form").otherwise(pl.col("term") + count)
    # forms are no order of their aliases
    ranks = names.rank("dense").cast(pl.Int64)
    place = (pl.col("paper") * len(FIELDS) + pl.col("field")) * _STRIDE + pl.col("span_start")
    rank = pl.lit(ranks).gather(number)
    # two numbers to sort by in place of six columns
    ordered = spans.select(
        "paper",
        "field",
        "span_start",
        "span_end",
        "topic",
        number=number,
        place=place,
        then=(pl.col("topic") - pl.col("span_end") * len(spellings.topics)) * (len(names) + 1)
        + rank,
    ).sort("place", "then")
    surfaces = _cut_out(ordered, papers)
    topics = pl.Series(spellings.topics, dtype=pl.String())
    return ordered.select(
        pl.lit(papers["paper_id"]).gather(pl.col("paper")).alias("paper_id"),
        pl.lit(topics).gather(pl.col("topic")).alias("topic_id"),
        pl.lit(pl.Series(FIELDS)).gather(pl.col("field")).alias("field"),
        "span_start",
        "span_end",
        surfaces,
        pl.lit(names).gather(pl.col("number")).alias("alias"),
        pl.lit(kinds).gather(pl.col("number")).alias("kind"),
    )


def _cut_out(spans: pl.DataFrame, papers: pl.DataFrame) -> pl.Series:
    """Return the words of spans as they stand in the texts.

    One by one: to take out each span's text first would be to copy it as often as it has spans.
    """
    cut, text, at = [], "", (_NONE, _NONE)
    for field, paper, start, end in spans.select(
        "field", "paper", "span_start", "span_end"
    ).iter_rows():
        if at != (field, paper):
            at = field, paper
            text = papers[FIELDS[field]][paper]
        cut.append(text[start:end])
    return pl.Series("surface", cut, dtype=pl.String())
