"""How well assigned topics agree with the labels of papers."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Agreement:
    """Of papers with labels; only topics that label any of the papers are looked at."""

    papers: int
    f1: float
    """Mean over the papers."""
    micro_f1: float
    """Of all assignments together."""
    hit_at_3: float
    """Share of the papers of which one of the first three topics is a label."""
    precision: float
    recall: float
    topics_per_paper: float


def agree(topics: Sequence[Sequence[str]], labels: Sequence[Sequence[str]]) -> Agreement:
    """Return how topics, of each paper the likeliest first, agree with its labels.

    Raises:
        ValueError: there are no papers, or papers and labels are not as many.
    """
    space = {topic for given in labels for topic in given}
    f1, hits, right, assigned = 0.0, 0, 0, 0
    for found, given in zip(topics, labels, strict=True):
        names = [topic for topic in found if topic in space]
        shared = len(set(names) & set(given))
        f1 += 2 * shared / max(len(names) + len(given), 1)
        hits += bool(set(names[:3]) & set(given))
        right, assigned = right + shared, assigned + len(names)
    count, wanted = len(labels), sum(map(len, labels))
    if not count:
        raise ValueError("no papers with labels")
    return Agreement(
        papers=count,
        f1=f1 / count,
        micro_f1=2 * right / max(assigned + wanted, 1),
        hit_at_3=hits / count,
        precision=right / max(assigned, 1),
        recall=right / max(wanted, 1),
        topics_per_paper=assigned / count,
    )
