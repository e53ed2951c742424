"""Which topics are assigned to a paper, which one is primary, and the places that say so.

Of the labelled topics the likeliest are assigned, as many as give the highest expected F1 (Ye et
al. 2012): one where one is sure, several where none is. Topics that no label tells of are assigned
by their mentions alone, from `LEAST_BY_MENTIONS` on: one in passing is not enough.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_array

from transforms.taxonomy import Taxonomy, fold_spelling
from transforms.topics.learned import Floats, Learned, shipped
from transforms.topics.mentions import (
    FIELDS,
    Mentions,
    Spellings,
    find_mentions,
    list_spellings,
    name_aliases,
)
from transforms.topics.scores import (
    combine_mentions,
    count_terms,
    join_scores,
    look_up_reliability,
    weigh_terms,
)
from transforms.topics.search import Hits, Ints

Flags = NDArray[np.bool_]

RULES_VERSION: Final = "2/2026.11.1"
"""Rules and model (a test compares the latter): a change of either assigns every topic anew."""

LEAST_SCORE: Final = 0.15
LEAST_BY_MENTIONS: Final = 0.5
MOST_CHOSEN: Final = 6
# How much the topics that may be missed count against assigning few.
_MISSED_WEIGHT: Final = 1.2
# A general topic is primary only where no other has so large a share of the highest score.
_SHARE_TO_BE_PRIMARY: Final = 0.6
_CONTEXT_PLACES: Final = 3
_STRIDE: Final = 1 << 32
_PAPERS_AT_ONCE: Final = 1_000
_THREADS: Final = 2

TOPIC_SCHEMA: Final = {
    "paper_id": pl.String(),
    "topic_id": pl.String(),
    "score": pl.Float64(),
    "method": pl.String(),
    "is_primary": pl.Boolean(),
}
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
_SPAN_SCHEMA: Final = dict.fromkeys(("paper", "field", "span_start", "span_end"), pl.Int64())
TOPIC_COLUMNS: Final = list(TOPIC_SCHEMA)
EVIDENCE_COLUMNS: Final = list(EVIDENCE_SCHEMA)


@dataclass(frozen=True)
class Assignments:
    """`topics`: a row per paper and topic. `evidence`: a row per place that speaks of one."""

    topics: pl.DataFrame
    evidence: pl.DataFrame


def assign_topics(
    papers: pl.DataFrame, taxonomy: Taxonomy, learned: Learned | None = None
) -> Assignments:
    """Return the topics of papers (`paper_id`, `title`, `abstract`), each from its own text alone.

    `topics` is sorted by paper_id and topic_id; `score` is the probability, above 0 and below 1,
    and `method` is `dictionary` where the taxonomy's spellings name the topic, else `context`.
    `evidence` is in the order of paper_id and of reading; spans are characters (code points) of the
    text as given, half open; those of kind `context` are the terms that weigh most. ``learned`` is
    the shipped model where it is not given.

    Raises:
        ValueError: a `paper_id` occurs twice.
    """
    if (twice := papers["paper_id"].filter(papers["paper_id"].is_duplicated())).len():
        raise ValueError(f"assign_topics: paper_id {twice.min()!r} occurs more than once")
    ordered = papers.select("paper_id", *(pl.col(f).cast(pl.String) for f in FIELDS))
    ordered = ordered.sort("paper_id")
    assigner = Assigner(taxonomy, learned or shipped())
    _ = assigner.spellings.automaton, assigner.reliability
    parts = list(ordered.iter_slices(_PAPERS_AT_ONCE))
    with ThreadPoolExecutor(_THREADS) as threads:
        found = list(threads.map(assigner.assign, parts))
    topics = pl.concat([pl.DataFrame(schema=TOPIC_SCHEMA), *(one.topics for one in found)])
    evidence = pl.concat([pl.DataFrame(schema=EVIDENCE_SCHEMA), *(one.evidence for one in found)])
    return Assignments(topics, evidence)


class Assigner:
    """A taxonomy and a model, made ready once."""

    def __init__(self, taxonomy: Taxonomy, learned: Learned) -> None:
        """Keep both."""
        self._taxonomy = taxonomy
        self._learned = learned

    @cached_property
    def spellings(self) -> Spellings:
        """The spellings of the taxonomy, and the terms of the model where it knows a topic."""
        known = set(self._taxonomy.topics["topic_id"])
        has_context = any(topic in known for topic in self._learned.topics)
        return list_spellings(self._taxonomy, self._learned.terms if has_context else [])

    @cached_property
    def reliability(self) -> Floats:
        """By alias and level."""
        return look_up_reliability(self.spellings, self._learned).by_alias

    @cached_property
    def labelled(self) -> tuple[Ints, Ints]:
        """The labelled topics that the taxonomy has: numbers in the spellings and in the model."""
        number = {topic: n for n, topic in enumerate(self.spellings.topics)}
        pairs = [(number[t], n) for n, t in enumerate(self._learned.topics) if t in number]
        table = np.array(pairs, dtype=np.int64).reshape(-1, 2)
        return table[:, 0], table[:, 1]

    @cached_property
    def is_general(self) -> Flags:
        """By topic."""
        general = set(self._taxonomy.forms.filter("is_general")["topic_id"])
        return np.array([topic in general for topic in self.spellings.topics], dtype=bool)

    def assign(self, papers: pl.DataFrame) -> Assignments:
        """Return the topics of papers in their order."""
        texts = _fold(papers)
        hits = self.spellings.automaton.find(texts)
        mentions = find_mentions(hits, self.spellings)
        named = name_aliases(mentions, self.spellings)
        shape = (papers.height, len(self.spellings.topics))
        mentioned = combine_mentions(named, self.reliability, shape)
        scores, is_assigned, vectors = mentioned.copy(), mentioned >= LEAST_BY_MENTIONS, None
        columns, in_model = self.labelled
        if len(columns):
            used = count_terms(hits, self.spellings, papers.height)
            vectors = weigh_terms(used, self._learned.idf)
            weights, bias = self._learned.weights[:, in_model], self._learned.bias[in_model]
            context = np.asarray(vectors @ weights) + bias
            likely = join_scores(mentioned[:, columns], context, in_model, self._learned)
            scores[:, columns], is_assigned[:, columns] = likely, choose(likely)
        # rounded, so that a last bit of difference between machines is none
        scores = scores.round(4)
        topics = self._rank(papers, scores, is_assigned, mentioned > 0, mentions)
        spans = self._cite_mentions(mentions, is_assigned)
        if vectors is not None:
            by_context = is_assigned & (mentioned == 0)
            spans = pl.concat([spans, self._cite_context(hits, vectors, by_context)])
        return Assignments(topics, _quote(spans, papers))

    def _rank(
        self,
        papers: pl.DataFrame,
        scores: Floats,
        is_assigned: Flags,
        is_named: Flags,
        mentions: Mentions,
    ) -> pl.DataFrame:
        """Return the topics of papers, one of each primary."""
        paper, topic = np.nonzero(is_assigned)
        first = np.full(scores.shape, np.iinfo(np.int64).max)
        place = mentions.field * _STRIDE + mentions.start
        np.minimum.at(first, (mentions.paper, self.spellings.topic[mentions.form]), place)
        best = np.where(is_assigned, scores, 0).max(axis=1, initial=0)
        score = scores[paper, topic]
        is_far = score < _SHARE_TO_BE_PRIMARY * best[paper]
        order = np.lexsort(
            (topic, first[paper, topic], -score, self.is_general[topic], is_far, paper)
        )
        is_primary = np.zeros(len(paper), dtype=bool)
        is_primary[order[np.unique(paper[order], return_index=True)[1]]] = True
        method = np.where(is_named[paper, topic], "dictionary", "context")
        return pl.DataFrame(
            {
                "paper_id": papers["paper_id"].gather(paper),
                "topic_id": pl.Series(self.spellings.topics, dtype=pl.String).gather(topic),
                "score": score,
                "method": pl.Series(method.tolist(), dtype=pl.String),
                "is_primary": is_primary,
            },
            schema=TOPIC_SCHEMA,
        )

    def _cite_mentions(self, mentions: Mentions, is_assigned: Flags) -> pl.DataFrame:
        """Return the mentions of assigned topics as spans."""
        topic = self.spellings.topic[mentions.form]
        kept = np.flatnonzero(is_assigned[mentions.paper, topic])
        forms = self.spellings.forms.select("topic_id", "alias", "kind")
        return pl.DataFrame(
            {
                "paper": mentions.paper[kept],
                "field": mentions.field[kept],
                "span_start": mentions.start[kept],
                "span_end": mentions.end[kept],
            },
            schema=_SPAN_SCHEMA,
        ).hstack(forms[mentions.form[kept]])

    def _cite_context(self, hits: Hits, vectors: csr_array, by_context: Flags) -> pl.DataFrame:
        """Return, of topics that nothing names, where the terms that weigh most first stand."""
        columns, in_model = self.labelled
        model_number = dict(zip(columns.tolist(), in_model.tolist(), strict=True))
        term = self.spellings.term_of_pattern[hits.pattern]
        key, first_hit = np.unique(hits.text // 2 * _STRIDE + term, return_index=True)
        rows: list[tuple[object, ...]] = []
        for paper, topic in zip(*(one.tolist() for one in np.nonzero(by_context)), strict=True):
            own = slice(vectors.indptr[paper], vectors.indptr[paper + 1])
            terms = vectors.indices[own].astype(np.int64)
            gains = vectors.data[own] * self._learned.weights[terms, model_number[topic]]
            strongest = terms[np.lexsort((terms, -gains))[:_CONTEXT_PLACES]]
            places = first_hit[np.searchsorted(key, paper * _STRIDE + strongest)]
            for number, hit in zip(strongest.tolist(), places.tolist(), strict=True):
                place = (int(hits.text[hit]) % 2, int(hits.start[hit]), int(hits.end[hit]))
                name = self.spellings.topics[topic]
                rows.append((paper, *place, name, self._learned.terms[number], "context"))
        schema = _SPAN_SCHEMA | dict.fromkeys(("topic_id", "alias", "kind"), pl.String())
        return pl.DataFrame(rows, schema=schema, orient="row")


def choose(likely: Floats) -> Flags:
    """Tell which topics to assign, of probabilities by paper and topic."""
    most = min(MOST_CHOSEN, likely.shape[1])
    order = np.argsort(-likely, axis=1, kind="stable")[:, :most]
    ranked = np.take_along_axis(likely, order, axis=1)
    sizes = np.arange(1, most + 1)
    missed = _MISSED_WEIGHT * likely.sum(axis=1, keepdims=True)
    size = (np.cumsum(ranked, axis=1) / (sizes + missed)).argmax(axis=1) + 1
    is_chosen = np.zeros(likely.shape, dtype=bool)
    is_within = (sizes <= size[:, None]) & (ranked >= LEAST_SCORE)
    np.put_along_axis(is_chosen, order, is_within, axis=1)
    return is_chosen


def _fold(papers: pl.DataFrame) -> list[str]:
    """Return folded texts: title, abstract, title, abstract ..."""
    folded = [fold_spelling(papers[field].fill_null("")).to_list() for field in FIELDS]
    return [text for pair in zip(*folded, strict=True) for text in pair]


def _quote(spans: pl.DataFrame, papers: pl.DataFrame) -> pl.DataFrame:
    """Return spans in the order of reading, with the words as they stand in the text."""
    ordered = spans.sort("paper", "field", "span_start", -pl.col("span_end"), "topic_id", "alias")
    length = pl.col("span_end") - pl.col("span_start")
    texts = pl.concat([papers[field] for field in FIELDS])
    row = ordered["field"] * papers.height + ordered["paper"]
    surface = ordered.select(
        pl.lit(texts.gather(row)).str.slice(pl.col("span_start"), length)
    ).to_series()
    names = pl.Series(FIELDS, dtype=pl.String)
    return ordered.with_columns(
        paper_id=papers["paper_id"].gather(ordered["paper"]),
        field=names.gather(ordered["field"]),
        surface=surface,
    ).select(EVIDENCE_COLUMNS)
