"""Texts that people read, and the keys by which they are compared."""

import unicodedata
from random import Random
from typing import Literal

import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from transforms.text import (
    add_keys,
    clean_abstracts,
    clean_lists,
    clean_texts,
    clean_titles,
    has_control_character,
    hash_parts,
    key_text,
    own_ids,
    title_keys,
)

WORDS = "abcXYZ019éÉñßøŁжЖ中文ﬁ²ªⅣ"
"""Letters and digits that upper and lower case and NFKC treat each in its own way."""
MARKS = " -,.:;!?()'\"$^~*/\u2013\u2014\u00a0\u3000\u200b\ufeff"


def clean(text: str) -> str | None:
    """Return one text, cleaned."""
    (cleaned,) = clean_texts(pl.Series([text], dtype=pl.String)).to_list()
    return cleaned


def content_key(title: str, abstract: str) -> str:
    """Return the key of a title and an abstract as the pipeline makes it: cleaned first."""
    texts = pl.DataFrame(
        {"title": [clean(title)], "abstract": [clean(abstract)], "authors": [["Ada"]]}
    )
    key = add_keys(texts.with_columns(title_keys(texts["title"])))["content_key"].item()
    assert isinstance(key, str)
    return key


@pytest.mark.parametrize(
    "text, readable",
    {
        "two  words": "two words",
        " tabs\tand\r\nlines \n": "tabs and lines",
        "no\u00a0break\u3000here": "no break here",
        "zero\u200bwidth\ufeff": "zerowidth",
        "a\u200djoi\u200cner": "ajoiner",
        "\u202aleft\u202c to \u2066right\u2069": "left to right",
        "\u0645\u06cc\u200c\u062e\u0648": "\u0645\u06cc\u200c\u062e\u0648",
        "lines\\\\ and world~models of size~5": "lines and world models of size~5",
        r"$a \\ b$ stays": r"$a \\ b$ stays",
        "a\u0000b\u001fc": "a b c",
        "\ufb01ne \u2163": "fine IV",
        "e\u0301": "\u00e9",
        r"\emph{Deep} nets": "Deep nets",
        r"\textbf{\emph{Deep}} nets": "Deep nets",
        r"{\it Deep} {\bf nets}": "Deep nets",
        r"50\% of R\&D": "50% of R&D",
        r"$\mathcal{O}(n^2)$ stays": r"$\mathcal{O}(n^2)$ stays",
        "{A}utomatic {GPT}-4": "Automatic GPT-4",
        r"of $\frac {10}{n}$ for {B}ayes": r"of $\frac {10}{n}$ for Bayes",
        r"$K_{A}$ and \\foo{A}": r"$K_{A}$ and \\foo{A}",
    }.items(),
)
def test_a_text_is_cleaned_of_white_space_and_formatting_but_keeps_formulas(
    text: str, readable: str
) -> None:
    assert clean(text) == readable


def test_tags_of_publishers_leave_titles() -> None:
    titles = [
        "<jats:italic>E. coli</jats:italic> <mml:math><mml:mi>x</mml:mi></mml:math> of List<T>"
    ]
    assert clean_titles(pl.Series(titles)).to_list() == ["E. coli x of List<T>"]


@pytest.mark.parametrize(
    "abstract, readable",
    [
        ("<jats:p>We study</jats:p><p>more</p>", "We study more"),
        ("&lt;p&gt;We study&lt;/p&gt;", "We study"),
        ("The mean <b> of b and <a> of a", "The mean <b> of b and <a> of a"),
        ("Abstract: We study", "We study"),
        ("Abstract games are studied", "Abstract games are studied"),
        ("We study ... Read more", "We study ..."),
        ("We study [\u2026] (continue reading)", "We study [...]"),
    ],
)
def test_what_stands_around_an_abstract_leaves_it(abstract: str, readable: str) -> None:
    assert clean_abstracts(pl.Series([abstract])).to_list() == [readable]


@pytest.mark.parametrize("text", ["", " \t\n", "\u200b\u2060\ufeff", r"\emph{}", r"\emph{ }", "\0"])
def test_a_text_in_which_nothing_is_to_be_read_becomes_null(text: str) -> None:
    assert clean(text) is None


@given(st.lists(st.none() | st.text(alphabet=WORDS + MARKS + "\t\n\\{}", max_size=20), max_size=5))
def test_texts_are_cleaned_each_for_itself(texts: list[str | None]) -> None:
    together = clean_texts(pl.Series(texts, dtype=pl.String)).to_list()
    assert together == [None if text is None else clean(text) for text in texts]


@given(st.text(max_size=30))
def test_cleaning_a_text_without_markup_twice_changes_nothing_more(text: str) -> None:
    assume(not set("\\{}") & set(unicodedata.normalize("NFKC", text)))
    once = clean(text)
    assert once is None or clean(once) == once


@given(st.text(alphabet=WORDS + MARKS + "\t\n", max_size=30))
def test_a_cleaned_text_has_no_invisible_characters_and_no_double_spaces(text: str) -> None:
    cleaned = clean(text)
    assume(cleaned is not None)
    assert cleaned == " ".join(str(cleaned).split())
    assert not pl.select(has_control_character(pl.lit(cleaned))).item()


@pytest.mark.parametrize("text", [r"\emph{\textbf{\textit{x}}}", r"{\it {\bf x}}", r"\\%"])
def test_cleaning_a_text_with_nested_markup_twice_changes_nothing_more(text: str) -> None:
    once = clean(text)
    assert once is not None
    assert clean(once) == once


