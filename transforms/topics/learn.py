"""How the model is learned from papers with labels; `flows.admin.learn_topics` is the command.

Reliability: expectation maximisation of a noisy-OR, each alias shrunk towards its topic and that
towards all aliases of its strength and level. Context: log-odds ratios with an informative
Dirichlet prior (Monroe et al. 2008, eq. 16 and 22) and ridge regression, added; to the ratios those
weights are added that the words typical of a topic have before any label is read; the regression
also sees which other topics the spellings name, and how typical the words are of each. The logistic
model sees all as it is for papers not learned from. No randomness: folds go by position.

labels       what labels say of papers
typical      words that are typical of topics, whatever the labels say
reliability  of aliases
fitting      regressions and log-odds ratios
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

import numpy as np
import polars as pl
from scipy.sparse import csr_array, hstack, vstack

from transforms.taxonomy import Taxonomy
from transforms.topics.fitting import choose_terms, fit_logistic, fit_ridge, weigh_by_log_odds
from transforms.topics.folding import fold_texts
from transforms.topics.labels import Labels, read_labels
from transforms.topics.learned import Floats, Learned
from transforms.topics.lookup import Ints
from transforms.topics.mentions import (
    LEVELS,
    Named,
    Spellings,
    find_mentions,
    list_spellings,
    name_aliases,
)
from transforms.topics.reliability import learn_reliability
from transforms.topics.scores import (
    combine_mentions,
    count_terms,
    features_of,
    weigh_terms,
)
from transforms.topics.search import LONGEST_WORD, list_words
from transforms.topics.typical import scale_to_length_1, typical_words, weigh_typical

LEAST_PAPERS_OF_TERM: Final = 4
LARGEST_SHARE_OF_WORD: Final = 0.35
RIDGE_UNIT, LOG_ODDS_UNIT, LOG_ODDS_WEIGHT = 0.05, 0.03, 1.5
TYPICAL_WEIGHT: Final = 0.6
"""Of typical words, where what the labels say of all words weighs 1."""
TYPICAL_UNIT: Final = 0.5
"""How typical a text must be of a topic to count for the regression as much as a sure mention."""
FOLDS: Final = 5
PAPERS_OF_LIKENESS: Final = 1_500
SHARE_THAT_IS_LIKE: Final = 0.97


def learn(
    papers: pl.DataFrame,
    labels: Sequence[Sequence[str]],
    taxonomy: Taxonomy,
    sources: Sequence[int] | None = None,
    others: pl.DataFrame | None = None,
    typical: Mapping[str, frozenset[str]] | None = None,
) -> Learned:
    """Return the model of papers (`title`, `abstract`) and the topics that label each.

    ``sources`` tells by paper who labelled it: a source that never uses a label says nothing of it.
    ``others`` are papers without labels, of the kind that is assigned later, to learn which papers
    are unlike the labelled ones; without them all papers are like them. ``typical`` are words by
    topic, those of the package where they are not given.

    Raises:
        ValueError: a label is no topic of the taxonomy.
    """
    said = read_labels(labels, sources)
    if unknown := [topic for topic in said.topics if topic not in taxonomy.assigned]:
        raise ValueError(f"labels name {unknown[0]!r}, which is no topic of the taxonomy")
    found = _find(papers, said, taxonomy, typical_words() if typical is None else typical)
    mentioned, context = _apply_to_others(said, found)
    whole = _learn_part(np.arange(papers.height), said, found)
    features = np.stack(features_of(mentioned, context, whole.prior), axis=-1)
    coefficients = fit_logistic(features[said.is_known], said.is_labelled[said.is_known])
    kept = np.flatnonzero(whole.idf > 0)
    likeness, most_unlike = _tell_unlike(others, found, kept, whole.idf[kept])
    return replace(
        whole,
        likeness=likeness,
        most_unlike=most_unlike,
        coefficients=coefficients,
        terms=[found.spellings.terms[term] for term in kept],
        idf=whole.idf[kept],
        weights=whole.weights[kept],
    )


@dataclass(frozen=True)
class _Found:
    """What was found in all papers; ``column`` is by labelled topic its number.

    ``typical`` is by context term and labelled topic.
    """

    named: Named
    used: csr_array
    spellings: Spellings
    column: Ints
    typical: Floats

    def mentioned(self, by_alias: Floats) -> Floats:
        """Return the noisy-OR by paper and labelled topic."""
        shape = (self.used.shape[0], len(self.spellings.topics))
        return combine_mentions(self.named, by_alias, shape)[:, self.column]


def _find(
    papers: pl.DataFrame,
    said: Labels,
    taxonomy: Taxonomy,
    typical: Mapping[str, frozenset[str]],
) -> _Found:
    texts = fold_texts(papers)
    spellings = list_spellings(taxonomy, list_terms(texts))
    hits = spellings.automaton.find(texts)
    return _Found(
        name_aliases(find_mentions(hits, spellings), spellings),
        count_terms(hits, spellings, papers.height),
        spellings,
        np.array([spellings.topics.index(topic) for topic in said.topics], dtype=np.int64),
        weigh_typical(spellings.terms, said.topics, typical),
    )


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
    group, by_alias = learn_reliability(papers, said, found.named, found.spellings, found.column)
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
    scores = scale_to_length_1(scores) + TYPICAL_WEIGHT * found.typical
    chosen = choose_terms(scores)
    vectors = weigh_terms(csr_array(used[:, chosen]), idf[chosen])
    typical = found.typical[chosen] / TYPICAL_UNIT
    seen = csr_array(hstack([vectors, csr_array(mentioned), csr_array(vectors @ typical)]))
    share = 1 / (1 + LOG_ODDS_WEIGHT)
    ends = [len(chosen), len(chosen) + len(topics)]
    for columns, rows in own.groups:
        ridge = fit_ridge(seen[rows], own.is_labelled[rows][:, columns] - mean[columns])
        by_term, by_topic, by_typical = np.split(ridge, ends)
        by_word = by_term + typical @ by_typical
        weights[np.ix_(chosen, columns)] = share * by_word / RIDGE_UNIT
        by_mention[:, columns] = share * by_topic / RIDGE_UNIT
    odds = scale_to_length_1(scores[chosen])
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


def _apply_to_others(said: Labels, found: _Found) -> tuple[Floats, Floats]:
    """Return noisy-OR and context of each paper, by a model that was not learned from it."""
    everything = np.arange(len(said.is_labelled))
    mentioned, context = np.zeros(said.is_labelled.shape), np.zeros(said.is_labelled.shape)
    for fold in range(FOLDS):
        apart = everything % FOLDS == fold
        part = _learn_part(everything[~apart], said, found)
        mentioned[apart], context[apart] = _apply(part, everything[apart], found)
    return mentioned, context


def _tell_unlike(
    others: pl.DataFrame | None, found: _Found, kept: Ints, idf: Floats
) -> tuple[Floats, float]:
    """Return what `learn_likeness` does of the terms that are kept; no paper is unlike the labelled
    ones where there are no others.
    """
    if others is None:
        return np.zeros(len(kept)), np.inf
    hits = found.spellings.automaton.find(fold_texts(others))
    used = count_terms(hits, found.spellings, others.height)
    return learn_likeness(
        weigh_terms(csr_array(found.used[:, kept]), idf),
        weigh_terms(csr_array(used[:, kept]), idf),
    )


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
