"""Invented names and numbers: words that are made up anew each time that they are asked for."""

from collections.abc import Callable, Sequence
from random import Random

from flows.demo.synthetic.words import WORDS

_NAMES = WORDS.invented


def _pick(random: Random, parts: Sequence[str]) -> str:
    return parts[int(random.random() * len(parts))]


def invent_name(random: Random) -> str:
    """Return a name for a method, such as ``Velicorix``: thousands are possible."""
    return "".join(_pick(random, part) for part in (_NAMES.starts, _NAMES.middles, _NAMES.ends))


def _invent_suite(random: Random) -> str:
    start, middle = _pick(random, _NAMES.starts), _pick(random, _NAMES.middles)
    return f"{start}{middle}-{_pick(random, _NAMES.suites)}"


def _percentage(random: Random) -> str:
    return f"{random.randrange(11, 389) / 10}%"


def _high_percentage(random: Random) -> str:
    return f"{random.randrange(402, 689) / 10}%"


def _score(random: Random) -> str:
    return f"{random.randrange(412, 973) / 10}"


def _factor(random: Random) -> str:
    return f"{random.randrange(13, 92) / 10}x"


def _count(random: Random) -> str:
    return str(random.randrange(3, 48))


def _model_size(random: Random) -> str:
    return f"{random.choice((0.5, 1, 1.5, 3, 4, 7, 8, 13, 14, 32, 70))}B"


def _many(random: Random) -> str:
    return f"{random.randrange(2, 960)}k"


INVENTIONS: dict[str, Callable[[Random], str]] = {
    "suite": _invent_suite,
    "rival_name": invent_name,
    "pct": _percentage,
    "high_pct": _high_percentage,
    "score": _score,
    "factor": _factor,
    "count": _count,
    "size": _model_size,
    "many": _many,
}
"""Words that are made up anew each time that they are asked for."""
