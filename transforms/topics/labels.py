"""What labels say of papers, from sources that each use some of the topics."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transforms.topics.learned import Floats
from transforms.topics.lookup import Ints

Flags = NDArray[np.bool_]


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
