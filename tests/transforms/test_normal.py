"""NFKC in bounded time: what it makes, and how long it takes."""

import random
import unicodedata
from collections.abc import Callable

import pytest

from transforms.normal import normalise
from transforms.text import key_text

MARKS = "\u0301\u0323\u0344\u0f71\u0f73\u3099\uff9e\U0001d165"


def test_a_text_is_normalised_as_python_does_it() -> None:
    chance = random.Random(20_261_201)
    for length in (1, 60, 300):
        parts = (
            letter + "".join(chance.choices(MARKS, k=length)) for letter in "ea\ufb01\uac00か" * 4
        )
        text = "".join(parts)
        assert normalise(text) == unicodedata.normalize("NFKC", text)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("read", [normalise, key_text])
def test_a_letter_with_very_many_marks_is_read_in_time(read: Callable[[str], str]) -> None:
    # in the square of its length it would take some minutes
    assert read("e" + "\u0301\u0323" * 200_000)
