"""How the model is learned from papers with labels; `flows.admin.learn_topics` is the command.

Reliability: expectation maximisation of a noisy-OR, each alias shrunk towards its topic and that
towards all aliases of its strength and level. Context: log-odds ratios with an informative
Dirichlet prior (Monroe et al. 2008, eq. 16 and 22) and ridge regression, added; the regression also
sees which other topics the spellings name. The logistic model sees all as it is for papers not
learned from. No randomness: folds go by position.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack, vstack

from transforms.taxonomy import Taxonomy, fold_spelling
from transforms.topics.learned import Floats, Learned
from transforms.topics.lookup import Ints
from transforms.topics.mentions import (
    LEVELS,
    STRENGTHS,
    Named,
    Spellings,
    find_mentions,
    list_spellings,
    name_aliases,
)
from transforms.topics.scores import (
    combine_mentions,
    count_terms,
    features_of,
    weigh_terms,
)
from transforms.topics.search import LONGEST_WORD, list_words

Flags = NDArray[np.bool_]

ROUNDS: Final = 25
ALIAS_SHRINKAGE: Final = 0.5
TOPIC_SHRINKAGE: Final = 2.0
LEAST_PAPERS_OF_TERM: Final = 4
LARGEST_SHARE_OF_WORD: Final = 0.35
TERMS: Final = 7_000
DIRICHLET_PAPERS: Final = 300.0
AGAINST_SHARE: Final = 0.3
RIDGE: Final = 1.0
RIDGE_UNIT, LOG_ODDS_UNIT, LOG_ODDS_WEIGHT = 0.05, 0.03, 2.0
FOLDS: Final = 5
PAPERS_OF_LIKENESS: Final = 1_500
SHARE_THAT_IS_LIKE: Final = 0.97
PENALTY: Final = 0.1


@dataclass(frozen=True)
class Labels:
    """What labels say of papers, by paper and labelled topic."""

    topics: list[str]
    """Sorted."""
    is_labelled: Flags
    is_known: Flags
    """Whether the source of the paper labels any paper with the topic: else it says nothing."""

    def choose(self, papers: Ints) -> "Labels":
        """Return what is said of some papers."""
        return Labels(self.topics, self.is_labelled[papers], self.is_known[papers])

    @property
    def groups(self) -> list[tuple[Ints, Ints]]:
        """Topics that the same papers tell of, and the rows of these papers."""
        patterns, group = np.unique(self.is_known, axis=1, return_inverse=True)
        return [
            (np.flatnonzero(group.ravel() == n), np.flatnonzero(patterns[:, n]))
            for n in range(patterns.shape[1])
        ]

    @property
    def prior(self) -> Floats:
        """By topic its share of the papers that tell of it, half a paper added to each count."""
        counts = (self.is_labelled & self.is_known).sum(axis=0)
        return np.asarray((counts + 0.5) / (self.is_known.sum(axis=0) + 1))


def read_labels(labels: Sequence[Sequence[str]], sources: Sequence[int] | None = None) -> Labels:
    """Return what labels say of papers; ``sources`` are by paper, one for all where not given."""
    topics = sorted({topic for given in labels for topic in given})
    is_labelled = np.array([[topic in given for topic in topics] for given in labels], dtype=bool)
    source = np.zeros(len(labels), dtype=np.int64) if sources is None else np.array(sources)
    is_known = np.zeros_like(is_labelled)
    for one in np.unique(source).tolist():
        rows = source == one
        is_known[rows] = is_labelled[rows].any(axis=0)
    return Labels(topics, is_labelled, is_known)


def learn(
    papers: pl.DataFrame,
    labels: Sequence[Sequence[str]],
    taxonomy: Taxonomy,
    sources: Sequence[int] | None = None,
    others: pl.DataFrame | None = None,
) -> Learned:
    """Return the model of papers (`title`, `abstract`) and the topics that label each.

    ``sources`` tells by paper who labelled it: a source that never uses a label says nothing of it.
    ``others`` are papers without labels, of the kind that is assigned later, to learn which papers
    are unlike the labelled ones; without them all papers are like them.

    Raises:
        ValueError: a label is no topic of the taxonomy.
    """
    said = read_labels(labels, sources)
    if unknown := [topic for topic in said.topics if topic not in taxonomy.assigned]:
        raise ValueError(f"labels name {unknown[0]!r}, which is no topic of the taxonomy")
    texts = _texts_of(papers)
    terms = list_terms(texts)
    spellings = list_spellings(taxonomy, terms)
    hits = spellings.automaton.find(texts)
    found = _Found(
        name_aliases(find_mentions(hits, spellings), spellings),
        count_terms(hits, spellings, papers.height),
        spellings,
        np.array([spellings.topics.index(topic) for topic in said.topics], dtype=np.int64),
    )
    everything = np.arange(papers.height)
    mentioned, context = np.zeros(said.is_labelled.shape), np.zeros(said.is_labelled.shape)
    for fold in range(FOLDS):
        apart = everything % FOLDS == fold
        part = _learn_part(everything[~apart], said, found)
        mentioned[apart], context[apart] = _apply(part, everything[apart], found)
    whole = _learn_part(everything, said, found)
    features = np.stack(features_of(mentioned, context, whole.prior), axis=-1)
    coefficients = fit_logistic(features[said.is_known], said.is_labelled[said.is_known])
    kept = np.flatnonzero(whole.idf > 0)
    likeness, most_unlike = np.zeros(len(terms)), np.inf
    if others is not None:
        used = count_terms(spellings.automaton.find(_texts_of(others)), spellings, others.height)
        likeness[kept], most_unlike = learn_likeness(
            weigh_terms(csr_array(found.used[:, kept]), whole.idf[kept]),
            weigh_terms(csr_array(used[:, kept]), whole.idf[kept]),
        )
    return replace(
        whole,
        likeness=likeness[kept],
        most_unlike=most_unlike,
        coefficients=coefficients,
        terms=[terms[term] for term in kept],
        idf=whole.idf[kept],
        weights=whole.weights[kept],
    )


@dataclass(frozen=True)
class _Found:
    """What was found in all papers; ``column`` is by labelled topic its number."""

    named: Named
    used: csr_array
    spellings: Spellings
    column: Ints

    def mentioned(self, by_alias: Floats) -> Floats:
        """Return the noisy-OR by paper and labelled topic."""
        shape = (self.used.shape[0], len(self.spellings.topics))
        return combine_mentions(self.named, by_alias, shape)[:, self.column]


def _texts_of(papers: pl.DataFrame) -> list[str]:
    """Return folded texts: title, abstract, title, abstract ..."""
    pairs = papers.select(pl.concat_list(pl.col("title", "abstract").fill_null("")).alias("text"))
    return fold_spelling(pairs["text"].explode()).to_list()


def list_terms(texts: Sequence[str]) -> list[str]:
    """Return words and pairs of neighbours that enough texts use, sorted."""
    papers_with: Counter[str] = Counter()
    pairs = zip(texts[::2], texts[1::2], strict=True)
    joined = [f"{title}\x00{abstract}".lower() for title, abstract in pairs]
    for one in list_words(joined):
        words = [word if word.isalnum() and len(word) <= LONGEST_WORD else "" for word in one]
        found = {word for word in words if len(word) > 1}
        found |= {f"{a} {b}" for a, b in pairwise(words) if a and b}
        papers_with.update(found)
    most = LARGEST_SHARE_OF_WORD * len(texts) / 2
    common = {term for term, count in papers_with.items() if " " not in term and count > most}
    return sorted(
        term
        for term, count in papers_with.items()
        if count >= LEAST_PAPERS_OF_TERM and not common & set(term.split())
    )


def _learn_part(papers: Ints, said: Labels, found: _Found) -> Learned:
    """Return the model of some of the papers, all but the coefficients."""
    own, used, topics = said.choose(papers), found.used[papers], said.topics
    group, by_alias = learn_reliability(papers, said, found)
    mentioned = found.mentioned(by_alias)[papers]
    with_term = np.bincount(used.indices, minlength=used.shape[1])
    idf = np.log((1 + len(papers)) / (1 + with_term)) + 1
    weights = np.zeros((used.shape[1], len(topics)))
    by_mention, mean = np.zeros((len(topics), len(topics))), np.zeros(len(topics))
    scores = np.zeros_like(weights)
    for columns, rows in own.groups:
        wanted = own.is_labelled[rows][:, columns]
        scores[:, columns] = weigh_by_log_odds(used[rows], wanted)
        mean[columns] = wanted.mean(axis=0)
    chosen = choose_terms(scores)
    vectors = weigh_terms(csr_array(used[:, chosen]), idf[chosen])
    both = csr_array(hstack([vectors, csr_array(mentioned)]))
    share = 1 / (1 + LOG_ODDS_WEIGHT)
    for columns, rows in own.groups:
        ridge = fit_ridge(both[rows], own.is_labelled[rows][:, columns] - mean[columns])
        weights[np.ix_(chosen, columns)] = share * ridge[: len(chosen)] / RIDGE_UNIT
        by_mention[:, columns] = share * ridge[len(chosen) :] / RIDGE_UNIT
    odds = scores[chosen] / np.maximum(np.linalg.norm(scores[chosen], axis=0), 1e-12)
    weights[chosen] += (1 - share) * odds / LOG_ODDS_UNIT
    labelled = set(topics)
    return Learned(
        version="",
        topics=topics,
        group_reliability=group,
        alias_reliability={
            key: by_alias[n] for n, key in enumerate(found.spellings.aliases) if key[0] in labelled
        },
        terms=found.spellings.terms,
        idf=np.where(np.isin(np.arange(len(idf)), chosen), idf, 0),
        weights=weights,
        by_mention=by_mention,
        bias=share * mean / RIDGE_UNIT,
        likeness=np.zeros(0),
        most_unlike=np.inf,
        prior=own.prior,
        coefficients=np.zeros(0),
    )


def _apply(part: Learned, papers: Ints, found: _Found) -> tuple[Floats, Floats]:
    """Return noisy-OR and context of some papers, by the labelled topics of a model."""
    none = np.zeros(len(LEVELS))
    rows = np.array([part.alias_reliability.get(key, none) for key in found.spellings.aliases])
    mentioned = found.mentioned(rows)[papers]
    chosen = np.flatnonzero(part.idf > 0)
    vectors = weigh_terms(csr_array(found.used[papers][:, chosen]), part.idf[chosen])
    context = np.asarray(vectors @ part.weights[chosen]) + mentioned @ part.by_mention
    return mentioned, context + part.bias


def learn_likeness(labelled: csr_array, others: csr_array) -> tuple[Floats, float]:
    """Return by term how much it tells of others, and the sum that few labelled papers exceed.

    Every so many papers are learned from; the bound is that of labelled papers that are not.
    """
    parts = [
        np.arange(one.shape[0]) % max(2, one.shape[0] // PAPERS_OF_LIKENESS) == 0
        for one in (labelled, others)
    ]
    vectors = csr_array(vstack([labelled[parts[0]], others[parts[1]]]))
    is_other = np.repeat([-0.5, 0.5], [parts[0].sum(), parts[1].sum()])[:, None]
    weights = fit_ridge(vectors, is_other)[:, 0]
    return weights, float(np.quantile(labelled[~parts[0]] @ weights, SHARE_THAT_IS_LIKE))


def learn_reliability(papers: Ints, said: Labels, found: _Found) -> tuple[Floats, Floats]:
    """Return reliabilities by strength and level, and by alias and level."""
    named, spellings = found.named, found.spellings
    place = np.full(len(spellings.topics), -1)
    place[found.column] = np.arange(len(found.column))
    is_used = np.isin(named.paper, papers) & (place[named.topic] >= 0)
    rows = np.flatnonzero(is_used & said.is_known[named.paper, place[named.topic]])
    topic, alias = named.topic[rows], named.alias[rows]
    strength, level = named.strength[rows], named.level[rows]
    is_right = said.is_labelled[named.paper[rows], place[topic]]
    _, pair = np.unique(named.paper[rows] * len(spellings.topics) + topic, return_inverse=True)
    topic_of, strength_of = _by_alias(spellings)
    by_alias = np.full((len(spellings.aliases), len(LEVELS)), 0.3)
    group = np.zeros((len(STRENGTHS), len(LEVELS)))
    for _ in range(ROUNDS):
        own = by_alias[alias, level]
        present = -np.expm1(np.bincount(pair, weights=np.log1p(-own)))
        credit = np.where(is_right, own / present[pair] if len(pair) else own, 0.0)
        right, seen = np.zeros_like(group), np.zeros_like(group)
        np.add.at(right, (strength, level), credit)
        np.add.at(seen, (strength, level), 1)
        group = (right + 0.5) / (seen + 2)
        expected = group[strength, level]
        of_topic = _ratio(topic, credit, expected, len(spellings.topics), TOPIC_SHRINKAGE)
        expected = np.clip(expected * of_topic[topic], 0, 0.97)
        of_alias = _ratio(alias, credit, expected, len(spellings.aliases), ALIAS_SHRINKAGE)
        factor = of_topic[topic_of] * of_alias
        by_alias = np.clip(group[strength_of] * factor[:, None], 0.002, 0.97)
    return group, by_alias


def _by_alias(spellings: Spellings) -> tuple[Ints, Ints]:
    topic = np.zeros(len(spellings.aliases), dtype=np.int64)
    strength = np.zeros(len(spellings.aliases), dtype=np.int64)
    topic[spellings.alias], strength[spellings.alias] = spellings.topic, spellings.strength
    return topic, strength


def _ratio(key: Ints, credit: Floats, expected: Floats, size: int, shrinkage: float) -> Floats:
    """Return credit over expectation per key, shrunk towards 1."""
    got = np.bincount(key, weights=credit, minlength=size)
    due = np.bincount(key, weights=expected, minlength=size)
    return np.asarray((got + shrinkage) / (due + shrinkage))


def weigh_by_log_odds(used: csr_array, wanted: Flags) -> Floats:
    """Return the z-scores of the log-odds ratios of terms, by term and topic.

    Those that speak against a topic are lessened.
    """
    damped = csr_array((1 + np.log(used.data), used.indices, used.indptr), shape=used.shape)
    total = np.asarray(damped.sum(axis=0)).ravel() + 0.01
    prior = DIRICHLET_PAPERS * total / total.sum()
    inside = damped.T @ wanted.astype(np.float64) + prior[:, None]
    outside = total[:, None] - inside + 2 * prior[:, None]
    odds = np.log(inside / (inside.sum(axis=0) - inside))
    odds -= np.log(outside / (outside.sum(axis=0) - outside))
    scores = odds / np.sqrt(1 / inside + 1 / outside)
    return np.asarray(np.where(scores < 0, AGAINST_SHARE * scores, scores))


def choose_terms(scores: Floats) -> Ints:
    """Return the terms that tell topics apart best, sorted."""
    return np.sort(np.argsort(-scores.max(axis=1), kind="stable")[:TERMS])


def fit_ridge(vectors: csr_array, wanted: Floats) -> Floats:
    """Return weights by column and topic, by the kernel of the papers."""
    kernel = (vectors @ vectors.T).toarray()
    kernel[np.diag_indices_from(kernel)] += RIDGE
    return np.asarray(vectors.T @ np.linalg.solve(kernel, wanted))


def fit_logistic(features: Floats, is_right: Flags) -> Floats:
    """Return intercept and coefficients, by Newton's method with a small quadratic penalty."""
    rows = np.hstack([np.ones((len(features), 1)), features])
    penalty = np.full(rows.shape[1], PENALTY)
    penalty[0] = 0
    found = np.zeros(rows.shape[1])
    for _ in range(ROUNDS):
        share = 1 / (1 + np.exp(-np.clip(rows @ found, -30, 30)))
        slope = rows.T @ (is_right - share) - penalty * found
        curve = (rows * (share * (1 - share))[:, None]).T @ rows + np.diag(penalty + 1e-9)
        found = found + np.linalg.solve(curve, slope)
    return found
