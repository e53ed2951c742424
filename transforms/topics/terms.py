"""Terms that the taxonomy does not know, of each paper by itself.

A term is a phrase of two or three words of the title that neither begins nor ends with a word of
grammar, or a name with inner capitals or digits of title or abstract (GRPO, LoRA, DeepSeek-R1).
Spellings that differ in case, hyphens, spaces or the plural are one term. Keywords of the site are
none: it gives them since 2025 only, so that all of them would seem to rise then.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate, chain
from typing import Final

import numpy as np
import polars as pl

from transforms.taxonomy import Taxonomy
from transforms.topics.folding import fold_characters
from transforms.topics.search import list_words
from transforms.topics.suggest import find_phrases

TERM: Final = {"paper_id": pl.String, "term_key": pl.String, "term": pl.String}
_PHRASE_WORDS: Final = (2, 3)
_LINK: Final = re.compile(r"https?://\S+")
_COMPOUND: Final = re.compile(r"[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*")
_PART: Final = re.compile(r"[-_]")
_NAME: Final = re.compile(r"[A-Za-z][a-z]*[A-Z0-9][A-Za-z0-9]*")
_FOLLOWS: Final = re.compile(r"[0-9]+[A-Za-z]?")
"""What may follow a name in a compound: the 4o of GPT-4o."""
_NO_PLURAL: Final = ("ss", "us", "is")
# which no folded text has
_BETWEEN_TEXTS: Final = "\n"
_TEXTS_AT_ONCE: Final = 1_000
_MOST_NAMES: Final = 1_000
"""Of one text, about: no paper has a tenth of them."""
_IS_LETTER, _IS_INNER, _IS_HYPHEN = 1, 2, 4
"""What a character may be: a letter, a sign of a name behind a letter, a link of compounds."""
_ROLES: Final = np.array(
    [
        _IS_LETTER * chr(code).isalpha()
        + _IS_INNER * (chr(code).isupper() or chr(code).isdigit())
        + _IS_HYPHEN * (chr(code) in "-_")
        for code in range(128)
    ],
    dtype=np.uint8,
)


_NEITHER_LETTER_NOR_DIGIT = {code: None for code in range(128) if not chr(code).isalnum()}


class TermLister:
    """Lists the terms of papers; built once for a taxonomy."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        """Take the taxonomy whose spellings, and parts of them, are no terms."""
        self._known = frozenset(_keys_within(taxonomy.forms["form"].to_list()))

    def list(self, papers: pl.DataFrame) -> pl.DataFrame:
        """Return ``TERM``, a row per paper and term, of (paper_id, title, abstract).

        Of several spellings in one paper the first is taken: title, then names.
        """
        sources = (
            _title_phrases(papers["title"].to_list()),
            find_names(fold_characters(_joined(papers))),
        )
        rows: list[tuple[str, str, str]] = []
        for paper_id, *terms in zip(papers["paper_id"], *sources, strict=True):
            found: dict[str, str] = {}
            for term in chain.from_iterable(terms):
                found.setdefault(term_key(term), term)
            rows += [(paper_id, key, term) for key, term in found.items() if self._is_new(key)]
        return pl.DataFrame(rows, schema=TERM, orient="row")

    def _is_new(self, key: str) -> bool:
        return len(key) > 1 and key not in self._known


@lru_cache(maxsize=100_000)
def term_key(term: str) -> str:
    """Return what the spellings of a term have in common: ``Fine-tuned Models`` and ``finetuned
    model`` are one, ``LLMs`` and ``LLM`` as well. The text is folded to ASCII before.
    """
    key = term.lower().translate(_NEITHER_LETTER_NOR_DIGIT)
    is_plural_name = term.endswith("s") and term[-2:-1].isupper()
    return key[:-1] if is_plural_name else _singular(key)


def _singular(key: str) -> str:
    is_plural = len(key) > 3 and key.endswith("s") and key[-2:] not in _NO_PLURAL
    return key[:-1] if is_plural else key


def _joined(papers: pl.DataFrame) -> Sequence[str]:
    texts = zip(papers["title"], papers["abstract"], strict=True)
    return [f"{title}\n{abstract or ''}" for title, abstract in texts]


def find_names(texts: Sequence[str]) -> Sequence[Sequence[str]]:
    """Return what `list_names` does of many folded texts.

    It is asked only about the few runs of letters, digits and hyphens in which a letter is followed
    by a capital or a digit: no name is without such a place.
    """
    found: list[list[str]] = [[] for _ in texts]
    for begin in range(0, len(texts), _TEXTS_AT_ONCE):
        part = [_without_links(text) for text in texts[begin : begin + _TEXTS_AT_ONCE]]
        joined = _BETWEEN_TEXTS + _BETWEEN_TEXTS.join(part) + _BETWEEN_TEXTS
        roles = _ROLES[np.frombuffer(joined.encode("ascii"), dtype=np.uint8)]
        inner = np.flatnonzero((roles[:-1] & _IS_LETTER & (roles[1:] >> 1)) > 0)
        gaps = np.flatnonzero(roles == 0)
        after = np.unique(np.searchsorted(gaps, inner))
        starts, ends = gaps[after - 1] + 1, gaps[after]
        text_ends = np.cumsum([len(text) + 1 for text in part])
        numbers = begin + np.searchsorted(text_ends, starts - 1, side="right")
        places = (numbers.tolist(), starts.tolist(), ends.tolist())
        for number, start, end in zip(*places, strict=True):
            run = joined[start:end]
            # small letters and digits alone are no name, and are rarely the same twice
            if not run.islower() and len(found[number]) < _MOST_NAMES:
                found[number] += _names_of(run)
    return found


def _without_links(text: str) -> str:
    return _LINK.sub(" ", text) if "://" in text else text


@lru_cache(maxsize=100_000)
def _names_of(run: str) -> tuple[str, ...]:
    return tuple(list_names(run))


def list_names(text: str) -> list[str]:
    """Return the words with inner capitals or digits of a folded text, compounds whole."""
    names: list[str] = []
    for compound in _COMPOUND.findall(_LINK.sub(" ", text)):
        if not compound.islower():
            names += _names_within(_PART.split(compound))
    return names


def _names_within(parts: Sequence[str]) -> Iterator[str]:
    run: list[str] = []
    for part in (*parts, ""):
        if _NAME.fullmatch(part) or (run and _FOLLOWS.fullmatch(part)):
            run.append(part)
        elif run:
            yield " ".join(run)
            run = []


def _title_phrases(titles: Sequence[str]) -> Sequence[Sequence[str]]:
    phrases = find_phrases([text for title in fold_characters(titles) for text in (title, "")])
    text, start = phrases.words.written.decode("ascii"), phrases.words.start
    spans = zip(start.tolist(), (start + phrases.words.length).tolist(), strict=True)
    words = [_written(text[begin:end]) for begin, end in spans]
    found: list[list[str]] = [[] for _ in titles]
    rows = np.isin(phrases.count, _PHRASE_WORDS)
    places = (phrases.paper[rows], phrases.word[rows], phrases.count[rows])
    for paper, first, count in zip(*(column.tolist() for column in places), strict=True):
        found[paper].append(" ".join(words[first : first + count]))
    return found


def _written(word: str) -> str:
    return word if is_name(word) else word.lower()


@lru_cache(maxsize=100_000)
def is_name(word: str) -> bool:
    """Tell whether a word has inner capitals or digits."""
    return _NAME.fullmatch(word) is not None


def _keys_within(spellings: Sequence[str]) -> Iterator[str]:
    """Yield the keys of spellings and of all runs of words in them."""
    for words in list_words([spelling.lower() for spelling in spellings]):
        parts = [word.translate(_NEITHER_LETTER_NOR_DIGIT) for word in words]
        for first in range(len(parts)):
            for key in accumulate(parts[first:]):
                yield _singular(key)
