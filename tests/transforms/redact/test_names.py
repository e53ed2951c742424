"""Erasing names from texts: every spelling of a name and nothing else."""

import html
import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transforms.redact.samples import NAME, NAMES, SPELLINGS
from transforms.errors import UnfitNameError
from transforms.redact.names import ERASED, Names

OTHERS = (
    "Zoë Quillfeathers",
    "AnaZoë Quillfeather",
    "\\u00e9Zoë Quillfeather",
    "Zoe\u0308\u0301 Quillfeather",
    "Ana-Zoë Quillfeather",
    "Zoë Quillfeather-Smith",
    "Zoë Ann Quillfeather",
    "ZoëQuillfeather",
    "John Quillfeather, Zoë Smith",
    '"John Quillfeather", "Zoë Smith"',
)


@pytest.mark.parametrize("spelled", SPELLINGS)
def test_a_name_is_found_in_every_spelling_and_nothing_beside_it_is_touched(spelled: str) -> None:
    for before, after in (("by ", "'s team"), ("\\n", "\\n"), ("<b>", "</b>"), ('"', '"')):
        text = before + spelled + after
        assert NAMES.holds(text)
        assert NAMES.erase(text) == (before + ERASED + after, 1)


@pytest.mark.parametrize("other", OTHERS)
def test_another_name_stays(other: str) -> None:
    assert not NAMES.holds(other)
    assert NAMES.erase(other) == (other, 0)


def test_a_word_that_is_a_key_of_json_stays_and_is_erased_from_values() -> None:
    names = Names(["Title"])
    text = '{"title": "My title", \'title\' : 1, \\"title\\": 2, "a": "title"}'
    erased = text.replace("My title", f"My {ERASED}").replace('"title"}', f'"{ERASED}"}}')
    assert names.erase(text) == (erased, 2)
    assert names.erase(erased) == (erased, 0)
    assert Names(["Ann Lee"]).erase('{"Ann Lee": 1}') == (f'{{"{ERASED}": 1}}', 1)


def test_ann_lee_is_not_in_joann_leeson() -> None:
    names = Names(["Ann Lee"])
    text = "Joann Leeson and Ann Lee"
    assert names.erase(text) == (f"Joann Leeson and {ERASED}", 1)


@pytest.mark.parametrize(
    ("text", "erased"),
    [
        (
            "<keyname>Quillfeather</keyname>\n <forenames>Zo&#235;</forenames>",
            f"<keyname>{ERASED}</keyname>\n <forenames>{ERASED}</forenames>",
        ),
        ('[["Quillfeather", "Zo\\u00eb", ""]]', f'[["{ERASED}", "{ERASED}", ""]]'),
        ("<c>Quillfeather, Zoë</c>", f"<c>{ERASED}, {ERASED}</c>"),
        ("Lee, Ann; Quillfeather, Zoë; Roe, A", f"Lee, Ann; {ERASED}, {ERASED}; Roe, A"),
        ("<b>Zoë</b> <i>Quillfeather</i>", f"<b>{ERASED}</b><i></i>"),
    ],
)
def test_a_name_in_parts_is_found_where_the_format_shows_one_person(text: str, erased: str) -> None:
    assert NAMES.holds(f" {text}")
    assert NAMES.erase(f" {text}") == (f" {erased}", 1)


def test_names_without_spaces_between_words_are_found_within_a_sentence() -> None:
    assert Names(["王小明"]).erase("论文由王小明写成 \\u738b\\u5c0f\\u660e") == (
        f"论文由{ERASED}写成 {ERASED}",
        2,
    )


@pytest.mark.parametrize("name", ["", "  ", "Xi", "A", "erased", "a b"])
def test_what_is_too_short_for_a_name_is_not_looked_for(name: str) -> None:
    with pytest.raises(UnfitNameError):
        Names([name])


def _escapes(character: str) -> st.SearchStrategy[str]:
    forms = {
        character,
        character.swapcase(),
        unicodedata.normalize("NFD", character),
        *(f"&#{ord(character)};", f"&#x{ord(character):x};", f"&#x{ord(character):X};"),
        *(f"&amp;#{ord(character)};", f"\\u{ord(character):04x}", f"\\\\u{ord(character):04X}"),
        html.escape(character).encode("ascii", "xmlcharrefreplace").decode(),
        json.dumps(character)[1:-1],
    }
    return st.sampled_from(sorted(form for form in forms if len(form) > 0))


spelled_names = st.tuples(*map(_escapes, NAME)).map("".join)
fillers = st.text(st.characters(codec="utf-8", exclude_characters='\\&%"'), max_size=20)


@given(spelled_names, fillers, fillers)
def test_a_name_whose_letters_are_escaped_each_in_its_own_way_is_erased(
    spelled: str, before: str, after: str
) -> None:
    text = f"{before} {spelled} {after}"
    assert NAMES.holds(text)
    erased, count = NAMES.erase(text)
    assert count == 1
    assert erased == f"{before} {ERASED} {after}"
    assert not NAMES.holds(erased)


def test_a_reference_of_thousands_of_digits_is_read_as_any_other() -> None:
    names = Names(["Ann Lee"])
    zeros = "0" * 5_000
    assert not names.holds(f"&#{zeros}; &#{'9' * 5_000}; &#x{zeros};")
    assert names.holds(f"Ann &#{zeros}76;ee")
    assert names.erase(f"by Ann &#{zeros}76;ee &#{zeros}") == (f"by [erased] &#{zeros}", 1)


def test_a_name_is_found_behind_tags_and_backslashes_in_a_row() -> None:
    names = Names(["Ann Lee"])
    text = "<keyname>, <i><b> \\n<i>Lee</keyname><forenames>Ann</forenames> \\\\\\\\u004cee, Ann;"
    assert names.erase(text)[1] == 2
    assert names.erase(";<i> <b>Lee, Ann;")[0] == ";<i> <b>[erased], [erased];"
