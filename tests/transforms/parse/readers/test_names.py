"""Names in the ways in which people write lists of them."""

import pytest

from transforms.parse.readers.bylines import byline_before_dash
from transforms.parse.readers.names import (
    is_ambiguous,
    says_more,
    split_names,
)

ADA, BEN = "Ada Example", "Ben Sample"


@pytest.mark.parametrize(
    "text, names",
    [
        ("Ada Example, Ben Sample, and Cy Model", [ADA, BEN, "Cy Model"]),
        ("Ada Example & Ben Sample", [ADA, BEN]),
        ("Ada Example <ada@here.example>, Ben Sample [ben@here.example]", [ADA, BEN]),
        ("Ada Example|Ben Sample", [ADA, BEN]),
        ("Ada Example\nBen Sample", [ADA, BEN]),
        ("Ada Example,\n  Ben Sample", [ADA, BEN]),
        ("王小明、李雷", ["王小明", "李雷"]),
        ("Example, A., Sample, B.", ["A. Example", "B. Sample"]),
        ("Example, A.-M., Sample, B. C.", ["A.-M. Example", "B. C. Sample"]),
        ("Example, Ada; Sample, Ben", ["Example, Ada", "Sample, Ben"]),
        ("Ada Example, Ph.D., Ben Sample, MD", [ADA, BEN]),
        ("Ada Example, Jr., Ben Sample, III", ["Ada Example Jr.", "Ben Sample III"]),
        ("Ada Example1, Ben Sample2,3", [ADA, BEN]),
        ("Ada Example*, Ben Sample†", [ADA, BEN]),
        ("Ada Example et al.", [ADA]),
        ("Ada Example, Ben Sample, +12 more", [ADA, BEN]),
        ("The ATLAS Collaboration: A. Example", ["The ATLAS Collaboration", "A. Example"]),
        ("Collaboration ATLAS: A. Example", ["Collaboration ATLAS", "A. Example"]),
        ("Ada Example (for the ATLAS Collaboration), Ben Sample", [ADA, BEN]),
        ("Ada Example / Ben Sample", [ADA, BEN]),
        ("Ada Example und Ben Sample", [ADA, BEN]),
        ("Ada Example et Ben Sample", [ADA, BEN]),
        ("By Ada Example and Ben Sample", [ADA, BEN]),
        ("Authors: Ada Example, Ben Sample", [ADA, BEN]),
        ("Dr. Ada Example, Prof. Dr. Ben Sample", [ADA, BEN]),
        ("Example, Ada and Sample, Ben", [ADA, BEN]),
        ("Ada Example, Ben Sample and Cy Model, Di Test", [ADA, BEN, "Cy Model", "Di Test"]),
        ("Ada Example<sup>1</sup>, Ben Sample<sup>2,3</sup>", [ADA, BEN]),
        ("Ada Example$^{1,2}$, Ben Sample^3", [ADA, BEN]),
        ("Ada Example¹, Ben Sample²,³", [ADA, BEN]),
        ("Ada Example, on behalf of the ATLAS Collaboration", [ADA, "the ATLAS Collaboration"]),
        ("Ada Example, ada@site.example, Ben Sample", [ADA, BEN]),
        ("", []),
    ],
)
def test_names_are_told_from_what_stands_between_them(text: str, names: list[str]) -> None:
    assert split_names(text) == names


@pytest.mark.parametrize("name", ["Plato", "Wu, Wei", "A. B. Example", "OpenAI", "GPT-4 Team"])
def test_a_single_name_between_semicolons_stays(name: str) -> None:
    assert split_names(f"{name};") == [name]


@pytest.mark.parametrize(
    "text, is_so",
    [
        ("Example, Ada", True),
        ("Example, Ada, Sample, Ben", True),
        ("Example, A., Sample, B.", False),
        ("Ada Example, Plato", False),
        ("Plato, PhD", False),
        ("Ada Example, Sample, B.", True),
        ("Fei Example and Sample, Ben", True),
        ("Example, Ada and Sample, Ben", False),
        ("Plato, Ada Example and Ben Sample", False),
        ('{\\"O}zg\\"ur Example, Ben Sample', False),
        ("Ada Example, Ben Sample", False),
        ("王小明, 李雷", False),
    ],
)
def test_single_words_between_commas_may_be_names_or_halves_of_them(text: str, is_so: bool) -> None:
    assert is_ambiguous(text) == is_so


@pytest.mark.parametrize(
    "text, is_so",
    [
        ("Ada Example, +12", True),
        ("Ada Example (+12 more)", True),
        ("Ada Example & 3 more authors", True),
        ("Ada Example and others", True),
        ("Ada Example et al. (STAR Collaboration)", True),
        ("['Ada Example', 'et al.']", True),
        ("12 authors", True),
        ("Ada Example, Ben Sample...", True),
        ("Ada Example, [...], Ben Sample", True),
        ("Ada Example, …, Ben Sample", True),
        ("Ada Example, Ben Sample [and 4 more]", True),
        ("Ada Example, Ben Sample等", True),
        ("Ada Example, Al Moreno", False),
        ("Ada Example2", False),
    ],
)
def test_a_list_of_names_says_in_many_ways_that_it_is_not_whole(text: str, is_so: bool) -> None:
    assert says_more(text) == is_so


@pytest.mark.parametrize(
    "text, names",
    [
        ("Ada Example, Ben Sample — We study small things.", "Ada Example, Ben Sample"),
        ("Ada van der Example and B. Sample - We study.", "Ada van der Example and B. Sample"),
        ("Ada Example, +3 more — We study.", "Ada Example, +3 more"),
        ("Ada Example — We study.", None),
        ("Deep models — large ones, small ones — are alike.", None),
        ("Ada Example, who saw it — We study.", None),
        ("We study Ada Example, Ben Sample.", None),
    ],
)
def test_names_before_a_dash_are_told_from_a_sentence(text: str, names: str | None) -> None:
    found, rest = byline_before_dash(text)
    assert (found, rest) == (names, text[len(names) + 3 :] if names else text)
