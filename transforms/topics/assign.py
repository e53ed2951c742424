"""Which topics are assigned to a paper, which one is primary, and the places that say so.

A paper is like those that were labelled, or it is not (`Learned.likeness`). If it is, of the
labelled topics the likeliest are assigned (`choice`). All else, other topics and other papers, goes
by mentions alone, from `LEAST_BY_MENTIONS` on: those in passing support and do not assign. For the
words around mentions mislead in papers of another time: of what they assigned in papers of
2024 to 2026 a tenth was right.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from transforms.taxonomy import Taxonomy
from transforms.topics.choice import choose
from transforms.topics.evidence import (
    EVIDENCE_SCHEMA,
    Pairs,
    cite_context,
    cite_mentions,
    quote,
    weigh_context,
)
from transforms.topics.folding import fold_texts
from transforms.topics.learned import Floats, Learned, shipped
from transforms.topics.lookup import Ints
from transforms.topics.mentions import (
    FIELDS,
    Mentions,
    Spellings,
    find_mentions,
    list_spellings,
    name_aliases,
)
from transforms.topics.scores import (
    Reliability,
    combine_mentions,
    count_terms,
    join_scores,
    look_up_reliability,
    weigh_terms,
)

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Flags = NDArray[np.bool_]

RULES_VERSION: Final = "6/2026.11.6"
"""Rules and model (a test compares the latter): a change of either assigns every topic anew."""

LEAST_BY_MENTIONS: Final = 0.55
# A general topic is primary only where no other has so large a share of the highest score.
_SHARE_TO_BE_PRIMARY: Final = 0.7
_CONTEXT_PLACES: Final = 3
_STRIDE: Final = 1 << 32
# more, and what arrays hold is asked of the system anew each time
_PAPERS_AT_ONCE: Final = 500
_BYTES_AT_ONCE: Final = 1 << 21
"""Of their texts, three times that of so many usual papers: each word takes 60 bytes of arrays."""
_THREADS: Final = 2

TOPIC_SCHEMA: Final = {
    "paper_id": pl.String(),
    "topic_id": pl.String(),
    "score": pl.Float64(),
    "method": pl.String(),
    "is_primary": pl.Boolean(),
}
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
    return Assigner(taxonomy, learned).assign(papers)


class Assigner:
    """A taxonomy and a model, made ready once."""

    def __init__(self, taxonomy: Taxonomy, learned: Learned | None = None) -> None:
        """Keep both; the model is the shipped one where it is not given."""
        self._taxonomy = taxonomy
        self._learned = learned or shipped()

    def assign(self, papers: pl.DataFrame) -> Assignments:
        """Return what `assign_topics` does."""
        ordered, found = self._assign_parts(papers, with_evidence=True)
        topics, spans = (pl.concat(column) for column in zip(*found, strict=True))
        return Assignments(self._name(topics, ordered), quote(spans, ordered, self.spellings))

    def assign_without_evidence(self, papers: pl.DataFrame) -> pl.DataFrame:
        """Return the `topics` of `assign`, in less time."""
        ordered, found = self._assign_parts(papers, with_evidence=False)
        return self._name(pl.concat([topics for topics, _ in found]), ordered)

    def _assign_parts(
        self, papers: pl.DataFrame, *, with_evidence: bool
    ) -> tuple[pl.DataFrame, list[tuple[pl.DataFrame, pl.DataFrame]]]:
        """Return papers in order, and topics and spans of each part, papers numbered through."""
        if (twice := papers["paper_id"].filter(papers["paper_id"].is_duplicated())).len():
            raise ValueError(f"assign_topics: paper_id {twice.min()!r} occurs more than once")
        ordered = papers.select("paper_id", *(pl.col(f).cast(pl.String) for f in FIELDS))
        ordered = ordered.sort("paper_id")
        begins = _part(ordered)
        if len(begins) > 1:
            self._make_ready()
        assign = partial(self._assign, with_evidence=with_evidence)
        ends = [*begins[1:], ordered.height]
        parts = [ordered[begin:end] for begin, end in zip(begins, ends, strict=True)]
        with ThreadPoolExecutor(_THREADS) as threads:
            found = zip(begins, threads.map(assign, parts), strict=True)
            return ordered, [
                (_number(topics, begin), _number(spans, begin)) for begin, (topics, spans) in found
            ]

    def _make_ready(self) -> None:
        """Work out once what threads share. A few papers may need nothing of the context, which is
        the larger part of it.
        """
        spellings = self.spellings
        _ = spellings.automaton, spellings.form_lookup, spellings.acronym_keys, spellings.strength
        _ = spellings.topic, spellings.alias, spellings.term_of_pattern
        _ = spellings.requires, spellings.excludes
        _ = self.reliability, self.weights, self.by_mention, self.steps, self.is_general

    @cached_property
    def spellings(self) -> Spellings:
        """The spellings of the taxonomy, and the terms of the model where it knows a topic."""
        known = set(self._taxonomy.assigned)
        has_context = any(topic in known for topic in self._learned.topics)
        return list_spellings(self._taxonomy, self._learned.terms if has_context else [])

    @cached_property
    def reliability(self) -> Reliability:
        """By alias and level."""
        return look_up_reliability(self.spellings, self._learned)

    @cached_property
    def labelled(self) -> tuple[Ints, Ints]:
        """The labelled topics that the taxonomy has: numbers in the spellings and in the model."""
        number = {topic: n for n, topic in enumerate(self.spellings.topics)}
        pairs = [(number[t], n) for n, t in enumerate(self._learned.topics) if t in number]
        table = np.array(pairs, dtype=np.int64).reshape(-1, 2)
        return table[:, 0], table[:, 1]

    @cached_property
    def weights(self) -> NDArray[np.float32]:
        """The weights of the context, by term and labelled topic of the taxonomy.

        In half the bytes, for to fetch them is most of the work, and row by row, for SciPy would
        copy them so with every product.
        """
        columns = self._learned.weights[:, self.labelled[1]]
        return np.ascontiguousarray(columns, dtype=np.float32)

    @cached_property
    def by_mention(self) -> Floats:
        """What mentions add to the context, by labelled topic mentioned and labelled topic."""
        in_model = self.labelled[1]
        return np.ascontiguousarray(self._learned.by_mention[np.ix_(in_model, in_model)])

    @cached_property
    def steps(self) -> NDArray[np.int8]:
        """The weights of the context by topic and term, in steps that differ by topic."""
        columns, in_model = self.labelled
        steps = np.zeros((len(self.spellings.topics), len(self._learned.terms)), dtype=np.int8)
        steps[columns] = self._learned.steps.T[in_model]
        return steps

    @cached_property
    def is_general(self) -> Flags:
        """By topic."""
        general = set(self._taxonomy.topics.filter(level="general")["topic_id"])
        return np.array([topic in general for topic in self.spellings.topics], dtype=bool)

    def _assign(
        self, papers: pl.DataFrame, *, with_evidence: bool
    ) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Return topics and spans of papers in their order; papers go by their number.

        There are no spans where no evidence is wanted.
        """
        hits = self.spellings.automaton.find(fold_texts(papers))
        mentions = find_mentions(hits, self.spellings)
        named = name_aliases(mentions, self.spellings)
        shape = (papers.height, len(self.spellings.topics))
        # rounded, so that a last bit of difference between machines is none
        scores = combine_mentions(named, self.reliability.plain, shape).round(4)
        is_named = scores > 0
        is_assigned, vectors = scores >= LEAST_BY_MENTIONS, None
        columns, _ = self.labelled
        if len(columns):
            used = count_terms(hits, self.spellings, papers.height)
            vectors = weigh_terms(used, self._learned.idf).astype(np.float32)
            like = np.flatnonzero(self._is_like(vectors))
            if len(like):
                mentioned = combine_mentions(named, self.reliability.learned, shape)
                cells = np.ix_(like, columns)
                likely = self._join(mentioned[cells], vectors[like])
                scores[cells], is_assigned[cells] = likely, choose(likely)
        paper, topic = np.nonzero(is_assigned)
        pairs = Pairs(paper, topic, len(self.spellings.topics))
        by_name = is_named[pairs.paper, pairs.topic]
        topics = self._rank(pairs, scores[pairs.paper, pairs.topic], by_name, mentions)
        if not with_evidence:
            return topics, pl.DataFrame()
        spans = cite_mentions(mentions, pairs, self.spellings)
        if vectors is not None and not by_name.all():
            by_context = pairs.choose(np.flatnonzero(~by_name))
            terms = weigh_context(by_context, vectors, self.steps)
            spans = pl.concat([spans, cite_context(terms, hits, self.spellings)])
        return topics, spans

    def _join(self, mentioned: Floats, vectors: "csr_array") -> Floats:
        """Return by paper and labelled topic what mentions and terms say together."""
        in_model = self.labelled[1]
        context = np.asarray(vectors @ self.weights).astype(np.float64)
        # sparse, for each paper is then summed alike in whatever part it is
        context += type(vectors)(mentioned) @ self.by_mention
        context += self._learned.bias[in_model]
        return join_scores(mentioned, context, in_model, self._learned).round(4)

    def _name(self, topics: pl.DataFrame, papers: pl.DataFrame) -> pl.DataFrame:
        """Return topics with the names of papers and topics in place of their numbers."""
        names = pl.Series(self.spellings.topics, dtype=pl.String())
        method = pl.when("is_named").then(pl.lit("dictionary")).otherwise(pl.lit("context"))
        return topics.select(
            pl.lit(papers["paper_id"]).gather(pl.col("paper")).alias("paper_id"),
            pl.lit(names).gather(pl.col("topic")).alias("topic_id"),
            "score",
            method.alias("method"),
            "is_primary",
        )

    def _is_like(self, vectors: "csr_array") -> Flags:
        """Tell which papers are like the labelled ones; a text without context is not."""
        unlike = np.asarray(vectors @ self._learned.likeness).round(4)
        is_like: Flags = (np.diff(vectors.indptr) > 0) & (unlike <= self._learned.most_unlike)
        return is_like

    def _rank(
        self, pairs: Pairs, score: Floats, is_named: Flags, mentions: Mentions
    ) -> pl.DataFrame:
        """Return the topics of papers, one of each primary."""
        first = pairs.first_places(mentions, self.spellings)
        best = np.zeros(int(pairs.paper.max(initial=-1)) + 1)
        np.maximum.at(best, pairs.paper, score)
        is_far = score < _SHARE_TO_BE_PRIMARY * best[pairs.paper]
        is_general = self.is_general[pairs.topic]
        order = np.lexsort((pairs.topic, first, -score, is_general, is_far, pairs.paper))
        is_primary = np.zeros(len(score), dtype=bool)
        is_primary[order[np.flatnonzero(np.diff(pairs.paper[order], prepend=-1))]] = True
        return pl.DataFrame(
            {
                "paper": pairs.paper,
                "topic": pairs.topic,
                "score": score,
                "is_named": is_named,
                "is_primary": is_primary,
            }
        )


def _part(papers: pl.DataFrame) -> list[int]:
    """Return where the parts of papers begin, each bounded by papers and by the bytes of texts."""
    sizes = papers.select(pl.sum_horizontal(pl.col(*FIELDS).str.len_bytes())).to_series()
    begins, size = [0], 0
    for number, more in enumerate(sizes):
        is_full = number - begins[-1] >= _PAPERS_AT_ONCE or size + more > _BYTES_AT_ONCE
        if is_full and number > begins[-1]:
            begins.append(number)
            size = 0
        size += more
    return begins


def _number(found: pl.DataFrame, begin: int) -> pl.DataFrame:
    """Return topics or spans of a part with its papers numbered through."""
    return found.with_columns(pl.col("paper") + begin) if found.width else found
