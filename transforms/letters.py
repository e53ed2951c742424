"""Letters as LaTeX and HTML spell them, and what arXiv writes around its titles and abstracts."""

import html
import re
import unicodedata
from functools import cache

import polars as pl

_ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", ".": "\u0307",
    '"': "\u0308", "u": "\u0306", "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323",
    "c": "\u0327", "k": "\u0328", "b": "\u0331",
}  # fmt: skip
"""Sign of LaTeX to combining mark."""
_LETTERS = {
    "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ",
    "aa": "å", "AA": "Å", "i": "\u0131", "j": "\u0237", "dj": "đ", "DJ": "Đ", "dh": "ð", "DH": "Ð",
    "th": "þ", "TH": "Þ",
}  # fmt: skip
_BASES = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ACCENTED_BASES = "âêôăÂÊÔĂöüÖÜ"
"""Letters that may bear a second accent, as in Vietnamese."""
_PUNCTUATION = ",.;:-)'\""
_INLINE_TAG = (
    r"(?i)</?(?:(?:jats:)?(?:a|abbr|b|big|bold|code|em|font|i|inf|italic|mark|roman|sc|scp|small|span"
    r"|strong|sub|sup|tt|u)|(?:mml:)?(?:math|mi|mn|mo|mover|mrow|mspace|msub|msubsup|msup|mtext"
    r"|munder)|jats:[a-z-]{2,20})(?:\s+[\w:-]+\s*=[^<>]{0,200})?\s*/?>"
)
"""Tags of HTML and, as Crossref hands titles and abstracts on, of JATS and MathML."""
_BREAKING_TAG = (
    r"(?i)</?(?:(?:jats:)?p|br|div|h[1-6]|(?:jats:)?sec)(?:\s+[\w:-]+\s*=[^<>]{0,200})?\s*/?>"
)
_CLOSING_TAG = r"(?i)(?:<|&lt;)/(?:jats:|mml:)?[a-z]{1,10}(?:>|&gt;)|<br\s*/?>"
_REFERENCE = r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
_LONG_REFERENCE = re.compile("&#([0-9]{20,});?")
"""A number that Python reads no more where it has thousands of digits, be they zeros."""
_DIGITS_OF_CODE = 7
_FORMULA = re.compile(r"(\$[^$]*\$)")
_SPELLED = (
    r"\\(?:[`'^~=.\"]|[urHvdckb](?:\s*\{| [A-Za-z])"
    r"|(?:o|O|l|L|ss|ae|AE|oe|OE|aa|AA|i|j|dj|DJ|dh|DH|th|TH)\b)"
)
_LATEX_SPACE = r"\\\\(?:\s|$)|\\ |[A-Za-z]{2}~[A-Za-z]{2}"
"""A line break, a space after a command, and the tie that joins two words: ``et~al``."""
_SPACE = re.compile(r"\\(?= )")
_BREAK = re.compile(r"\\\\(?=\s|$)")
_TIE = re.compile(r"(?<=[A-Za-z]{2})~(?=[A-Za-z]{2})")
_NAMED_SIGN = re.compile(
    r"\\(textendash|textemdash|textquotedblleft|textquotedblright|textquoteleft|textquoteright"
    r"|textquotesingle|textellipsis|ldots|dots)(?:\{\}|(?![A-Za-z]) ?)"
)
_SIGNS = {
    "textendash": "\u2013", "textemdash": "\u2014", "textquotedblleft": "\u201c",
    "textquotedblright": "\u201d", "textquoteleft": "\u2018", "textquoteright": "\u2019",
    "textquotesingle": "'", "textellipsis": "...", "ldots": "...", "dots": "...",
}  # fmt: skip
_TWICE_ESCAPED = re.compile(r"(?:^|(?<=[A-Za-z\s]))\\\\(?=[`'^~=.\"][A-Za-z{\\])")
"""The backslash of an accent, as JSON that was escaped twice has it."""
_DOUBLE_ENCODED = (
    r"[\x{c2}-\x{f4}][\x{80}-\x{bf}\x{152}\x{153}\x{160}\x{161}\x{178}\x{17d}\x{17e}\x{192}"
    r"\x{2c6}\x{2dc}\x{2013}-\x{203a}\x{20ac}\x{2122}]"
)
"""A letter of two bytes or more in UTF-8 that was read as Windows-1252."""
_UNCERTAIN = r"[\x{c2}\x{c3}](?: |$)"
"""A letter that may have lost its second half, or be one of its own."""
_LETTER_AT_END = re.compile(r"\\[A-Za-z]{1,2}$")
_DEEPEST = 3
_TITLE_PREFIX = r"^\s*(?:\[(?:arXiv:)?\d{4}\.\d{4,5}(?:v\d{1,3})?\]\s+|Title:\s*|Paper page - )"
"""What the pages of arXiv and Hugging Face write before a title, which readers and notes keep."""
_TITLE_SUFFIX = (
    r"\.?\s*\(arXiv:[^\s()]{5,40}\s*(?:\[[\w.-]{2,20}\])?(?:\s(?:UPDATED|CROSS LISTED))*\)\s*$"
)
_ABSTRACT_PREFIX = (
    r"^\s*(?:arXiv:\S{5,40}\s+Announce Type:\s*[A-Za-z_-]+\s*(?:Abstract:\s*)?|Abstract:\s*)"
)
_HEADING = (
    r"(?i)^\s*<((?:jats:)?(?:title|h[1-6]|b|strong))>\s*abstract\s*:?\s*"
    r"</(?:jats:)?(?:title|h[1-6]|b|strong)>\s*:?"
)
_SEARCH_PAGE = r"\s*(?:▽ More|△ Less)\s*$"
"""What arXiv's search pages have behind an abstract; a cut one has an ellipsis before it."""
_READ_ON = (
    r"(?i)((?:\.\.\.|…)[\])]?)\s*[\[(]?(?:read|continue|show|see|view)\s"
    r"(?:more|reading|full|on|the)\b[^.]{0,30}$"
)
"""What pages put behind an abstract that they cut."""


