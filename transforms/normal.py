"""NFKC of one text, in time that grows with its length."""

import re
import unicodedata
from functools import cache

_SHORT = 500
"""Letters of a text in which no run of marks takes long."""
_LONG_RUN = 50
_MARKED = (
    range(0x300, 0x3100),
    range(0xA600, 0xAC00),
    range(0xFB1E, 0xFE30),
    range(0x10000, 0x1F000),
)
"""Where marks are that stand behind their letter."""
_BECOME_MARKS = "\u0f73\u0f75\u0f81\uff9e\uff9f"
"""What stands for such marks, and is none itself."""


def normalise(text: str) -> str:
    """Return a text in NFKC, as :func:`unicodedata.normalize` does.

    That one takes the square of the length of a run of marks that are not in their order: of a
    letter with 80,000 marks seven seconds. Here they are put in their order before.
    """
    if unicodedata.is_normalized("NFKC", text):
        return text
    # one of so many characters is of every long run
    if len(text) > _SHORT and not _marks().isdisjoint(text[::_LONG_RUN]):
        text = _long_runs().sub(_in_order, text)
    return unicodedata.normalize("NFKC", text)


@cache
def _marks() -> frozenset[str]:
    signs = (chr(code) for codes in _MARKED for code in codes)
    return frozenset(filter(unicodedata.combining, signs)).union(_BECOME_MARKS)


@cache
def _long_runs() -> re.Pattern[str]:
    return re.compile(f"[{''.join(sorted(_marks()))}]{{{_LONG_RUN},}}")


def _in_order(run: re.Match[str]) -> str:
    apart = "".join(unicodedata.normalize("NFKD", mark) for mark in run[0])
    return "".join(sorted(apart, key=unicodedata.combining))
