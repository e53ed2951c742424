"""Which topics to assign to a paper like those that were labelled, of the probabilities of all.

As many as give the most of two aims: the expected F1 (about that of Ye et al. 2012; what may be
missed counts a little more), and the chance that one of the first three topics is right. One topic
where one is sure, several where none is.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from transforms.topics.learned import Floats

LEAST_SCORE: Final = 0.1
MOST_CHOSEN: Final = 6
_FIRST: Final = 3
_WEIGHT_OF_HIT: Final = 1.0
_WEIGHT_OF_MISSED: Final = 1.3


def choose(likely: Floats) -> NDArray[np.bool_]:
    """Tell which topics to assign, of probabilities by paper and topic."""
    paper, topic, rank = _rank(likely)
    ranked = np.zeros((len(likely), MOST_CHOSEN))
    ranked[paper, rank] = likely[paper, topic]
    counts = np.arange(1, MOST_CHOSEN + 1)
    wanted = _WEIGHT_OF_MISSED * likely.sum(axis=1, keepdims=True)
    f1 = 2 * np.cumsum(ranked, axis=1) / (counts + wanted)
    hit = 1 - np.cumprod(1 - ranked[:, :_FIRST], axis=1)
    gain = f1 + _WEIGHT_OF_HIT * hit[:, np.minimum(counts, _FIRST) - 1]
    is_chosen = np.zeros(likely.shape, dtype=bool)
    is_within = rank <= gain.argmax(axis=1)[paper]
    is_chosen[paper[is_within], topic[is_within]] = True
    return is_chosen


def _rank(likely: Floats) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return paper, topic and rank of the likeliest topics, by paper from the likeliest on."""
    paper, topic = np.nonzero(likely >= LEAST_SCORE)
    order = np.lexsort((topic, -likely[paper, topic], paper))
    paper, topic = paper[order], topic[order]
    begins = np.flatnonzero(np.diff(paper, prepend=-1))
    counts = np.diff(begins, append=len(paper))
    rank = np.arange(len(paper)) - np.repeat(begins, counts)
    kept = rank < MOST_CHOSEN
    return paper[kept], topic[kept], rank[kept]