def replace_latex_letters(texts: pl.Series) -> pl.Series:
    r"""Return texts with ``\"o``, ``{\'e}``, ``\c{c}`` and ``\o`` as the letters that they mean.

    Formulas between dollars stay, and so does an accent over a letter that has none (``\~x``).
    """
    spelled = texts.str.contains(_SPELLED).fill_null(False).arg_true()
    if not spelled.len():
        return texts
    # a command ends with a space, which the end of a text stands for
    plain = (_TWICE_ESCAPED.sub("\\\\", text) for text in texts.gather(spelled))
    shown = [f"{text} " if _LETTER_AT_END.search(text) else text for text in plain]
    split = [_FORMULA.split(text) for text in shown]
    # one search in all that is outside of formulas: it is building the automaton that costs
    outside = pl.Series([part for parts in split for part in parts[::2]], dtype=pl.String)
    replaced = iter(_replace_all(_replace_all(outside, _spellings()), _second_accents()))
    for parts in split:
        parts[::2] = [next(replaced) for _ in parts[::2]]
    return texts.scatter(spelled, pl.Series(["".join(parts) for parts in split], dtype=pl.String))


def replace_latex_spaces(texts: pl.Series) -> pl.Series:
    r"""Return texts with ``\\`` at the end of a line and ``~`` between words as spaces; formulas
    between dollars stay.
    """
    spaced = texts.str.contains(_LATEX_SPACE).fill_null(False).arg_true()
    if not spaced.len():
        return texts
    split = [_FORMULA.split(text) for text in texts.gather(spaced)]
    for parts in split:
        parts[::2] = [_SPACE.sub("", _TIE.sub(" ", _BREAK.sub(" ", part))) for part in parts[::2]]
    return texts.scatter(spaced, pl.Series(["".join(parts) for parts in split], dtype=pl.String))


def _replace_all(texts: pl.Series, spellings: dict[str, str]) -> pl.Series:
    return texts.str.replace_many(list(spellings), list(spellings.values()), leftmost=True)


def undo_double_encoding(texts: pl.Series) -> pl.Series:
    """Return texts in which UTF-8 was read as Windows-1252 as they were: ``SchrÃ¶dinger`` is
    ``Schrödinger``. A text of which it is not certain stays as it is.
    """
    rare = texts.str.contains(_DOUBLE_ENCODED).fill_null(False).arg_true()
    if not rare.len():
        return texts
    # it takes 0.15 s to import, and hardly any batch needs it
    from ftfy import TextFixerConfig, fix_encoding

    config = TextFixerConfig(restore_byte_a0=False, replace_lossy_sequences=False)
    shown = texts.gather(rare)
    mended = pl.Series([fix_encoding(text, config) for text in shown], dtype=pl.String)
    is_certain = ~(shown.str.contains(_UNCERTAIN) | mended.str.contains(_DOUBLE_ENCODED))
    return texts.scatter(rare, mended.zip_with(is_certain, shown))


def replace_named_signs(texts: pl.Series) -> pl.Series:
    r"""Return texts with ``\textendash`` and the like as the signs that they mean."""
    named = texts.str.contains(r"\\(?:text[eq]|l?dots)").fill_null(False).arg_true()
    if not named.len():
        return texts
    split = [_FORMULA.split(text) for text in texts.gather(named)]
    for parts in split:
        parts[::2] = [_NAMED_SIGN.sub(lambda sign: _SIGNS[sign[1]], part) for part in parts[::2]]
    return texts.scatter(named, pl.Series(["".join(parts) for parts in split], dtype=pl.String))


def replace_references(texts: pl.Series) -> pl.Series:
    """Return texts with HTML's character references replaced, also those written twice."""
    for _ in range(_DEEPEST):
        rare = texts.str.contains(_REFERENCE).fill_null(False).arg_true()
        if not rare.len():
            break
        readable = [unescape(text) for text in texts.gather(rare)]
        texts = texts.scatter(rare, pl.Series(readable, dtype=pl.String))
    return texts


