"""Letters in the spellings of LaTeX and HTML, and what arXiv writes around texts."""

import polars as pl
import pytest

from transforms.text import clean_abstracts, clean_lists, clean_texts, clean_titles, title_keys


def cleaned(text: str) -> str | None:
    (shown,) = clean_texts(pl.Series([text]))
    return None if shown is None else str(shown)


def title(text: str) -> str:
    (shown,) = clean_titles(pl.Series([text]))
    return str(shown)


SPELLINGS = [
    *('Schr\\"odinger', 'Schr{\\"o}dinger', 'Schr\\"{o}dinger', 'Schr{\\"{o}}dinger'),
    *("Schröd\xadinger", "Schr&ouml;dinger", "Schr&amp;ouml;dinger", "Schro\u0308dinger"),
    "Schr\u200bödinger",
]


@pytest.mark.parametrize("spelled", SPELLINGS)
def test_every_spelling_of_a_letter_is_the_letter(spelled: str) -> None:
    assert cleaned(spelled) == "Schrödinger"
    assert title_keys(clean_titles(pl.Series([spelled]))).to_list() == ["schrödinger"]
    assert clean_lists(pl.Series([[f"Erwin {spelled}"]])).to_list() == [["Erwin Schrödinger"]]


@pytest.mark.parametrize(
    "spelled, letters",
    [
        ("\\'{\\i}le \\c{c}a {\\ss} \\o{}re \\l{}od", "íle ça ß øre łod"),
        ("Erd\\H{o}s and Ho\\v{r}ava", "Erdős and Hořava"),
        ("Erd{\\H o}s, Erd\\H os, {\\v C}ech and Gar{\\c c}on", "Erdős, Erdős, Čech and Garçon"),
        ("Nguy\\~{\\^e}n and Nguy{\\~\\^e}n", "Nguyễn and Nguyễn"),
        ("\\DJ or\\dj e M\\o, Weierstra\\ss", "Đorđe Mø, Weierstraß"),
        ("a \\& b \\% c", "a & b % c"),
        ("Poincar\\\\'e maps", "Poincaré maps"),
        ('Wei\\textendash Li, Gr\\"obner\\ bases', "Wei–Li, Gröbner bases"),
        ("\\'\\i ntegral", "íntegral"),
        ("\\textcolor{red}{Red} \\href{https://a.example}{Link}", "Red Link"),
        ("R&amp;D, R&amp;amp;D", "R&D, R&D"),
        pytest.param(f"R&amp;D &#{'0' * 5_000}65; &#{'9' * 5_000};", "R&D A \ufffd", id="long"),
    ],
)
def test_letters_of_latex_and_html_are_read(spelled: str, letters: str) -> None:
    assert cleaned(spelled) == letters


@pytest.mark.parametrize(
    "shown, text",
    [
        ("SchrÃ¶dinger", "Schrödinger"),
        ("SchrÃƒÂ¶dinger", "Schrödinger"),
        ("Schr&Atilde;&para;dinger", "Schrödinger"),
        ("Donâ€™t Stop", "Don’t Stop"),
        ("SchrÃ¶dinger – a “good” plan", "Schrödinger – a “good” plan"),
        ("Ð\x9cÐ¾Ñ\x81ÐºÐ²Ð°", "Москва"),
        ("3Â°C, 5 Âµm", "3°C, 5 μm"),
        # not certain
        ("Ã is a letter", "Ã is a letter"),
        ("CAFÉ’s und GROß–", "CAFÉ’s und GROß–"),
        ("SÃO Paulo, Ångström, Âge", "SÃO Paulo, Ångström, Âge"),
    ],
)
def test_utf_8_that_was_read_as_windows_1252_is_undone_where_that_is_certain(
    shown: str, text: str
) -> None:
    assert cleaned(shown) == text
    assert title(shown) == text
    assert clean_lists(pl.Series([[f"Ada {shown}"]])).to_list() == [[f"Ada {text}"]]


@pytest.mark.parametrize(
    "text", ["$\\bar{x} \\'e$ and $\\hat o$", "\\alpha-GAN", "\\~x", "AT&T", "a & b", "x < y > z"]
)
def test_formulas_and_what_only_looks_like_a_letter_stay(text: str) -> None:
    assert cleaned(text) == text


@pytest.mark.parametrize(
    "shown, bare",
    [
        ("H<sub>2</sub>O for <i>free</i>", "H2O for free"),
        ("A &lt;b&gt;bold&lt;/b&gt; move", "A bold move"),
        ("One<br/>Two", "One Two"),
        ("List<T> and x<y", "List<T> and x<y"),
        ("Quiet Lakes. (arXiv:2311.00013v1 [econ.EM])", "Quiet Lakes"),
        ("Quiet Lakes (arXiv:2311.00013v2 [cs.LG] UPDATED)", "Quiet Lakes"),
        ("Quiet Lakes (arXiv:math/0211159v1 [math.DG])", "Quiet Lakes"),
        ("Comments on (arXiv:2311.00013)", "Comments on"),
        ("[2311.00013v1] Quiet Lakes", "Quiet Lakes"),
        ("[Re] Quiet Lakes", "[Re] Quiet Lakes"),
        ("Title:Quiet Lakes", "Quiet Lakes"),
        ("Paper page - Quiet Lakes", "Quiet Lakes"),
        ('<h3 class="t">Quiet Lakes</h3>', "Quiet Lakes"),
        ("Lakes (a study)", "Lakes (a study)"),
    ],
)
def test_a_title_has_no_tags_and_no_id_around_it(shown: str, bare: str) -> None:
    assert title(shown) == bare


def test_an_abstract_begins_where_the_author_began() -> None:
    shown = ["arXiv:2404.00011v1 Announce Type: cross \nAbstract: We look.", "arXiv:2404 is old."]
    assert clean_abstracts(pl.Series(shown)).to_list() == ["We look.", "arXiv:2404 is old."]
