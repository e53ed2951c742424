"""The ways in which one character can be written in the bytes of a capture, as regular expressions.

As it is, decomposed, in another width or case; as an escape of JSON or of a URL; as a reference of
XML or HTML, also escaped once more; as an accent of LaTeX; as UTF-8 that was read as Windows-1252.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable
from functools import cache
from html.entities import html5
from itertools import chain

from transforms.letters import unescape
from transforms.normal import normalise

JOINER = "\u2060"
"""Stands in for what is between letters and cannot be seen, tags within a line among it."""
_UNSEEN = (
    "\u00ad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    "\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\ufeff"
)
_SELECTORS = "\ufe00-\ufe0f\U000e0000-\U000e01ef"
"""Variation selectors and tags, as ranges: how the letter before them looks, or nothing at all."""
_INLINE = "a|abbr|b|big|br|cite|code|em|font|i|mark|small|span|strong|sub|sup|tt|u|wbr"
_TAG = re.compile(rf"</?(?:{_INLINE})\b[^<>]{{0,300}}>", re.IGNORECASE)
_DEEPEST = 5
_FOLDED = (range(0x3400), range(0xA000, 0xAC00), range(0xF900, 0x1FC00), range(0x2F800, 0x2FA20))
"""Where characters are that fold to others: outside, there are ideographs, syllables and gaps."""
_SLASHES = r"(?<!\\)\\++"
"""A whole run of backslashes: tried from its beginning alone, so that long ones take no time."""
_ESCAPE = re.compile(
    rf"{_SLASHES}(?:u([dD][89abAB][0-9a-fA-F]{{2}})\\++u([dD][c-fC-F][0-9a-fA-F]{{2}})"
    r"|u([0-9a-fA-F]{4})|([nrtbf])(?![a-z]*\{))"
)
_PERCENT = re.compile(r"(?:%[0-9a-fA-F]{2})+")
_SAME = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-") | {"\u2019": "'"})
_LATEX_ACCENTS = {
    "\u0300": "`", "\u0301": "'", "\u0302": "^", "\u0303": "~", "\u0304": "=", "\u0306": "u",
    "\u0307": ".", "\u0308": '"', "\u030a": "r", "\u030b": "H", "\u030c": "v", "\u0323": "d",
    "\u0327": "c", "\u0328": "k", "\u0331": "b",
}  # fmt: skip
_LATEX_LETTERS = {"ø": "o", "ł": "l", "å": "aa", "æ": "ae", "œ": "oe", "\u0131": "i", "ss": "ss"}
_OF_LATEX = {sign: mark for mark, sign in _LATEX_ACCENTS.items()}
_LATEX = re.compile(
    rf"\{{?{_SLASHES}"
    r"(?:([`'^~=.\"])\s?\{?\\?|([urHvdckb])(?:\s*\{|\s+)\\?)([A-Za-z])\}{0,2}"
)
_LATEX_LETTER = re.compile(
    rf"\{{?{_SLASHES}"
    r"(o|l|aa|ae|oe|i|ss|O|L|AA|AE|OE)(?:\{\}|\s+|(?=\})|\b)\}?"
)
_BYTE_OF = {
    bytes((byte,)).decode("cp1252", "ignore") or chr(byte): bytes((byte,))
    for byte in range(0x80, 0x100)
}
_LATER = "[" + "".join(sign for sign, byte in _BYTE_OF.items() if byte < b"\xc0") + "]"
_DOUBLE_ENCODED = re.compile(
    rf"[\u00c2-\u00df]{_LATER}|[\u00e0-\u00ef]{_LATER}{{2}}|[\u00f0-\u00f4]{_LATER}{{3}}"
)
_AMPERSAND = rf"(?:&|{_SLASHES}u0026)(?:(?:amp|#0*38|#[xX]0*26);)*"
_ENCODED_SELECTORS = (
    rf"[{_SELECTORS}]|{_SLASHES}u(?i:fe0[0-9a-f]|db40\\+ud[cd][0-9a-f]{{2}})"
    r"|(?i:%ef%b8%8[0-9a-f]|%f3%a0%8[0-7]%[89ab][0-9a-f])"
    rf"|{_AMPERSAND}#(?:0*(?:650[23]\d|917[5-9]\d\d)|[xX]0*(?i:fe0[0-9a-f]|e0[01][0-9a-f]{{2}}));"
)


def readable(text: str) -> str:
    """Return a text with everything decoded that may encode characters, folded to be compared."""
    return fold(_TAG.sub(JOINER, _undo_double_encoding(decode(text))))


def _undo_double_encoding(text: str) -> str:
    """Return a text whose UTF-8 was read as Windows-1252, perhaps twice, as it was."""
    for _ in range(0 if text.isascii() else 2):
        text = _DOUBLE_ENCODED.sub(_as_utf8, text)
    return text


def _as_utf8(found: re.Match[str]) -> str:
    try:
        return b"".join(_BYTE_OF[sign] for sign in found[0]).decode()
    except UnicodeDecodeError:
        return found[0]


def is_double_encoded(text: str) -> bool:
    """Tell whether a text holds what may be UTF-8 that was read as Windows-1252."""
    return _DOUBLE_ENCODED.search(decode(text)) is not None


def read_latex(text: str) -> str:
    """Return a text with the accents and letters of LaTeX as characters, folded."""
    text = _LATEX.sub(lambda found: found[3] + _OF_LATEX[found[1] or found[2]], decode(text))
    letters = {name: letter for letter, name in _LATEX_LETTERS.items()}
    text = _LATEX_LETTER.sub(lambda found: letters[found[1].lower()], text)
    return fold(_TAG.sub(JOINER, text))


def fold(text: str) -> str:
    """Return a text in which case, width and the kind of dash or apostrophe make no difference."""
    if text.isascii():
        return text.lower()
    folded = normalise(normalise(text).casefold())
    return folded.translate(_SAME)


def decode(text: str) -> str:
    """Return a text with escapes of JSON and URLs and references of HTML decoded, and again."""
    for _ in range(_DEEPEST):
        before = text
        if "\\" in text:
            text = _ESCAPE.sub(_character, text)
        if "&" in text:
            text = unescape(text)
        if "%" in text:
            text = _PERCENT.sub(_of_url, text)
        if text == before:
            break
    return text


class Plain:
    """Characters of a text that :func:`readable` made."""

    gap = rf"[\s+{_UNSEEN}{_SELECTORS}]"
    tag_end = ">"
    quote = '"'
    unseen = f"[{_UNSEEN}{_SELECTORS}]*"

    def word(self, word: str) -> str:
        """Return the expression of a folded word."""
        return self.unseen.join(map(re.escape, word))

    def sign(self, sign: str) -> str:
        """Return the expression of a sign of punctuation."""
        return re.escape(sign)


class Encoded:
    """Characters of the bytes of a capture, in every spelling."""

    def __init__(self, words: Iterable[str], with_double: bool = True) -> None:
        """Find all spellings of the characters of some folded words, once.

        UTF-8 that was read as Windows-1252 is among them ``with_double``: that makes expressions
        thirty times as long, which take seconds to compile.
        """
        self._with_double = with_double
        wanted = {part for word in words for part in _parts(word)}
        self._spelled = _spellings(frozenset(wanted | set("<>\",;`'^~=.") | _bases(wanted)))
        self.unseen = f"(?:{any_of(map(ord, _UNSEEN))}|{_ENCODED_SELECTORS})*"
        white = [code for code in range(0x3001) if chr(code).isspace()]
        tag = f"{self.sign('<')}/?(?i:{_INLINE})\\b[^<>]{{0,300}}?{self.sign('>')}"
        space = rf"{any_of([*white, ord('+'), *map(ord, _UNSEEN)])}|{_SLASHES}[nrt]"
        self.gap = f"(?:{space}|{tag})"
        # of tags in a row the last one: what follows the others is searched from there as well
        self.tag_end = rf"{self.sign('>')}(?!(?:{space}){{0,200}}{tag})"
        self.quote = rf"(?:{_SLASHES})?{self.sign(chr(34))}"

    def word(self, word: str) -> str:
        """Return the expression of a folded word."""
        parts, start = [], 0
        while start < len(word):
            pair = word[start : start + 2]
            if len(pair) == 2 and self._spelled.get(pair):
                # a ligature, or a letter that is folded to two
                both = self.unseen.join(map(self._letter, pair))
                parts.append(f"(?:{both}|{any_of(self._spelled[pair])}{self._latex_letter(pair)})")
            else:
                parts.append(self._letter(word[start]))
            start += len(pair) if len(pair) == 2 and self._spelled.get(pair) else 1
        return self.unseen.join(parts)

    def sign(self, sign: str) -> str:
        """Return the expression of a sign of punctuation."""
        return any_of(self._spelled.get(sign) or {ord(sign)})

    def _letter(self, letter: str) -> str:
        whole = self.sign(letter)
        marked = unicodedata.normalize("NFD", letter)
        forms = [whole, *self._decomposed(marked)]
        if self._with_double:
            forms += self._double_encoded(letter)
        return f"(?:{'|'.join(forms)}{self._latex_letter(letter)})"

    def _double_encoded(self, letter: str) -> list[str]:
        """Return the spellings of a letter whose UTF-8 was read as Windows-1252, once or twice."""
        shown = [chr(code) for code in sorted(self._spelled.get(letter) or {ord(letter)})]
        once = {_as_western(sign) for sign in shown if not sign.isascii()}
        return [_any_text(texts) for texts in (once, set(map(_as_western, once))) if texts]

    def _decomposed(self, marked: str) -> list[str]:
        """Return the spellings of a letter with its marks apart, all of them or the last ones."""
        base, marks = marked[0], marked[1:]
        forms = []
        for kept in range(len(marks)):
            first = unicodedata.normalize("NFC", base + marks[:kept])
            if len(first) == 1:
                later = "".join(any_of({ord(mark)}) for mark in marks[kept:])
                forms.append(any_of(self._spelled.get(first) or {ord(first)}) + later)
        accent = _LATEX_ACCENTS.get(marks) if len(marks) == 1 else None
        if accent:
            bare = rf"(?:{any_of(self._spelled.get(base) or {ord(base)})}|{_SLASHES}i\b)"
            opening = rf"{self.sign(accent)}\s?\{{?\\*"
            if accent.isalpha():
                opening = rf"{accent}(?:\s*\{{|\s+)\\*"
            forms.append(rf"\{{?{_SLASHES}{opening}{bare}\}}{{0,2}}")
        return forms

    @staticmethod
    def _latex_letter(letter: str) -> str:
        name = _LATEX_LETTERS.get(letter)
        return rf"|\{{?{_SLASHES}(?i:{name})(?:\{{\}}|\s+|(?=\}})|\b)\}}?" if name else ""


def _as_western(text: str) -> str:
    """Return what the UTF-8 of a text is as Windows-1252; the five bytes that it lacks stay."""
    return "".join(bytes((byte,)).decode("cp1252", "ignore") or chr(byte) for byte in text.encode())


def _any_text(texts: Iterable[str]) -> str:
    """Return the expression that fits any of some texts, of which none begins another: common
    beginnings and ends once.
    """
    rests: dict[str, set[str]] = {}
    for text in texts:
        rests.setdefault(text[0], set()).add(text[1:])
    firsts: dict[tuple[str, ...], list[int]] = {}
    for first, rest in rests.items():
        firsts.setdefault(tuple(sorted(rest)), []).append(ord(first))
    parts = [
        any_of(codes) + (_any_text(rest) if rest != ("",) else "") for rest, codes in firsts.items()
    ]
    return f"(?:{'|'.join(parts)})"


def any_of(codes: Iterable[int]) -> str:
    """Return the expression that fits any of some code points in any encoding."""
    codes = sorted(set(codes))
    literals = "".join(re.escape(chr(code)) for code in codes)
    units = "|".join(_json_units(code) for code in codes)
    decimals = "|".join(map(str, codes))
    hexadecimals = "|".join(f"{code:x}" for code in codes)
    names = "".join(f"|{name}" for code in codes for name in _references().get(code, ()))
    url = "|".join("".join(f"%{byte:02x}" for byte in chr(code).encode()) for code in codes)
    return (
        rf"(?:[{literals}]|{_SLASHES}u(?i:{units})|(?i:{url})"
        rf"|{_AMPERSAND}(?:#0*(?:{decimals})|#[xX]0*(?i:{hexadecimals}){names});)"
    )


def _json_units(code: int) -> str:
    units = chr(code).encode("utf-16-be").hex()
    return rf"{units[:4]}\\+u{units[4:]}" if len(units) == 8 else units


@cache
def _references() -> dict[int, list[str]]:
    names: dict[int, list[str]] = {}
    for name, value in html5.items():
        if name.endswith(";") and len(value) == 1:
            names.setdefault(ord(value), []).append(re.escape(name[:-1]))
    return names


def _spellings(wanted: Collection[str]) -> dict[str, set[int]]:
    """Return the code points that are folded to each of some texts."""
    found = {text: {ord(text)} for text in wanted if len(text) == 1}
    for code in chain(*_FOLDED):
        folded = fold(chr(code))
        if folded in wanted:
            found.setdefault(folded, set()).add(code)
    return found


def _parts(word: str) -> set[str]:
    return {word[start : start + length] for start in range(len(word)) for length in (1, 2)}


def _bases(parts: Iterable[str]) -> set[str]:
    """Return the letters without their marks, and with some of them."""
    bases = set()
    for part in parts:
        marked = unicodedata.normalize("NFD", part)
        bases |= {unicodedata.normalize("NFC", marked[:end]) for end in range(1, len(marked))}
    return bases


def _character(found: re.Match[str]) -> str:
    high, low, unit, _ = found.groups()
    if high:
        return bytes.fromhex(high + low).decode("utf-16-be")
    return chr(int(unit, 16)) if unit else " "


def _of_url(found: re.Match[str]) -> str:
    try:
        return bytes.fromhex(found[0].replace("%", "")).decode()
    except UnicodeDecodeError:
        return found[0]
