"""Names in the ways in which people write lists of them."""

import pytest

from transforms.parse.readers.names import split_names

ADA, BEN = "Ada Example", "Ben Sample"


@pytest.mark.parametrize(
    "text, names",
    [
        ("Ada Example, Ben Sample, and Cy Model", [ADA, BEN, "Cy Model"]),
        ("Ada Example & Ben Sample", [ADA, BEN]),
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
        ("Ada Example (for the ATLAS Collaboration), Ben Sample", [ADA, BEN]),
        ("", []),
    ],
)
def test_names_are_told_from_what_stands_between_them(text: str, names: list[str]) -> None:
    assert split_names(text) == names


@pytest.mark.parametrize("name", ["Plato", "Wu, Wei", "A. B. Example", "OpenAI", "GPT-4 Team"])
def test_a_single_name_between_semicolons_stays(name: str) -> None:
    assert split_names(f"{name};") == [name]
