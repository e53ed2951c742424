"""Phrases that one group of papers uses more than the others: proposals for the dictionary, and
what drives a burst.

Phrases are one to four words of title or abstract, in lower case. They are compared by log-odds
ratios with an informative Dirichlet prior (Monroe et al. 2008, eq. 16 and 20), counted in papers;
of all phrases those are kept that survive Benjamini and Hochberg (1995) at `FALSE_SHARE`, ranked by
the lower end of the 95 % interval. The prior keeps a rare phrase from looking strong.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from math import erfc, sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from transforms.spelling import FOREIGN_LETTER
from transforms.topics.learned import Floats
from transforms.topics.lookup import Ints, Keys, Lookup, mix
from transforms.topics.search import Words, keys_of, split_words

_ROOT_OF_TWO: Final = sqrt(2)
LONGEST_PHRASE: Final = 4
PRIOR_PAPERS: Final = 100.0
FALSE_SHARE: Final = 0.05
LEAST_PAPERS: Final = 5
"""A phrase of fewer papers of the group is no proposal."""
NESTED_SHARE: Final = 0.75
"""A phrase of whose papers so many are a stronger one's that holds it, or stands in it, is it."""
_SLOT_SHIFT: Final = np.uint64(64 - 20)
CANDIDATES_PER_PHRASE: Final = 8
"""So many of the surest are looked at for each that is told: most are nested in one another."""
EDGE_WORDS: Final = frozenset(
    (files("transforms.topics") / "edge_words.txt").read_text(encoding="utf-8").split()
)
"""Words of grammar, and those in which papers of any kind speak of themselves."""


@dataclass(frozen=True)
class PhraseCounts:
    """A row per phrase, by its key."""

    key: Keys
    papers: Ints
    """Papers that use the phrase."""
    in_group: Ints
    """Those of them that are of the group."""


@dataclass(frozen=True)
class Contrast:
    """How much more a group uses phrases than all other papers; a row per phrase."""

    log_odds: Floats
    low: Floats
    """Lower end of the 95 % interval."""
    z: Floats


@dataclass(frozen=True)
class Told:
    """A phrase that a group uses more than the other papers."""

    phrase: str
    papers: int
    """Papers of the group that use it."""
    others: int
    """Papers of the others that do."""
    low: float
    """Lower end of the 95 % interval of the log odds ratio."""


@dataclass(frozen=True)
class Phrases:
    """Where phrases stand: a row per place, in the order of reading."""

    key: Keys
    paper: Ints
    word: Ints
    """The first word."""
    count: Ints
    """How many words."""
    words: Words

    def text(self, row: int) -> str:
        """Return the phrase of a row in lower case, its words parted by single spaces."""
        first, last = int(self.word[row]), int(self.word[row] + self.count[row])
        start, length = self.words.start[first:last], self.words.length[first:last]
        written = self.words.written
        parts = [written[a : a + n] for a, n in zip(start.tolist(), length.tolist(), strict=True)]
        return b" ".join(parts).decode().lower()


