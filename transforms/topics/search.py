"""One pass over the words of texts, for spellings and context terms alike.

Words become numbers, and a trie of patterns is followed from all words of many texts at once. An
Aho-Corasick automaton over characters finds the same and was measured: daachorse, the fastest of
those alive, hands Python a tuple per hit and lets no other thread run meanwhile (110 microseconds
a paper with what makes arrays of them; this takes about 20, and two threads share it).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from transforms.spelling import FOREIGN_LETTER
from transforms.topics.lookup import Ints, Keys, Lookup, mix

_BETWEEN_TEXTS: Final = "\x00"
_SPACES: Final = b" -_\t\n\v\f\r"
_IS_SPACE, _IS_WORD, _IS_MARK = range(3)
_KINDS: Final = bytes(
    _IS_SPACE
    if code in _SPACES
    else _IS_WORD
    if chr(code) == FOREIGN_LETTER or (code < 128 and chr(code).isalnum())
    else _IS_MARK
    for code in range(256)
)
# Words are told apart by their bytes, eight at a time; longer ones are in no vocabulary.
_BLOCK: Final = 8
LONGEST_WORD: Final = 4 * _BLOCK
_KEPT: Final = np.array([(1 << 8 * n) - 1 for n in range(_BLOCK + 1)], dtype=np.uint64)
_IS_PATTERN, _BEGINS_LONGER, _FOLLOWS = 1, 2, 4
_NODE_BITS: Final = np.uint64(32)


@dataclass(frozen=True)
class Words:
    """The words of texts in the order of reading; every mark, such as a comma, is one by itself."""

    written: bytes
    """All texts, one after another, padded."""
    start: Ints
    """First byte of the word."""
    length: Ints
    text_start: Ints
    """By text, its first byte."""
    words_until: Ints
    """By text, how many words there are up to its end."""

    @cached_property
    def text(self) -> Ints:
        """The number of the word's text."""
        counts = np.diff(self.words_until, prepend=0)
        return np.repeat(np.arange(len(counts)), counts)

    def texts_of(self, words: Ints) -> Ints:
        """Return the numbers of the texts of words that are given in their order."""
        counts = np.diff(np.searchsorted(words, self.words_until), prepend=0)
        return np.repeat(np.arange(len(counts)), counts)

    def keys(self, *, in_lower_case: bool, words: Ints | None = None) -> Keys:
        """Return a key for each word (of ``words``), the same for the same bytes; 0 if too long.

        Two words of different bytes have the same key once in 1.8e19 pairs, if one has more than
        eight bytes, else never.
        """
        texts = self.written.lower() if in_lower_case else self.written
        start = self.start if words is None else self.start[words]
        length = self.length if words is None else self.length[words]
        # eight bytes from any place on, as one integer
        blocks: Keys = np.ndarray((len(texts) - _BLOCK,), dtype="<u8", buffer=texts, strides=(1,))
        keys = mix(blocks[start] & _KEPT.take(length, mode="clip"))
        rows = np.flatnonzero(length > _BLOCK)
        for skipped in range(_BLOCK, LONGEST_WORD, _BLOCK):
            kept = _KEPT.take(length[rows] - skipped, mode="clip")
            keys[rows] = mix(keys[rows] ^ (blocks[start[rows] + skipped] & kept))
            rows = rows[length[rows] > skipped + _BLOCK]
        keys[rows] = 0
        return keys


def split_words(texts: Sequence[str]) -> Words:
    """Return the words of ASCII texts; hyphens, underscores and white space part words."""
    padding = "\x00" * (LONGEST_WORD + _BLOCK)
    written = _BETWEEN_TEXTS.join([*texts, padding]).encode("ascii")
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts)) + 1
    text_end = np.cumsum(lengths)
    kinds = np.frombuffer(written.translate(_KINDS), np.uint8, count=int(lengths.sum()))
    is_inside = kinds & _IS_WORD
    # a mark is more than either, and a word begins or stops where none is beside it
    begins, stops = kinds > 0, kinds > 0
    np.greater(kinds[1:], is_inside[:-1], out=begins[1:])
    np.greater(kinds[:-1], is_inside[1:], out=stops[:-1])
    start, length = np.flatnonzero(begins), np.flatnonzero(stops)
    length -= start
    length += 1
    return Words(written, start, length, text_end - lengths, np.searchsorted(start, text_end))


def list_words(texts: Sequence[str]) -> list[list[str]]:
    """Return the words and marks of ASCII texts, as they are written."""
    words = split_words(texts)
    start = words.start - words.text_start[words.text]
    ends = start + words.length
    found: list[list[str]] = [[] for _ in texts]
    for text, a, b in zip(words.text.tolist(), start.tolist(), ends.tolist(), strict=True):
        found[text].append(texts[text][a:b])
    return [one[:-1] for one in found]


