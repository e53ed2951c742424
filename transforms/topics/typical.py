"""Words that are typical of topics, as the field says: what is believed before labels are read.

They stand in `typical_words.txt` and matter only where a model is learned.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

import numpy as np

from transforms.topics.learned import Floats


def parse_typical_words(text: str) -> dict[str, frozenset[str]]:
    """Return words, and pairs of them, by topic; lines are ``topic: word, word``."""
    lines = (line.partition(":") for line in text.splitlines() if not line.startswith("#"))
    return {
        topic.strip(): frozenset(word.strip() for word in words.split(","))
        for topic, _, words in lines
        if words
    }


@cache
def typical_words() -> Mapping[str, frozenset[str]]:
    """Return the words by topic that come with the package."""
    text = (files("transforms.topics") / "typical_words.txt").read_text(encoding="utf-8")
    return parse_typical_words(text)


def weigh_typical(
    terms: Sequence[str], topics: Sequence[str], words: Mapping[str, frozenset[str]]
) -> Floats:
    """Return weights by term and topic, of length 1 for each topic; 0 where nothing is typical.

    A term that is typical of n topics weighs for each as much as others over the root of n.
    """
    known = {topic: words.get(topic, frozenset()) for topic in topics}
    is_typical = np.array(
        [[term in known[topic] for topic in topics] for term in terms], dtype=np.float64
    ).reshape(len(terms), len(topics))
    weights = is_typical / np.sqrt(np.maximum(is_typical.sum(axis=1, keepdims=True), 1))
    return scale_to_length_1(weights)


def scale_to_length_1(weights: Floats) -> Floats:
    """Return the columns at length 1; those of zeros stay."""
    return np.asarray(weights / np.maximum(np.linalg.norm(weights, axis=0), 1e-12))
