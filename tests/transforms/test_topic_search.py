"""That the search finds what a search word by word finds, and where it stands."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.topics.search import LONGEST_WORD, Automaton, list_words, patterns_of

LONG = ("x" * LONGEST_WORD, "y" * (LONGEST_WORD + 1))
WORDS = ("a", "b", "ab", "abcdefgh", "abcdefghi", *LONG, "+")
PATTERNS = st.lists(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=4), min_size=1, max_size=8
)
TEXTS = st.lists(
    st.lists(st.sampled_from([*WORDS, *(" ", "  ", "-", "\x00", "A", "abC")]), max_size=12).map(
        " ".join
    ),
    max_size=4,
)


@settings(deadline=None)
@given(patterns=PATTERNS, texts=TEXTS)
def test_patterns_are_found_wherever_their_words_follow_each_other(
    patterns: list[list[str]], texts: list[str]
):
    automaton = Automaton(" ".join(words) for words in patterns)
    hits = automaton.find(texts)
    found = sorted(
        (text, count, automaton.patterns[pattern])
        for text, count, pattern in zip(
            hits.text.tolist(), hits.count.tolist(), hits.pattern.tolist(), strict=True
        )
    )
    expected = [
        (number, len(pattern.split(" ")), pattern)
        for number, words in enumerate(list_words([text.lower() for text in texts]))
        for pattern in automaton.patterns
        for begin in range(len(words))
        if words[begin : begin + len(pattern.split(" "))] == pattern.split(" ")
        if all(len(word) <= LONGEST_WORD for word in pattern.split(" "))
    ]
    assert found == sorted(expected)
    columns = (hits.text, hits.start, hits.end, hits.pattern)
    for text, start, end, pattern in zip(*(one.tolist() for one in columns), strict=True):
        assert patterns_of([texts[text][start:end]]) == [automaton.patterns[pattern]]


def test_words_are_parted_by_separators_and_every_mark_is_one():
    assert list_words(["GPT-4.5 (new)", "", "a_b\tc"]) == [
        ["GPT", "4", ".", "5", "(", "new", ")"],
        [],
        ["a", "b", "c"],
    ]


@pytest.mark.parametrize("length", [8, 9, 16, 17, LONGEST_WORD])
def test_words_that_differ_in_one_letter_are_told_apart(length: int):
    one, other = "a" * length, "a" * (length - 1) + "b"
    assert Automaton([one]).find([other]).count.tolist() == []
    assert Automaton([one]).find([f"{other} {one}"]).start.tolist() == [length + 1]
