"""Texts that a spreadsheet would take for a formula: they are told by their first sign."""

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import polars as pl

_UNSEEN: Final = r"[\s\x00-\x1f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]"
"""A spreadsheet may drop these from the beginning of a text."""
FORMULA: Final = rf"^(?:[\t\r]|{_UNSEEN}*[=+\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b])"
"""The signs also in the width in which East Asian spreadsheets take them."""
NUMBER: Final = r"^\s*[+-]?\d[\d.,]*(?:[eE][+-]?\d+)?%?\s*$"
_IS_FORMULA = re.compile(FORMULA)
_IS_NUMBER = re.compile(NUMBER)


def is_formula(text: str) -> bool:
    """Tell whether a spreadsheet would take a text for a formula."""
    return _IS_FORMULA.match(text) is not None and not _IS_NUMBER.fullmatch(text)


def escape_formulas(rows: "pl.DataFrame") -> "pl.DataFrame":
    """Return rows of which every such text has an apostrophe before it."""
    import polars as pl

    text = pl.col(pl.String)
    is_suspect = text.str.contains(FORMULA) & ~text.str.contains(NUMBER)
    return rows.with_columns(pl.when(is_suspect).then("'" + text).otherwise(text).name.keep())
