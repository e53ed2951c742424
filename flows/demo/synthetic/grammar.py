"""Filling sentence templates with words drawn by a seeded random source."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from random import Random
from string import Formatter

from flows.demo.synthetic.vocabulary import INVENTIONS
from flows.demo.synthetic.words import WORDS

_A_BEFORE_VOWEL = re.compile(r"\b([Aa]) (?=[aeio]|u(?!ni|se|til)|8)")
_SMALL_WORDS = frozenset(
    {"a", "an", "and", "as", "at", "by", "for", "from", "in", "of", "on", "per", "the", "through"}
    | {"to", "under", "via", "with"}
)


@cache
def _pieces(template: str) -> tuple[tuple[str, str | None], ...]:
    """Return the template as pairs of plain text and the slot behind it."""
    return tuple((literal, slot) for literal, slot, _, _ in Formatter().parse(template))


def fill(template: str, bound: Mapping[str, Sequence[str]], random: Random) -> str:
    """Return the template with every slot filled: from ``bound``, else from the vocabulary.

    Within one sentence no slot is filled twice with the same word, where it has several.
    """
    text: list[str] = []
    for literal, slot in _pieces(template):
        text.append(literal)
        if slot is None:
            continue
        if slot in INVENTIONS:
            text.append(INVENTIONS[slot](random))
            continue
        words = bound.get(slot) or WORDS.words[slot]
        word = words[int(random.random() * len(words))]
        if word in text and len(words) > 1:
            word = words[(words.index(word) + 1) % len(words)]
        text.append(word)
    return _A_BEFORE_VOWEL.sub(r"\1n ", "".join(text))


def write_sentence(template: str, bound: Mapping[str, Sequence[str]], random: Random) -> str:
    """Return a filled template with a capital at its beginning."""
    text = fill(template, bound, random)
    return text[0].upper() + text[1:]


def write_title(template: str, bound: Mapping[str, Sequence[str]], random: Random) -> str:
    """Return a filled template in the case of titles."""
    words = fill(template, bound, random).split(" ")
    return " ".join(
        word if word in _SMALL_WORDS and number else "-".join(map(_capitalise, word.split("-")))
        for number, word in enumerate(words)
    )


def _capitalise(word: str) -> str:
    return word[:1].upper() + word[1:]