def find_phrases(texts: Sequence[str], least: int = 1) -> Phrases:
    """Return the phrases of folded texts that are title, abstract, title, abstract ...

    A phrase neither begins nor ends with one of `EDGE_WORDS` or a number. It holds no mark, and no
    word with a letter that folding could only replace by a stand-in: nobody can read that.

    Those that stand in ``least`` places are found for sure, and only some of the others: most are
    passed over before they are counted, which saves half of the time.
    """
    words = split_words(texts)
    keys = words.keys(in_lower_case=True)
    written = np.frombuffer(words.written.lower(), np.uint8)
    first_byte = written[words.start]
    stand_ins = np.flatnonzero(written == ord(FOREIGN_LETTER))
    before, until = np.searchsorted(stand_ins, [words.start, words.start + words.length])
    is_letter = (first_byte >= ord("a")) & (first_byte <= ord("z"))
    is_word = is_letter | ((first_byte >= ord("0")) & (first_byte <= ord("9")))
    is_word &= before == until
    known = np.append(is_word & (keys != 0), False)
    edge_words = Lookup(keys_of(sorted(EDGE_WORDS)))
    is_edge = np.append(
        is_word & is_letter & (edge_words.find(keys) < 0) & (words.length > 1), False
    )
    padded = np.append(keys, np.uint64(0))
    at, key = np.flatnonzero(is_edge), padded[is_edge]
    found: list[tuple[Keys, Ints, Ints]] = []
    for count in range(1, LONGEST_PHRASE + 1):
        if least > 1:
            # whatever a phrase begins with stands wherever it does
            often = _may_stand(key, least)
            at, key = at[often], key[often]
        ends = is_edge[at + count - 1]
        found.append((key[ends], at[ends], np.full(int(ends.sum()), count)))
        following = np.minimum(at + count, len(keys))
        more = known[following]
        at, key = at[more], mix(key[more] ^ padded[following[more]])
    all_keys, word, counts = (np.concatenate(column) for column in zip(*found, strict=True))
    order = np.argsort(word, kind="stable")
    word = word[order]
    return Phrases(all_keys[order], words.text[word] // 2, word, counts[order], words)


def _may_stand(keys: Keys, least: int) -> NDArray[np.bool_]:
    """Return which keys may stand in so many rows: of a key that does, every row is kept."""
    slot = (keys >> _SLOT_SHIFT).view(np.int64)
    is_often: NDArray[np.bool_] = np.bincount(slot, minlength=1)[slot] >= least
    return is_often


def count_phrases(phrases: Phrases, is_in_group: NDArray[np.bool_]) -> PhraseCounts:
    """Return in how many papers phrases stand; ``is_in_group`` is by paper."""
    # phrases are in the order of their papers
    order = np.argsort(phrases.key, kind="stable")
    key, paper = phrases.key[order], phrases.paper[order]
    is_new = np.concatenate([[True], (key[1:] != key[:-1]) | (paper[1:] != paper[:-1])])
    kept = is_new[: len(key)]
    ones = np.ones(int(kept.sum()), dtype=np.int64)
    return add_up(PhraseCounts(key[kept], ones, is_in_group[paper[kept]].astype(np.int64)))


def add_up(*counts: PhraseCounts) -> PhraseCounts:
    """Return counts of different papers together."""
    key = np.concatenate([one.key for one in counts])
    order = np.argsort(key, kind="stable")
    begins = np.flatnonzero(np.concatenate([[True], np.diff(key[order]) != 0])[: len(key)])
    papers, in_group = (
        np.add.reduceat(np.concatenate(column)[order], begins)
        for column in zip(*((one.papers, one.in_group) for one in counts), strict=True)
    )
    return PhraseCounts(key[order][begins], papers, in_group)


def contrast(counts: PhraseCounts, group: int, others: int) -> Contrast:
    """Return how much more the ``group`` papers of a group use phrases than ``others`` papers."""
    prior = PRIOR_PAPERS * counts.papers / (group + others + 1)
    inside = counts.in_group + prior
    outside = counts.papers - counts.in_group + prior
    log_odds = np.log(inside / (group + PRIOR_PAPERS - inside))
    log_odds -= np.log(outside / (others + PRIOR_PAPERS - outside))
    error = np.sqrt(1 / inside + 1 / outside)
    return Contrast(log_odds, log_odds - 1.96 * error, log_odds / error)


def choose(counts: PhraseCounts, found: Contrast) -> Ints:
    """Return the rows of the phrases that are no accident, the surest first."""
    tested = np.flatnonzero(counts.papers >= LEAST_PAPERS)
    # of one tail; SciPy's is faster for millions, and takes longer to load than these to reckon
    tails = [erfc(z / _ROOT_OF_TWO) / 2 for z in found.z[tested].tolist()]
    p = np.array(tails, dtype=np.float64)
    order = np.argsort(p, kind="stable")
    is_below = p[order] <= FALSE_SHARE * np.arange(1, len(p) + 1) / max(len(p), 1)
    kept = tested[order[: int(np.flatnonzero(is_below)[-1]) + 1 if is_below.any() else 0]]
    kept = kept[counts.in_group[kept] >= LEAST_PAPERS]
    return kept[np.lexsort((counts.key[kept], -found.low[kept]))]


def is_same(phrase: str, papers: set[str], stronger: str, of_stronger: set[str]) -> bool:
    """Tell whether a phrase is a part of a stronger one, or the other way round, in most papers."""
    inside, around = sorted((f" {phrase} ", f" {stronger} "), key=len)
    shared = len(papers & of_stronger)
    return inside in around and shared >= NESTED_SHARE * min(len(papers), len(of_stronger))


def tell_phrases(texts: Sequence[str], is_in_group: NDArray[np.bool_], limit: int) -> list[Told]:
    """Return the phrases of a group that are no accident, the surest first, nested ones once.

    ``texts`` are folded: title, abstract, title, abstract ...; ``is_in_group`` is by paper. Without
    papers inside, or without papers outside, there is nothing to compare.
    """
    group, others = int(is_in_group.sum()), int((~is_in_group).sum())
    if not group or not others:
        return []
    phrases = find_phrases(texts, LEAST_PAPERS)
    counts = count_phrases(phrases, is_in_group)
    found = contrast(counts, group, others)
    rows = choose(counts, found)[: limit * CANDIDATES_PER_PHRASE]
    place = Lookup(counts.key[rows]).find(phrases.key)
    told: list[Told] = []
    taken: list[tuple[str, set[str]]] = []
    for nth, row in enumerate(rows.tolist()):
        own = np.flatnonzero(place == nth)
        text, papers = phrases.text(int(own[0])), phrases.paper[own]
        users = set(map(str, papers[is_in_group[papers]].tolist()))
        if any(is_same(text, users, *other) for other in taken):
            continue
        taken.append((text, users))
        inside = int(counts.in_group[row])
        told.append(Told(text, inside, int(counts.papers[row]) - inside, float(found.low[row])))
    return told[:limit]
