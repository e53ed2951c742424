"""The probability of each topic of a paper, out of its mentions and the words around them.

Mentions are put together by noisy-OR: a topic is there unless each of its aliases misleads. The
context is the dot product of the paper's TF-IDF vector with learned weights. A logistic model joins
both; every number of a paper comes from its own text alone.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.sparse import csr_array

from transforms.topics.learned import UNLABELLED_RELIABILITY, Floats, Learned
from transforms.topics.mentions import Named, Spellings
from transforms.topics.search import Hits, Ints

TITLE_WEIGHT: Final = 2
"""A term in the title counts so many times."""
LEAST_TERMS: Final = 12
"""A text of fewer context terms, such as a title alone, has no context."""
_RANK_COMPARED: Final = 4
_LEAST_CONTEXT: Final = 0.1


@dataclass(frozen=True)
class Reliability:
    """For the spellings in use: by alias and level, how likely it speaks of the topic."""

    by_alias: Floats


def look_up_reliability(spellings: Spellings, learned: Learned) -> Reliability:
    """Return learned reliabilities; those of aliases and topics without labels are the groups'."""
    labelled = set(learned.topics)
    strength = dict(zip(spellings.alias.tolist(), spellings.strength.tolist(), strict=True))
    rows = [
        learned.alias_reliability.get(
            (topic, alias),
            (learned.group_reliability if topic in labelled else UNLABELLED_RELIABILITY)[
                strength[number]
            ],
        )
        for number, (topic, alias) in enumerate(spellings.aliases)
    ]
    return Reliability(np.array(rows, dtype=np.float64).reshape(-1, 5))


def combine_mentions(named: Named, reliability: Floats, shape: tuple[int, int]) -> Floats:
    """Return the noisy-OR of the aliases, by paper and topic."""
    misleading = np.zeros(shape)
    doubt = np.log1p(-reliability[named.alias, named.level])
    np.add.at(misleading, (named.paper, named.topic), doubt)
    return -np.expm1(misleading)


def count_terms(hits: Hits, spellings: Spellings, papers: int) -> csr_array:
    """Return how often papers use each context term, titles twice."""
    terms = spellings.term_of_pattern[hits.pattern]
    is_term = terms >= 0
    text = hits.text[is_term]
    counts = np.where(text % 2 == 0, TITLE_WEIGHT, 1).astype(np.float64)
    shape = (papers, len(spellings.terms))
    used = csr_array((counts, (text // 2, terms[is_term])), shape=shape)
    used.sum_duplicates()
    return _leave_out_short(used)


def _leave_out_short(used: csr_array) -> csr_array:
    terms = np.diff(used.indptr)
    kept = np.repeat(terms >= LEAST_TERMS, terms)
    begins = np.concatenate([[0], np.cumsum(np.where(terms >= LEAST_TERMS, terms, 0))])
    return csr_array((used.data[kept], used.indices[kept], begins), shape=used.shape)


def weigh_terms(used: csr_array, idf: Floats) -> csr_array:
    """Return TF-IDF vectors of length 1: (1 + ln tf) idf."""
    data = (1 + np.log(used.data)) * idf[used.indices]
    rows = np.repeat(np.arange(used.shape[0]), np.diff(used.indptr))
    squares = np.bincount(rows, weights=data * data, minlength=used.shape[0])
    lengths = np.sqrt(np.maximum(squares, 1e-12))
    return csr_array((data / lengths[rows], used.indices, used.indptr), shape=used.shape)


def logit(shares: Floats) -> Floats:
    """Return log odds, of shares kept off 0 and 1."""
    kept = np.clip(shares, 1e-3, 0.995)
    return np.asarray(np.log(kept / (1 - kept)))


def features_of(mentioned: Floats, context: Floats, prior: Floats) -> Floats:
    """Return by paper, labelled topic and feature what the logistic model reads.

    ``mentioned`` and ``context`` are by paper and labelled topic.
    """
    shape = mentioned.shape
    is_named = (mentioned > 0).astype(np.float64)
    log_context = np.log(np.maximum(context, _LEAST_CONTEXT))
    ranked = np.sort(context, axis=1)
    highest = ranked[:, -1:]
    compared = ranked[:, -min(_RANK_COMPARED, shape[1])][:, None]
    best_named = logit(mentioned.max(axis=1, keepdims=True))
    columns = [
        logit(mentioned),
        is_named,
        np.log(prior),
        context,
        log_context,
        is_named * context,
        is_named * log_context,
        context - highest,
        context - compared,
        highest,
        best_named,
    ]
    return np.stack([np.broadcast_to(column, shape) for column in columns], axis=-1)


def join_scores(
    mentioned: Floats, context: Floats, learned_topics: Ints, learned: Learned
) -> Floats:
    """Return the probability of the labelled topics ``learned_topics`` (numbers in the model)."""
    features = features_of(mentioned, context, learned.prior[learned_topics])
    log_odds = learned.coefficients[0] + np.einsum("ptf,f->pt", features, learned.coefficients[1:])
    return np.asarray(1 / (1 + np.exp(-log_odds)))
