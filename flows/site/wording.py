"""The difference of two texts, word by word, as a reader would mark it."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

_WORD: Final = re.compile(r"\S+\s*")
_MOST_WORDS: Final = 2_000
"""Longer texts are told as wholly other: the comparison takes the square of it."""


@dataclass(frozen=True)
class Piece:
    """A run of words; ``kind`` is same, gone or new."""

    kind: str
    text: str


def tell_difference(before: str | None, after: str | None) -> tuple[Piece, ...] | None:
    """Return the words of both texts in reading order; None where they are the same."""
    if before == after:
        return None
    old, new = _WORD.findall(before or ""), _WORD.findall(after or "")
    if len(old) + len(new) > _MOST_WORDS:
        return (Piece("gone", before or ""), Piece("new", after or ""))
    was, now = ([word.rstrip() for word in words] for words in (old, new))
    pieces: list[Piece] = []
    for kind, a, b, c, d in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(Piece("same", "".join(new[c:d])))
            continue
        pieces += [Piece("gone", "".join(old[a:b]))] if a < b else []
        pieces += [Piece("new", "".join(new[c:d]))] if c < d else []
    return tuple(pieces)
