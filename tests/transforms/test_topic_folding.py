"""Folding by a table of characters is folding of spellings."""

import polars as pl

from transforms.spelling import fold_spelling
from transforms.topics.folding import fold_characters


def test_a_table_folds_every_kind_of_character_as_spellings_are_folded() -> None:
    codes = [*range(0x2600), *range(0x3000, 0x3100), *range(0xFE00, 0x10000), 0x1D400, 0x1F600]
    texts = ["", "naïve Bayes", *(f"a{chr(code)}b" for code in codes), "", "\U0010ffff"]
    for _ in range(2):
        assert fold_characters(texts) == fold_spelling(pl.Series(texts)).to_list()


def test_no_text_folds_to_none() -> None:
    assert fold_characters([]) == []
