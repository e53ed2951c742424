"""Text of others: what steers is made visible, all else stays as it is."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.visible import on_one_line, visible, visible_json

STEERING = [
    *("\x1b[2J", "\x1b]0;t\x07", "\x9b31m", "\x08", "\r", "\x7f"),
    *("\u202e", "\u2066", "\ud800", "\ufeff", "\U000e0041"),
]


@pytest.mark.parametrize("text", STEERING)
def test_what_steers_is_shown_as_an_escape(text: str) -> None:
    shown = visible(f"a{text}b")
    assert shown.isprintable()
    assert shown.startswith("a\\")
    assert shown.endswith("b")


@pytest.mark.parametrize("text", ["plain", "é 論文 😀", "a\tb\nc", "\u200d👩‍🔬", "soft\xadhyphen"])
def test_all_other_text_stays(text: str) -> None:
    assert visible(text) == text


def test_on_one_line_a_newline_is_shown_too() -> None:
    assert on_one_line("a\nb\x1b") == "a\\nb\\x1b"


@given(st.text())
def test_nothing_that_is_shown_has_a_control_character(text: str) -> None:
    shown = on_one_line(text)
    assert not any(unicodedata.category(c) in ("Cc", "Cs") and c != "\t" for c in shown)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_json_says_the_same(text: str) -> None:
    assert json.loads(visible_json(json.dumps(text, ensure_ascii=False))) == text