def patterns_of(spellings: Sequence[str]) -> list[str]:
    """Return the patterns that find folded spellings as whole words, in whatever case."""
    return [" ".join(words) for words in list_words([one.lower() for one in spellings])]


@dataclass(frozen=True)
class Hits:
    """Where patterns stand as whole words; a row per hit, those that begin alike by length."""

    words: Words
    word: Ints
    """The first word of the hit."""
    count: Ints
    """How many words it has."""
    pattern: Ints
    text: Ints
    """The number of the text."""

    @cached_property
    def start(self) -> Ints:
        """First character, in the text as given."""
        starts: Ints = self.words.start[self.word]
        return starts - self.words.text_start[self.text]

    @cached_property
    def end(self) -> Ints:
        """The character after the last one."""
        last = self.word + self.count - 1
        ends: Ints = self.words.start[last] + self.words.length[last]
        return ends - self.words.text_start[self.text]

    def choose(self, rows: Ints) -> "Hits":
        """Return some of the hits."""
        return Hits(
            self.words, self.word[rows], self.count[rows], self.pattern[rows], self.text[rows]
        )


class Automaton:
    """Finds patterns of `patterns_of` as whole words; built once, threads may share it."""

    def __init__(self, patterns: Iterable[str]) -> None:
        """Take patterns; hits give their places in ``patterns``, which is sorted."""
        self.patterns = sorted(set(patterns))
        split = [pattern.split(" ") for pattern in self.patterns]
        vocabulary = sorted(
            {word for words in split for word in words if len(word) <= LONGEST_WORD}
        )
        self._vocabulary = Lookup(keys_of(vocabulary))
        number = {word: n for n, word in enumerate(vocabulary)}
        steps: dict[tuple[int, int], int] = {}
        ends: dict[int, int] = {}
        for pattern, words in enumerate(split):
            node = 0
            for word in words:
                node = steps.setdefault((node, number.get(word, -1)), len(steps) + 1)
            ends[node] = pattern
        first = {word: node for (before, word), node in steps.items() if not before}
        later = [(*step, node) for step, node in steps.items() if step[0]]
        # one more than there are words, for those that are unknown
        numbers = range(len(vocabulary) + 1)
        self._first = np.array([first.get(n, 0) for n in numbers], dtype=np.int64)
        table = np.array(later, dtype=np.int64).reshape(-1, 3)
        self._steps, self._next = Lookup(_step_keys(table[:, 0], table[:, 1])), table[:, 2]
        # of the node at the beginning, which stands for none here, as well
        self._pattern = np.array([ends.get(n, -1) for n in range(len(steps) + 1)], dtype=np.int64)
        self._goes_on = np.isin(np.arange(len(steps) + 1), table[:, 0])
        # what a word can be, in one byte, so that all are looked up at once
        self._roles = (
            _IS_PATTERN * (self._pattern[self._first] >= 0)
            + _BEGINS_LONGER * self._goes_on[self._first]
            + _FOLLOWS * np.isin(numbers, table[:, 1])
        ).astype(np.uint8)

    def find(self, texts: Sequence[str]) -> Hits:
        """Return the hits in folded texts (`transforms.spelling.fold_spelling`)."""
        words = split_words(texts)
        known = np.append(self._vocabulary.find(words.keys(in_lower_case=True)), -1)
        roles = self._roles[known]
        follows = (roles & _FOLLOWS) > 0
        at = np.flatnonzero((roles & _IS_PATTERN) > 0)
        found = [(at, np.ones(len(at), dtype=np.int64), self._pattern[self._first[known[at]]])]
        at = np.flatnonzero(((roles[:-1] & _BEGINS_LONGER) > 0) & follows[1:])
        node = self._first[known[at]]
        for count in range(2, len(known) + 1):
            step = self._steps.find(_step_keys(node, known[at + count - 1]))
            is_step = step >= 0
            at, node = at[is_step], self._next[step[is_step]]
            pattern = self._pattern[node]
            is_hit = pattern >= 0
            found.append((at[is_hit], np.full(is_hit.sum(), count), pattern[is_hit]))
            more = self._goes_on[node] & follows.take(at + count, mode="clip")
            at, node = at[more], node[more]
            if not len(at):
                break
        word, length, pattern = (np.concatenate(column) for column in zip(*found, strict=True))
        order = np.argsort(word, kind="stable")
        word = word[order]
        return Hits(words, word, length[order], pattern[order], words.texts_of(word))


def keys_of(words: Sequence[str]) -> Keys:
    """Return the keys of single words, in the case in which they are written."""
    split = split_words(words)
    first = np.searchsorted(split.start, split.text_start)
    return split.keys(in_lower_case=False, words=first)


def _step_keys(node: Ints, word: Ints) -> Keys:
    return mix((node.astype(np.uint64) << _NODE_BITS) | word.astype(np.uint32))