def unescape(text: str) -> str:
    """Return a text with HTML's character references replaced, of however many digits."""
    return html.unescape(_LONG_REFERENCE.sub(_of_number, text))


def _of_number(found: re.Match[str]) -> str:
    digits = found[1].lstrip("0")
    return f"&#{digits or 0};" if len(digits) <= _DIGITS_OF_CODE else "\ufffd"


def without_tags(texts: pl.Series) -> pl.Series:
    """Return texts without the tags of HTML that set letters; ``x<y`` and ``List<T>`` stay."""
    return texts.str.replace_all(_BREAKING_TAG, " ").str.replace_all(_INLINE_TAG, "")


def without_title_suffix(titles: pl.Series) -> pl.Series:
    """Return titles without ``(arXiv:2311.00013v1 [econ.EM])``, which arXiv's old feeds append, and
    without ``[2311.00013]``, with which the titles of its pages begin.
    """
    return titles.str.replace(_TITLE_SUFFIX, "").str.replace(_TITLE_PREFIX, "")


def announced_with(abstract: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """Return version and announce type that arXiv writes before an abstract; null without them."""
    return (
        abstract.str.extract(r"^\s*arXiv:\S{5,40}?v(\d{1,4})\s+Announce Type:"),
        abstract.str.extract(r"^\s*arXiv:\S{5,40}\s+Announce Type:\s*([A-Za-z_-]+)"),
    )


def announced_in_title(title: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """Return version and announce type that arXiv's old feeds append to a title; null without them.

    ``(arXiv:2311.00013v2 [econ.EM] UPDATED)`` is a replacement. No mark says nothing.
    """
    suffix = title.str.extract(f"({_TITLE_SUFFIX})")
    is_cross = suffix.str.contains("CROSS LISTED", literal=True)
    is_update = suffix.str.contains("UPDATED", literal=True)
    kind = (
        pl.when(is_cross & is_update)
        .then(pl.lit("replace-cross"))
        .when(is_update)
        .then(pl.lit("replace"))
        .when(is_cross)
        .then(pl.lit("cross"))
    )
    return suffix.str.extract(r"\(arXiv:\S{5,40}?v(\d{1,4})[\s\[)]"), kind


def without_abstract_frame(abstracts: pl.Series) -> pl.Series:
    """Return abstracts without what is written around them: ``arXiv:2404.00011v1 Announce Type:
    cross Abstract:`` before, tags (where one is closed: ``<b>`` alone is a mean value), and
    ``Read more`` behind a cut.
    """
    abstracts = abstracts.str.replace(_HEADING, "").str.replace(_SEARCH_PAGE, "")
    is_tagged = abstracts.str.contains(_CLOSING_TAG).fill_null(False).arg_true()
    if is_tagged.len():
        tagged = replace_references(abstracts.gather(is_tagged))
        abstracts = abstracts.scatter(is_tagged, without_tags(tagged))
    return abstracts.str.replace(_ABSTRACT_PREFIX, "").str.replace(_READ_ON, "${1}")


@cache
def _spellings() -> dict[str, str]:
    """Return every spelling of a letter, the longer ones first."""
    spellings: dict[str, str] = {}
    for sign, mark in _ACCENTS.items():
        for base in _BASES:
            bases = [base, f"\\{base}"] if base in "ij" else [base]
            for shown in bases:
                spellings |= _accented(sign, mark, base, shown)
    for name, letter in _LETTERS.items():
        spellings |= dict.fromkeys((f"{{\\{name}}}", f"\\{name}{{}}"), letter)
        spellings[f"\\{name} "] = letter
        spellings |= {f"\\{name}{sign}": f"{letter}{sign}" for sign in _PUNCTUATION}
    return dict(sorted(spellings.items(), key=lambda item: -len(item[0])))


@cache
def _second_accents() -> dict[str, str]:
    """Return every spelling of a letter with two accents, of which one has been read."""
    spellings: dict[str, str] = {}
    for sign, mark in _ACCENTS.items():
        for base in _ACCENTED_BASES:
            spellings |= _accented(sign, mark, base, base)
    return dict(sorted(spellings.items(), key=lambda item: -len(item[0])))


def _accented(sign: str, mark: str, base: str, shown: str) -> dict[str, str]:
    """Return the spellings of a letter with an accent; none where there is no such letter."""
    letter = unicodedata.normalize("NFC", base + mark)
    forms = _forms(sign, shown)
    # a command eats the space behind it
    forms += [f"{form} " for form in forms if form.endswith(shown) and shown.startswith("\\")]
    return dict.fromkeys(forms, letter) if len(letter) == 1 else {}


def _forms(sign: str, base: str) -> list[str]:
    forms = [f"{{\\{sign}{{{base}}}}}", f"\\{sign}{{{base}}}", f"{{\\{sign} {base}}}"]
    if sign.isalpha():
        return [*forms, f"\\{sign} {base}"]
    return [*forms, f"{{\\{sign}{base}}}", f"\\{sign}{base}"]
