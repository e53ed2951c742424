"""Names of people in texts, however they are spelled and encoded: finding and erasing them."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Any

from transforms.errors import UnfitNameError
from transforms.redact.spellings import (
    Encoded,
    Plain,
    decode,
    fold,
    is_double_encoded,
    read_latex,
    readable,
)

ERASED = "[erased]"
"""What stands where a name was: plain ASCII, the same in every format."""

_LONGEST_GAP = 200
_AROUND = 80
_FEWEST_LETTERS = 3
_QUOTES = ("'", '"')
_END_OF_KEY = re.compile(r"\\*+[\"']\s*+:")
_TAGS = re.compile(
    r"(?:<|(?<!\\)\\++u003[cC]|&(?:amp;)*+lt;)/?[^<>]{0,300}?"
    r"(?:>|(?<!\\)\\++u003[eE]|&(?:amp;)*+gt;)"
)


class Names:
    """The names to erase, in all their spellings.

    A name is found whatever its case, its white space and the tags within it, but only whole: not
    within a longer word, and not joined to another by a hyphen. Surname first is found where the
    format shows it to be one person: ``Doe, Jane`` alone in a text, an element, a string or between
    semicolons, and in elements or strings of their own.
    """

    def __init__(self, names: Iterable[str]) -> None:
        """Take the names as people write them.

        Raises:
            UnfitNameError: a name has fewer than three letters (two, if not Latin).
        """
        self._names = sorted({" ".join(readable(name).split()) for name in names}, key=len)[::-1]
        for name in self._names:
            letters = [letter for letter in name if letter.isalpha()]
            fewest = _FEWEST_LETTERS if all(map(str.isascii, letters)) else 2
            if len(letters) < fewest or name in ERASED:
                raise UnfitNameError(f"a name to erase needs at least {fewest} letters")
        self._plain = [_Name(name, Plain()) for name in self._names]

    @property
    def longest_words(self) -> list[str]:
        """The longest word of each name, folded: where it is not, the name is not."""
        return [name.longest for name in self._plain]

    def holds(self, text: str) -> bool:
        """Tell whether one of the names stands in a text."""
        read = readable(text)
        if any(name.is_in(read) for name in self._plain):
            return True
        accented = [name for name in self._plain if not name.text.isascii()]
        if not accented or "\\" not in text:
            return False
        read = read_latex(text)
        return any(name.is_in(read) for name in accented)

    def erase(self, text: str) -> tuple[str, int]:
        """Return a text without the names, and how often they stood there."""
        text, count = self._erase(text, with_double=False)
        if is_double_encoded(text) and self.holds(text):
            text, more = self._erase(text, with_double=True)
            count += more
        return text, count

    def _erase(self, text: str, with_double: bool) -> tuple[str, int]:
        count = 0
        for name in _encode(tuple(self._names), with_double):
            text, found = name.erase(text)
            count += found
        return text, count

    def erase_within(self, value: Any) -> tuple[Any, int]:
        """Return a value of lists, mappings and texts without the names, and how often."""
        if isinstance(value, str):
            return self.erase(value) if self.holds(value) else (value, 0)
        if isinstance(value, bytes):
            text = value.decode("utf-8", "surrogateescape")
            erased, count = self.erase_within(text)
            return (erased.encode("utf-8", "surrogateescape"), count) if count else (value, 0)
        if isinstance(value, list | tuple):
            parts = [self.erase_within(part) for part in value]
            return type(value)(part for part, _ in parts), sum(count for _, count in parts)
        if isinstance(value, dict):
            parts = [self.erase_within(part) for part in value.values()]
            erased = dict(zip(value, (part for part, _ in parts), strict=True))
            return erased, sum(count for _, count in parts)
        return value, 0


class _Name:
    """One name in one alphabet: its own pattern, and those of surname and forenames apart."""

    def __init__(self, text: str, alphabet: Plain | Encoded) -> None:
        self.text = text
        self._words = text.split()
        self.longest = max(self._words, key=len)
        self._alphabet = alphabet

    def _patterns(self, text: str) -> Iterator[re.Pattern[str]]:
        """Yield those that may fit a text: a long one takes seconds to compile."""
        decoded = decode(text)
        for needed, expression in self._expressions:
            if needed in decoded:
                yield _compile(expression)

    @cached_property
    def _expressions(self) -> list[tuple[str, str]]:
        return list(_expressions(self._words, self._alphabet))

    def is_in(self, read: str) -> bool:
        if read.isascii() and self.longest not in read:
            return False
        return any(
            found.re.groups or self._is_whole(read, found)
            for pattern in self._patterns(read)
            for found in pattern.finditer(read)
        )

    def erase(self, text: str) -> tuple[str, int]:
        count = 0
        for pattern in self._patterns(text):
            pieces, start = [], 0
            for found in pattern.finditer(text):
                if found.re.groups:
                    spans = sorted(found.span(group) for group in (1, 2))
                elif self._is_whole(text, found) and not self._is_key(text, found):
                    spans = [found.span()]
                else:
                    continue
                for begin, end in spans:
                    kept = "".join(_TAGS.findall(text[begin:end]))
                    pieces += [text[start:begin], ERASED, kept]
                    start = end
                count += 1
            text = "".join([*pieces, text[start:]])
        return text, count

    def _is_whole(self, text: str, found: re.Match[str]) -> bool:
        before = text[max(0, found.start() - _AROUND) : found.start()]
        after = text[found.end() : found.end() + _AROUND]
        if before.endswith("&") and after.startswith(";"):
            return False
        before, after = fold(decode(before)), fold(decode(after))
        return not (
            self._goes_on(self.text[0], before[::-1]) or self._goes_on(self.text[-1], after)
        )

    def _is_key(self, text: str, found: re.Match[str]) -> bool:
        """Tell whether a name of one word is a key of JSON: without it, nothing could be read.

        A key of several words is no word of a format, but a name.
        """
        if len(self._words) > 1 or text[found.start() - 1 : found.start()] not in _QUOTES:
            return False
        return _END_OF_KEY.match(text, found.end()) is not None

    def _goes_on(self, edge: str, beyond: str) -> bool:
        """Tell whether a word goes on beyond the edge of the name."""
        if not edge.isalnum() or unicodedata.east_asian_width(edge) in "WF":
            # Chinese, Japanese and Korean put no space between words
            return False
        next_, following = beyond[:1], beyond[1:2]
        if next_.isdigit():
            # the number of a footnote stands behind a name, a number within an account's
            return len(self._words) == 1
        joins = next_ == "-" and following.isalpha()
        return next_.isalpha() or joins or (next_ != "" and unicodedata.combining(next_) > 0)


@lru_cache(maxsize=8)
def _encode(names: tuple[str, ...], with_double: bool) -> list[_Name]:
    """Return names in the alphabet of encoded texts; to find its spellings takes half a second."""
    alphabet = Encoded((word for name in names for word in name.split()), with_double)
    return [_Name(name, alphabet) for name in names]


@lru_cache(maxsize=64)
def _compile(expression: str) -> re.Pattern[str]:
    return re.compile(expression)


def _expressions(words: list[str], alphabet: Plain | Encoded) -> Iterator[tuple[str, str]]:
    """Yield (what a text must hold, expression) of each way to write a name."""
    yield "", _phrase(words, alphabet)
    if any(word.endswith(",") for word in words):
        return
    space, quote, sign = f"{alphabet.gap}{{0,{_LONGEST_GAP}}}", alphabet.quote, alphabet.sign
    end = alphabet.tag_end
    for cut in range(1, len(words)):
        given, family = f"({_phrase(words[:cut], alphabet)})", f"({_phrase(words[cut:], alphabet)})"
        for first, last in (("keyname", "forenames"), ("forenames", "keyname")):
            between = (
                f"{space}{sign('<')}/(?:\\w+:)?{first}{space}{sign('>')}{space}"
                f"{sign('<')}(?:\\w+:)?{last}{space}{sign('>')}{space}"
            )
            parts = (family, given) if first == "keyname" else (given, family)
            yield "forenames", f"{end}{space}{parts[0]}{between}{parts[1]}{space}{sign('<')}"
        comma = f"{space}{sign(',')}{space}"
        yield ",", f"{quote}{family}{quote}{comma}{quote}{given}{quote}"
        opening = f"(?:\\A|{quote}|{end}|{sign(';')})"
        closing = f"(?={space}(?:\\Z|{quote}|{sign('<')}|{sign(';')}))"
        yield ",", f"{opening}{space}{family}{comma}{given}{closing}"


def _phrase(words: list[str], alphabet: Plain | Encoded) -> str:
    pattern = alphabet.word(words[0])
    for before, word in pairwise(words):
        least = 1 if before[-1].isalnum() else 0
        pattern += f"{alphabet.gap}{{{least},{_LONGEST_GAP}}}{alphabet.word(word)}"
    return pattern