@given(st.text(max_size=40))
def test_a_key_holds_the_letters_and_digits_of_a_text_in_lower_case(text: str) -> None:
    lower = unicodedata.normalize("NFKC", text).lower()
    assert key_text(text) == "".join(character for character in lower if character.isalnum())


@given(st.text(alphabet=[chr(code) for code in range(128)], max_size=40))
def test_the_short_way_for_plain_texts_gives_the_same_key(text: str) -> None:
    assert key_text(text + "\u2014") == key_text(text)


TITLES = st.text(alphabet=WORDS + MARKS, min_size=1, max_size=30).filter(key_text)


@given(TITLES, TITLES, st.randoms(use_true_random=False))
def test_white_space_does_not_change_a_content_key(
    title: str, abstract: str, random: Random
) -> None:
    spread = "".join(c + random.choice(["", " ", "\n", "\u00a0"]) for c in abstract)
    assert content_key(title, spread) == content_key(title, abstract)
    assert content_key("".join(title.split()), abstract) == content_key(title, abstract)


@given(TITLES, TITLES)
def test_case_does_not_change_a_content_key(title: str, abstract: str) -> None:
    assume((title + abstract).upper().lower() == (title + abstract).lower())
    assert content_key(title.upper(), abstract.upper()) == content_key(title, abstract)


@given(TITLES, TITLES, st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
def test_another_unicode_form_does_not_change_a_content_key(
    title: str, abstract: str, form: Literal["NFC", "NFD", "NFKC", "NFKD"]
) -> None:
    other = unicodedata.normalize(form, title), unicodedata.normalize(form, abstract)
    assert content_key(*other) == content_key(title, abstract)


@given(
    TITLES,
    TITLES,
    st.sampled_from([r"\emph{%s}", r"\textbf{\emph{%s}}", r"{\it %s}", r"{\em %s}"]),
)
def test_latex_that_only_formats_does_not_change_a_content_key(
    title: str, abstract: str, command: str
) -> None:
    formatted = command.replace("%s", title)
    assert content_key(formatted, abstract) == content_key(title, abstract)
    assert content_key(title, formatted) == content_key(title, title)


@given(TITLES, TITLES)
def test_title_and_abstract_do_not_run_into_each_other(title: str, abstract: str) -> None:
    key = key_text(title)
    assume(len(key) > 1)
    assert content_key(key[:-1], key[-1] + abstract) != content_key(key, abstract)


def test_a_paper_without_abstract_has_no_content_key() -> None:
    texts = pl.DataFrame(
        {"title": ["Slow Mirrors"], "abstract": [None], "authors": [None]},
        schema={"title": pl.String, "abstract": pl.String, "authors": pl.List(pl.String)},
    )
    keyed = add_keys(texts.with_columns(title_keys(texts["title"]))).row(0, named=True)
    assert (keyed["title_key"], keyed["content_key"]) == ("slowmirrors", None)


def test_white_space_beside_a_greek_sigma_does_not_change_a_key() -> None:
    assert key_text("LΣ norm") == key_text("LΣnorm")


def content_id(authors: list[str] | None) -> str:
    """Return the content_id of one text with the given authors, cleaned as the pipeline does."""
    lists = clean_lists(pl.Series([authors], dtype=pl.List(pl.String)))
    texts = pl.DataFrame({"title": ["T"], "abstract": ["A"], "authors": lists})
    return str(add_keys(texts.with_columns(title_keys(texts["title"])))["content_id"].item())


def test_a_list_of_texts_is_cleaned_in_order() -> None:
    lists = pl.Series([["Ada  Example", " Ben\n"], [], None, ["Zoë", "\u200b"]])
    assert clean_lists(lists).to_list() == [["Ada Example", "Ben"], [], None, ["Zoë"]]


def test_a_list_of_one_empty_text_becomes_an_empty_list() -> None:
    assert clean_lists(pl.Series([[""]])).to_list() == [[]]


def test_the_order_of_authors_and_their_absence_change_a_content_id() -> None:
    lists = (["Ada", "Ben"], ["Ben", "Ada"], ["Ada Ben"], [], None)
    assert len({content_id(authors) for authors in lists}) == len(lists)


def test_an_author_with_a_separator_in_the_name_is_not_two_authors() -> None:
    assert content_id(["Ada\x1eBen"]) != content_id(["Ada", "Ben"])


def test_texts_of_one_content_id_have_equal_authors() -> None:
    kept = clean_lists(pl.Series([[""], []], dtype=pl.List(pl.String))).to_list()
    assert content_id([""]) != content_id([]) or kept[0] == kept[1]


@given(st.lists(st.none() | st.text(alphabet="ab=", max_size=3), min_size=1, max_size=4))
def test_a_missing_part_and_an_empty_one_hash_differently(parts: list[str | None]) -> None:
    assert hash_parts(*parts, None) != hash_parts(*parts, "")
    assert hash_parts(*parts) != hash_parts(*parts, None)


def test_the_id_of_an_entry_is_its_source_id_else_its_content_else_its_title() -> None:
    ids = own_ids(["arxiv:2506.01939", None, None], ["k1", "k1", None], ["t", "t", "t"]).to_list()
    assert ids[0] == "arxiv:2506.01939"
    assert len(set(ids)) == 3
    assert all(len(name) == len("title:") + 20 for name in ids[1:])


def test_a_text_of_letters_that_stand_for_many_is_read_no_further_than_any_title_goes() -> None:
    cleaned = clean_titles(pl.Series(["\ufdfa" * 300_000, "A title", None]))
    assert cleaned.str.len_chars().to_list() == [4 * 200_000 + 200, 7, None]
