"""How spellings and texts are compared: in ASCII, character for character, and with plurals."""

import re
import unicodedata
from typing import Final

import polars as pl

# Stand-ins for characters outside ASCII: letters of an alphabet are part of a word, all else
# (an emoji, a bullet, an ideograph) ends one.
FOREIGN_LETTER: Final = "\x1a"
_FOREIGN_MARK: Final = "\x1b"
_FOREIGN_LETTERS: Final = r"[\p{Latin}\p{Greek}\p{Cyrillic}\p{M}\p{N}&&[^\x00-\x7F]]"
_FOREIGN_SEPARATORS: Final = r"[\p{Zs}\p{Zl}\p{Zp}\x{85}\x{2010}-\x{2015}\x{2212}\x{FE63}\x{FF0D}]"
_ASCII_SEPARATORS: Final = ["-", "_", "\t", "\n", "\v", "\f", "\r"]
# Latin letters with a mark, to their base letter.
_UNMARKED: Final = {"\u2019": "'"} | {
    chr(code): base
    for code in range(0xC0, 0x250)
    if (base := unicodedata.normalize("NFD", chr(code))[0]).isascii()
}


def fold_spelling(texts: pl.Series) -> pl.Series:
    """Return texts in ASCII, character for character, so that offsets keep their meaning.

    Hyphens, underscores and white space become a space, Latin letters lose their marks, other
    characters outside ASCII become a stand-in. Case is kept; null stays null.
    """
    spaced = texts.str.replace_many(_ASCII_SEPARATORS, [" "] * len(_ASCII_SEPARATORS))
    foreign_rows = (spaced.str.len_bytes() != spaced.str.len_chars()).fill_null(False).arg_true()
    if foreign_rows.is_empty():
        return spaced
    folded = (
        spaced.gather(foreign_rows)
        .str.replace_many(list(_UNMARKED), list(_UNMARKED.values()))
        .str.replace_all(_FOREIGN_SEPARATORS, " ")
        .str.replace_all(_FOREIGN_LETTERS, FOREIGN_LETTER)
        .str.replace_all(r"[^\x00-\x7F]", _FOREIGN_MARK)
    )
    return spaced.scatter(foreign_rows, folded)


def regular_plural(form: str, kind: str) -> str | None:
    """Return the regular plural; None for what already looks like one (`LLMs`, `human values`)."""
    if kind == "acronym":
        return None if form.endswith("s") else f"{form}s"
    if form.endswith(("ss", "as", "x", "ch", "sh")):
        return f"{form}es"
    if re.search(r"[^aeiou]y$", form):
        return f"{form[:-1]}ies"
    return None if form.endswith("s") else f"{form}s"
