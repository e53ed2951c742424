"""How the model is learned from papers with labels; `flows.admin.learn_topics` is the command.

Reliability: expectation maximisation of a noisy-OR, each alias shrunk towards its topic and that
towards all aliases of its strength and level. Context: log-odds ratios with an informative
Dirichlet prior (Monroe et al. 2008, eq. 16 and 22) and ridge regression, added. The logistic model
sees both as they are for papers not learned from. No randomness: folds go by position.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_array

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

Labels = NDArray[np.bool_]

ROUNDS: Final = 25
ALIAS_SHRINKAGE: Final = 0.5
TOPIC_SHRINKAGE: Final = 2.0
LEAST_PAPERS_OF_TERM: Final = 4
LARGEST_SHARE_OF_WORD: Final = 0.35
TERMS: Final = 12_000
DIRICHLET_PAPERS: Final = 300.0
AGAINST_SHARE: Final = 0.3
RIDGE: Final = 1.0
RIDGE_UNIT, LOG_ODDS_UNIT, LOG_ODDS_WEIGHT = 0.05, 0.03, 2.0
FOLDS: Final = 5
PENALTY: Final = 0.1


def learn(papers: pl.DataFrame, labels: Sequence[Sequence[str]], taxonomy: Taxonomy) -> Learned:
    """Return the model of papers (`title`, `abstract`) and the topics that label each.

    Raises:
        ValueError: a label is no topic of the taxonomy.
    """
    topics = sorted({topic for given in labels for topic in given})
    if unknown := [topic for topic in topics if topic not in taxonomy.assigned]:
        raise ValueError(f"labels name {unknown[0]!r}, which is no topic of the taxonomy")
    texts = _texts_of(papers)
    terms = list_terms(texts)
    spellings = list_spellings(taxonomy, terms)
    hits = spellings.automaton.find(texts)
    named = name_aliases(find_mentions(hits, spellings), spellings)
    used = count_terms(hits, spellings, papers.height)
    column = np.array([spellings.topics.index(topic) for topic in topics], dtype=np.int64)
    is_labelled = np.array([[topic in given for topic in topics] for given in labels], dtype=bool)
    everything = np.arange(papers.height)
    mentioned, context = np.zeros(is_labelled.shape), np.zeros(is_labelled.shape)
    for fold in range(FOLDS):
        apart = everything % FOLDS == fold
        part = _learn_part(everything[~apart], is_labelled, named, used, spellings, column)
        mentioned[apart], context[apart] = _apply(part, named, used, everything[apart], spellings)
    whole = _learn_part(everything, is_labelled, named, used, spellings, column)
    features = np.stack(features_of(mentioned, context, whole.prior), axis=-1)
    coefficients = fit_logistic(features.reshape(-1, features.shape[-1]), is_labelled.ravel())
    kept = np.flatnonzero(whole.idf > 0)
    return replace(
        whole,
        coefficients=coefficients,
        terms=[terms[term] for term in kept],
        idf=whole.idf[kept],
        weights=whole.weights[kept],
    )


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


def _learn_part(
    papers: Ints,
    is_labelled: Labels,
    named: Named,
    used: csr_array,
    spellings: Spellings,
    column: Ints,
) -> Learned:
    """Return the model of some of the papers, all but the coefficients."""
    topics = [spellings.topics[number] for number in column]
    group, by_alias = learn_reliability(papers, is_labelled, named, spellings, column)
    wanted = is_labelled[papers]
    chosen, odds = weigh_by_log_odds(used[papers], wanted)
    idf = np.zeros(used.shape[1])
    with_term = np.bincount(used[papers].indices, minlength=used.shape[1])
    idf[chosen] = np.log((1 + len(papers)) / (1 + with_term[chosen])) + 1
    vectors = weigh_terms(used[papers][:, chosen], idf[chosen])
    ridge, mean = fit_ridge(vectors, wanted.astype(np.float64))
    weights = np.zeros((used.shape[1], len(topics)))
    share = 1 / (1 + LOG_ODDS_WEIGHT)
    weights[chosen] = share * (ridge / RIDGE_UNIT + LOG_ODDS_WEIGHT * odds / LOG_ODDS_UNIT)
    labelled = set(topics)
    return Learned(
        version="",
        topics=topics,
        group_reliability=group,
        alias_reliability={
            key: by_alias[n] for n, key in enumerate(spellings.aliases) if key[0] in labelled
        },
        terms=spellings.terms,
        idf=idf,
        weights=weights,
        bias=share * mean / RIDGE_UNIT,
        prior=(wanted.sum(axis=0) + 0.5) / (len(papers) + 1),
        coefficients=np.zeros(0),
    )


def _apply(
    part: Learned, named: Named, used: csr_array, papers: Ints, spellings: Spellings
) -> tuple[Floats, Floats]:
    """Return noisy-OR and context of some papers, by the labelled topics of a model."""
    rows = np.array(
        [part.alias_reliability.get(key, np.zeros(len(LEVELS))) for key in spellings.aliases]
    )
    shape = (used.shape[0], len(spellings.topics))
    column = [spellings.topics.index(topic) for topic in part.topics]
    mentioned = combine_mentions(named, rows, shape)[papers][:, column]
    chosen = np.flatnonzero(part.idf > 0)
    vectors = weigh_terms(used[papers][:, chosen], part.idf[chosen])
    return mentioned, np.asarray(vectors @ part.weights[chosen]) + part.bias


def learn_reliability(
    papers: Ints, is_labelled: Labels, named: Named, spellings: Spellings, column: Ints
) -> tuple[Floats, Floats]:
    """Return reliabilities by strength and level, and by alias and level."""
    place = np.full(len(spellings.topics), -1)
    place[column] = np.arange(len(column))
    rows = np.isin(named.paper, papers) & (place[named.topic] >= 0)
    topic, alias = named.topic[rows], named.alias[rows]
    strength, level = named.strength[rows], named.level[rows]
    is_right = is_labelled[named.paper[rows], place[topic]]
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


def weigh_by_log_odds(used: csr_array, wanted: Labels) -> tuple[Ints, Floats]:
    """Return the terms that tell topics apart best, and the z-scores of their log-odds ratios.

    Per topic the scores have length 1; those that speak against it are lessened.
    """
    damped = csr_array((1 + np.log(used.data), used.indices, used.indptr), shape=used.shape)
    total = np.asarray(damped.sum(axis=0)).ravel() + 0.01
    prior = DIRICHLET_PAPERS * total / total.sum()
    inside = damped.T @ wanted.astype(np.float64) + prior[:, None]
    outside = total[:, None] - inside + 2 * prior[:, None]
    odds = np.log(inside / (inside.sum(axis=0) - inside))
    odds -= np.log(outside / (outside.sum(axis=0) - outside))
    scores = odds / np.sqrt(1 / inside + 1 / outside)
    best = scores.max(axis=1)
    chosen = np.sort(np.argsort(-best, kind="stable")[:TERMS])
    kept = np.where(scores < 0, AGAINST_SHARE * scores, scores)[chosen]
    return chosen, kept / np.linalg.norm(kept, axis=0)


def fit_ridge(vectors: csr_array, wanted: Floats) -> tuple[Floats, Floats]:
    """Return weights by term and topic, and the mean of each topic, by the kernel of the papers."""
    mean = wanted.mean(axis=0)
    kernel = (vectors @ vectors.T).toarray()
    kernel[np.diag_indices_from(kernel)] += RIDGE
    return np.asarray(vectors.T @ np.linalg.solve(kernel, wanted - mean)), np.asarray(mean)


def fit_logistic(features: Floats, is_right: NDArray[np.bool_]) -> Floats:
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
