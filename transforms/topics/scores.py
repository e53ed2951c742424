"""The probability of each topic of a paper, out of its mentions and the words around them.

Mentions are put together by noisy-OR: a topic is there unless each of its aliases misleads. The
context is the dot product of the paper's TF-IDF vector with learned weights. A logistic model joins
both, for papers like those that were labelled; others have the mentions alone. Every number of a
paper comes from its own text alone.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from transforms.topics.learned import PLAIN_RELIABILITY, Floats, Learned
from transforms.topics.lookup import Ints
from transforms.topics.mentions import LEVELS, Named, Spellings
from transforms.topics.search import Hits

if TYPE_CHECKING:
    from scipy.sparse import csr_array

TITLE_WEIGHT: Final = 2
"""A term in the title counts so many times."""
LEAST_TERMS: Final = 12
"""A text of fewer context terms, such as a title alone, has no context."""
_RANK_COMPARED: Final = 4
_LEAST_CONTEXT: Final = 0.1


@dataclass(frozen=True)
class Reliability:
    """For the spellings in use: by alias and level, how likely it speaks of the topic."""

    learned: Floats
    """From labels; `PLAIN_RELIABILITY` for topics that no label tells of."""
    plain: Floats
    """`PLAIN_RELIABILITY` for all."""


def look_up_reliability(spellings: Spellings, learned: Learned) -> Reliability:
    """Return learned reliabilities; those of aliases without labels are their group's."""
    labelled = set(learned.topics)
    strength = dict(zip(spellings.alias.tolist(), spellings.strength.tolist(), strict=True))
    plain = [PLAIN_RELIABILITY[strength[number]] for number in range(len(spellings.aliases))]
    rows = [
        learned.alias_reliability.get((topic, alias), learned.group_reliability[strength[number]])
        if topic in labelled
        else plain[number]
        for number, (topic, alias) in enumerate(spellings.aliases)
    ]
    levels = len(LEVELS)
    return Reliability(
        np.array(rows, dtype=np.float64).reshape(-1, levels),
        np.array(plain, dtype=np.float64).reshape(-1, levels),
    )


def combine_mentions(named: Named, reliability: Floats, shape: tuple[int, int]) -> Floats:
    """Return the noisy-OR of the aliases, by paper and topic."""
    doubt = np.log1p(-reliability)[named.alias, named.level]
    cell = named.paper * shape[1] + named.topic
    return -np.expm1(np.bincount(cell, weights=doubt, minlength=shape[0] * shape[1])).reshape(shape)


def count_terms(hits: Hits, spellings: Spellings, papers: int) -> "csr_array":
    """Return how often papers use each context term, titles twice."""
    # takes longer to load than all else here, and many commands assign no topic
    from scipy.sparse import csr_array

    terms = spellings.term_of_pattern[hits.pattern]
    rows = np.flatnonzero(terms >= 0)
    text = hits.text[rows]
    # shifts and masks, for remainders take longer than the rest
    cells = np.sort(((text >> 1) * len(spellings.terms) + terms[rows]) << 1 | text & 1)
    begins = np.flatnonzero(np.diff(cells >> 1, prepend=-1))
    counts = np.add.reduceat(TITLE_WEIGHT - (TITLE_WEIGHT - 1.0) * (cells & 1), begins)
    cell = cells[begins] >> 1
    paper = cell // len(spellings.terms)
    term = cell - paper * len(spellings.terms)
    per_paper = np.bincount(paper, minlength=papers)
    kept = (per_paper >= LEAST_TERMS)[paper]
    ends = np.cumsum(np.where(per_paper >= LEAST_TERMS, per_paper, 0))
    shape = (papers, len(spellings.terms))
    return csr_array((counts[kept], term[kept], np.concatenate([[0], ends])), shape=shape)


def weigh_terms(used: "csr_array", idf: Floats) -> "csr_array":
    """Return TF-IDF vectors of length 1: (1 + ln tf) idf."""
    data = (1 + np.log(used.data)) * idf[used.indices]
    rows = np.repeat(np.arange(used.shape[0]), np.diff(used.indptr))
    squares = np.bincount(rows, weights=data * data, minlength=used.shape[0])
    lengths = np.sqrt(np.maximum(squares, 1e-12))
    return type(used)((data / lengths[rows], used.indices, used.indptr), shape=used.shape)


def logit(shares: Floats) -> Floats:
    """Return log odds, of shares kept off 0 and 1."""
    kept = np.clip(shares, 1e-3, 0.995)
    return np.asarray(np.log(kept / (1 - kept)))


def features_of(mentioned: Floats, context: Floats, prior: Floats) -> list[Floats]:
    """Return what the logistic model reads, an array by paper and labelled topic for each feature.

    ``mentioned`` and ``context`` are by paper and labelled topic.
    """
    is_named = mentioned > 0
    log_context = np.log(np.maximum(context, _LEAST_CONTEXT))
    compared = min(_RANK_COMPARED, context.shape[1])
    ranked = np.partition(context, (-compared, -1), axis=1)
    highest = ranked[:, -1:]
    columns = [
        logit(mentioned),
        is_named,
        np.log(prior),
        context,
        log_context,
        is_named * context,
        is_named * log_context,
        context - highest,
        context - ranked[:, -compared, None],
        highest,
        logit(mentioned.max(axis=1, keepdims=True)),
    ]
    return [np.broadcast_to(column, mentioned.shape) for column in columns]


def join_scores(
    mentioned: Floats, context: Floats, learned_topics: Ints, learned: Learned
) -> Floats:
    """Return the probability of the labelled topics ``learned_topics`` (numbers in the model)."""
    log_odds = np.full(mentioned.shape, learned.coefficients[0])
    features = features_of(mentioned, context, learned.prior[learned_topics])
    for feature, coefficient in zip(features, learned.coefficients[1:], strict=True):
        log_odds += coefficient * feature
    return np.asarray(1 / (1 + np.exp(-log_odds)))
