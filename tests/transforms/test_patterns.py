"""Every regular expression of the transforms takes time in proportion to the text."""

import ast
import importlib
import itertools
import math
import pkgutil
import re
import time
from collections import deque
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest

import transforms
from transforms.redact.names import Names

ROOT = Path(transforms.__file__ or "").parent
REPEATED = (
    *" \n\taA1.'\"[]<&{#|·_(é=!-/\\",
    *("1,", "](", ",Jr", "%41", "\\u003c", "&lt;", "- ", " | ", "* ", "arXiv:", "cs.", "http://"),
    *("10.", "**", "<?xml", " authors", "Comments:", "\\\n"),
)
BEFORE = ("", "x", "<?xml ", '"', "'", "[", "<", "![a](")
BEHIND = ("", "!")
SHORT, LONG = 4_000, 16_000
"""A quadratic pattern takes sixteen times as long for the second, a linear one four times."""


def patterns() -> Iterator[tuple[str, str, re.Pattern[Any]]]:
    for found in pkgutil.walk_packages([str(ROOT)], "transforms."):
        module = importlib.import_module(found.name)
        for name, value in vars(module).items():
            if isinstance(value, re.Pattern):
                yield found.name, name, value


@cache
def used_methods() -> dict[str, set[str]]:
    """Return the methods that are called on each name, read from the source."""
    methods: dict[str, set[str]] = {}
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                methods.setdefault(node.value.id, set()).add(node.attr)
    return methods


BOUNDED = ("_MORE",)
"""Asked of the last sixty letters of a text alone."""
CALLS: dict[str, Callable[[re.Pattern[Any], Any], object]] = {
    "search": lambda pattern, text: pattern.search(text),
    "match": lambda pattern, text: pattern.match(text),
    "fullmatch": lambda pattern, text: pattern.fullmatch(text),
    "sub": lambda pattern, text: pattern.sub(text[:0], text),
    "split": lambda pattern, text: pattern.split(text),
    "finditer": lambda pattern, text: deque(pattern.finditer(text), maxlen=0),
    "findall": lambda pattern, text: pattern.findall(text),
}


def texts(pattern: re.Pattern[Any]) -> Iterator[Callable[[int], Any]]:
    """Yield functions that make a text of a length, of which a part is repeated."""
    source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode()
    words = re.findall("[A-Za-z]{3,}", source)[:4]
    for before, repeated, behind in itertools.product(BEFORE, (*REPEATED, *words), BEHIND):

        def make(length: int, parts: tuple[str, str, str] = (before, repeated, behind)) -> Any:
            text = parts[0] + parts[1] * (length // len(parts[1])) + parts[2]
            return text if isinstance(pattern.pattern, str) else text.encode()

        yield make


def seconds(call: Callable[[], object]) -> float:
    start = time.process_time()
    call()
    return time.process_time() - start


def growth(short: Callable[[], object], long: Callable[[], object]) -> float:
    """Return how many times as long the second takes: of ten pairs, the one least disturbed.

    A pattern that is quadratic is so in every pair; a pause of the machine is not.
    """
    least = math.inf
    for _ in range(10):
        least = min(least, seconds(long) / max(seconds(short), 1e-6))
        if least < 6:
            break
    return least


NAMED = '"Jos\u00e9 Garc\u00eda", forenames keyname '
"""What makes an erasure use each of its patterns, which are made of the name."""


@pytest.mark.slow
@pytest.mark.parametrize("behind", ["", "Garc\u00eda", "Jos\u00e9"])
@pytest.mark.parametrize("repeated", [*REPEATED, "<i>", ">  ", '\\"', "\\\\u", "\u00ad", "&amp;"])
def test_a_name_is_erased_in_time_in_proportion_to_the_text(repeated: str, behind: str) -> None:
    names = Names(["Jos\u00e9 Garc\u00eda"])

    def erase(length: int) -> Callable[[], object]:
        return partial(names.erase, NAMED + behind + repeated * (length // len(repeated)))

    erase(0)()
    assert seconds(erase(LONG)) < 2
    assert growth(erase(SHORT), erase(LONG)) < 10


@pytest.mark.slow
@pytest.mark.parametrize(
    "name, pattern",
    [
        pytest.param(name, pattern, id=f"{module}.{name}")
        for module, name, pattern in patterns()
        if name not in BOUNDED
    ],
)
def test_a_pattern_takes_time_in_proportion_to_the_text(
    name: str, pattern: re.Pattern[Any]
) -> None:
    methods = sorted(used_methods().get(name, set()) & CALLS.keys())
    for make, method in itertools.product(texts(pattern), methods):
        call = CALLS[method]
        short, long = (partial(call, pattern, make(size)) for size in (SHORT, LONG))
        if seconds(short) < 0.003:
            # so fast that even a quadratic one takes no time that anybody notices
            continue
        assert growth(short, long) < 10, (method, make(20))
