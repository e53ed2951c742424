"""Texts that a spreadsheet would take for a formula: they are told by their first sign."""

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import polars as pl

FORMULA: Final = r"^[=+\-@\t\r]"
NUMBER: Final = r"^[+-]?\d[\d.,]*(?:[eE][+-]?\d+)?%?$"
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
