"""How reliable aliases are, learned from labels: a noisy-OR, by expectation maximisation."""

from typing import Final

import numpy as np

from transforms.topics.labels import Labels
from transforms.topics.learned import Floats
from transforms.topics.lookup import Ints
from transforms.topics.mentions import LEVELS, STRENGTHS, Named, Spellings

ROUNDS: Final = 25
ALIAS_SHRINKAGE: Final = 0.5
TOPIC_SHRINKAGE: Final = 2.0


def learn_reliability(
    papers: Ints, said: Labels, named: Named, spellings: Spellings, column: Ints
) -> tuple[Floats, Floats]:
    """Return reliabilities by strength and level, and by alias and level."""
    place = np.full(len(spellings.topics), -1)
    place[column] = np.arange(len(column))
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
