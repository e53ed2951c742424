"""Names out of one text, in the ways in which people write lists of them."""

import re
from collections.abc import Collection, Iterable, Sequence
from operator import ne

from transforms.parse.readers.markup import plain_text, unescape
from transforms.parse.readers.written_lists import read_written

_NAME_BREAK = re.compile(r",|、|\||\s[•·]\s|\band\b| & | / |(?<!von) und | et (?!al\b)")
_AND = re.compile(r"(?<!\s)\s+(?:and|&)\s+")
_LEAD = re.compile(r"^\s*(?:by\s|(?:written )?by:|authors?:)\s*", re.IGNORECASE)
_FORM_OF_ADDRESS = re.compile(r"^(?:(?:Dr|Prof)\.?\s)+")
_SUPERSCRIPT = re.compile(
    r"<sup>[^<>]{0,60}</sup>|\$?\^(?:\{[^{}]{0,40}\}|[\d*†‡§])\$?"
    r"|[⁰¹²³⁴-⁹](?:,?[⁰¹²³⁴-⁹⁺*†‡§])*+(?![^\W\d_])",
    re.IGNORECASE,
)
"""Marks of affiliations, as HTML, LaTeX and text raise them; never within a word."""
_ONE_WORD = re.compile(r"[A-Za-zÀ-ɏ][A-Za-zÀ-ɏ'\u2019.-]*")
_SUFFIX = re.compile(r"(?:Jr|Sr|II|III|IV)\.?", re.IGNORECASE)
_MORE = re.compile(
    r"(?:(?:^|[\s,;(&\[])(?:\+|plus|and)?\s?\d+ (?:more|others|authors|autres|weitere|otros|altri"
    r"|(?:more|other|further|additional) authors)"
    r"|(?:^|[\s,;(])\+\s?\d+|^\d+ authors?"
    r"|(?:^|[\s,;&])(?:and|&) (?:others|colleagues|co-?workers|co-?authors)|等人?|ほか"
    r"|\bet\.? al\b\.?|\.\.\.|…)"
    r"[).]?(?:\s\([^()]{0,80}\)?)?\s?$",
    re.IGNORECASE,
)
_LEFT_OUT = re.compile(r"[,;]\s{0,3}[\[(]?(?:\.\.\.|…)[\])]?\s{0,3}(?:[,;&]|and\b)")
"""Names between the first and the last that a list leaves out."""
_LONGEST_MORE = 160
_DEGREES = (
    r"(?:Ph\.?\s?D|D\.?\s?Phil|M\.?D|M\.?Sc|B\.?Sc|M\.?A|B\.?A|M\.?Eng|B\.?Eng|MBA|Dr|Prof)\.?"
)
_NO_NAME = re.compile(
    r"\d+|\+\s?\d+(?: (?:more|others))?|(?:and )?\d+ (?:more|others)|[*†‡§]+"
    rf"|[^\s@]{{1,60}}@[^\s@]{{1,60}}|{_DEGREES}",
    re.IGNORECASE,
)
"""What stands between names and is none: numbers of affiliations, degrees, addresses."""
_ADDRESS = re.compile(r"\s?[<(\[][^\s<>()@]{1,60}@[^\s<>()@]{1,60}[>)\]]")
_AFFILIATION = re.compile(r"(?<=[^\s(\[])\s*(?:\([^()]{1,200}\)|\[[^\[\]]{1,200}\])$")
_PARTING = re.compile(r",|、|\||\s[•·]\s|\sand\s")
_WIDE_SIGNS = str.maketrans("\uff0c\uff1b\uff5c\uff08\uff09", ",;|()")
_DEEPEST_ESCAPE = 3
_ET_AL = re.compile(r"(?<![,\s])[,\s]*(?:\bet al\.?|…|\.\.\.)$")
_ON_BEHALF = re.compile(
    r"^(?:on behalf of|for)\s+(?=(?:\S+\s+){1,8}(?:Collaboration|Consortium)$)", re.IGNORECASE
)
_BEFORE_A_GROUP = re.compile(
    r",?\s(?=(?:on behalf of|for) (?:\S+ ){1,8}(?:Collaboration|Consortium)$)", re.IGNORECASE
)
_MARKED = re.compile(r"(\S+ .*?\D)[\d*†‡§]{1,3}")
_SIGN = re.compile(r"(?<=\w)\s?[*†‡§]{1,3}$")
_INITIALS = re.compile(r"(?:[A-Z]\.?[\s-]?){1,4}")
_ALL_INITIALS = re.compile(r"(?:[A-Z]\.[\s-]?){1,4}")
_UNUSUAL = re.compile(r"[,;@*+…†‡§\d\[{<(&|^\t\u3001\uff0c\uff1b\uff5c⁰¹²³⁴-⁹]|\.\.| [·•] ")
_UNUSUAL_WORDS = (
    *(
        "et al",
        "et. al",
        " and ",
        "others",
        "authors",
        "等",
        "ほか",
        "dr. ",
        "prof. ",
        "dr ",
        "prof ",
    ),
)
_QUOTES = ("'", '"')
_LONGEST_DEGREE = 8
_PARTICLES = "de|del|della|der|den|di|da|dos|du|el|al|bin|ibn|la|le|van|von|vom|zu|zum|ter|ten|y|e"
NAME = re.compile(
    rf"(?:(?:[^\W\d_a-z][\w.'\u2019-]{{0,30}}|{_PARTICLES})(?: |$)){{2,6}}|[\u3040-\u9fff]{{2,4}}"
)
"""A name of several capitalised words, or of a few characters of Chinese or Japanese."""
_COLLABORATION = re.compile(
    r"(.{1,100}\bCollaboration|Collaboration \w{1,40})\s*:\s*(.*)", re.DOTALL
)


def split_names(text: str, separator: str | None = None) -> list[str]:
    """Return names from one text: at a separator, else at ``;``, else at commas, "and" and lines.

    A list that was written out as text (``['A', 'B']``) is read as one. What stands in brackets
    behind a name (an affiliation, a collaboration) is left out, and so are degrees, marks of
    affiliations and "et al."; ``Last, F., Last, G.`` are two names.
    """
    text = _SUPERSCRIPT.sub("", _LEAD.sub("", _ADDRESS.sub("", with_plain_signs(text)))).strip()
    if "<" in text:
        text = plain_text(text).strip()
    written = read_written(text)
    if written is not None:
        return _named(written)
    if text[:1] == "[" and text[-1:] == "]":
        text = text[1:-1]
    parting = "; " if ";" in text else ", "
    text = _BEFORE_A_GROUP.sub(parting, _without_brackets(text).rstrip(), count=1)
    if separator:
        return _named(map(_without_degrees, text.split(separator)))
    return _named(_without_marks(_parts(text)))


def _parts(text: str) -> list[str]:
    if ";" in text:
        return list(map(_without_degrees, text.split(";")))
    lines = _lines(text)
    if len(lines) > 1 and not _NAME_BREAK.search(text):
        return lines
    turned = _turned_by_and(text)
    if turned:
        return turned
    group = _COLLABORATION.fullmatch(text.strip())
    names = _NAME_BREAK.split(" ".join((group[2] if group else text).split()))
    names = _with_suffixes([name.strip() for name in names if name.strip()])
    names = _paired([name for name in names if not _NO_NAME.fullmatch(name)])
    return [group[1], *names] if group else names


def _lines(text: str) -> list[str]:
    """Return the lines of a text; where tabs part names of several words, what these part."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    cells = [cell.strip() for cell in text.split("\t") if cell.strip()]
    is_tabbed = len(lines) == 1 and all(" " in cell for cell in cells)
    return cells if is_tabbed else lines


def with_plain_signs(text: str) -> str:
    """Return names with HTML's references as characters, for these end in a semicolon, and with
    ASCII's signs in place of the wide ones of Chinese and Japanese.
    """
    if "&" in text:
        for _ in range(_DEEPEST_ESCAPE):
            text = unescape(text)
    return text if text.isascii() else text.translate(_WIDE_SIGNS)


def _turned_by_and(text: str) -> list[str] | None:
    """Return the names of ``Last, First and Last, First``, as BibTeX has them; None for others."""
    parts = [part.split(",") for part in re.split(r"\s+and\s+", " ".join(text.split()))]
    if len(parts) < 2 or any(len(part) != 2 or " " in part[0].strip() for part in parts):
        return None
    return [f"{first.strip()} {last.strip()}" for last, first in parts]


def is_ambiguous(text: str) -> bool:
    """Tell whether commas part single words alone, also as ``Fei-Fei Li and Li, Wei``, or initials
    from some surnames and not others.

    Single words may be names or halves of them; initials alone are no name.
    """
    parts = [part.strip() for part in text.split(",")]
    if len(parts) < 2 or ";" in text:
        return False
    if all(map(_ONE_WORD.fullmatch, parts)):
        shown = [one for one in parts if not _NO_NAME.fullmatch(one) and not _SUFFIX.fullmatch(one)]
        return len(shown) > 1 and len(_paired(shown)) == len(shown)
    halves = [part.split(",") for part in _AND.split(text) if "," in part]
    if len(halves) == 1 and len(halves[0]) == 2 and _AND.search(text):
        is_turned = all(map(_ONE_WORD.fullmatch, map(str.strip, halves[0])))
        if is_turned and not _turned_by_and(text):
            return True
    return any(map(_ALL_INITIALS.fullmatch, split_names(text)))


def _paired(names: list[str]) -> list[str]:
    """Return names of which every second one was the initials of the one before."""
    lasts, initials = names[::2], names[1::2]
    is_paired = len(lasts) == len(initials) and all(map(_INITIALS.fullmatch, initials))
    if not names or not is_paired or any(map(_INITIALS.fullmatch, lasts)):
        return names
    return [f"{first} {last}" for last, first in zip(lasts, initials, strict=True)]


def _without_marks(names: Sequence[str]) -> list[str]:
    bare = [_ET_AL.sub("", " ".join(name.split())) for name in names]
    bare = [_FORM_OF_ADDRESS.sub("", _ON_BEHALF.sub("", name, count=1), count=1) for name in bare]
    return [marked[1] if (marked := _MARKED.fullmatch(name)) else name for name in bare]


def says_more(text: str) -> bool:
    """Tell whether a list of names, or its last name, says itself that it is not whole."""
    if _LEFT_OUT.search(text):
        return True
    return bool(_MORE.search(" ".join(text[-_LONGEST_MORE:].rstrip("]\"' ").split())))


def tidy_names(names: Iterable[str]) -> list[str]:
    """Return the names of a list without what is none, such as degrees, addresses, affiliations.

    One text that holds several names is split, and so are lines; ``Last, First`` stays as it is.
    """
    names = list(map(with_plain_signs, names))
    if len(names) == 1 and (written := read_written(names[0])) is not None:
        names = written
    shown = [part for name in names for part in _broken_up(name)]
    tidy = list(filter(None, map(_bare, shown)))
    if len(tidy) == 1:
        return split_names(tidy[0]) if _is_several(tidy[0]) else tidy
    marked = list(map(_MARKED.fullmatch, tidy))
    return [mark[1] for mark in marked if mark] if all(marked) else tidy


def _broken_up(name: str) -> list[str]:
    """Return the lines of one name, where each of them is a name of several words."""
    lines = _lines(name)
    return lines if len(lines) > 1 and all(" " in line for line in lines) else [name]


def _bare(name: str) -> str:
    """Return one name of a list without marks, affiliation, address, degrees, form of address."""
    if len(name) <= _LONGEST_DEGREE or _UNUSUAL.search(name):
        name = _SUPERSCRIPT.sub("", _ADDRESS.sub("", name))
        name = plain_text(name).strip() if "<" in name else name
        name = _SIGN.sub("", _without_degrees(_AFFILIATION.sub("", name)))
    return _FORM_OF_ADDRESS.sub("", name.strip(), count=1)


def _without_degrees(name: str) -> str:
    """Return one name without degrees, numbers and addresses; initials of ``Lee, M.A.`` stay."""
    first, *rest = [part.strip() for part in name.split(", ")]
    shown = [] if _NO_NAME.fullmatch(first) else [first]
    is_surname = " " not in first
    kept = (
        part
        for part in rest
        if not _NO_NAME.fullmatch(part) or (is_surname and _ALL_INITIALS.fullmatch(part))
    )
    return ", ".join([*shown, *kept])


def needs_tidying(names: Collection[str]) -> bool:
    """Tell whether names may hold what :func:`tidy_names` or :func:`says_more` looks for."""
    joined = "\n".join(["", *names])
    if joined.count("\n") > len(names):
        return True
    lowered = joined.lower()
    if _UNUSUAL.search(joined) or any(word in lowered for word in _UNUSUAL_WORDS):
        return True
    # longer ones hold one of the signs, unless blanks stand around
    is_padded = any(map(ne, names, map(str.strip, names)))
    short = [name for name in names if is_padded or len(name) <= _LONGEST_DEGREE]
    is_quoted = any(f"\n{quote}" in joined for quote in _QUOTES)
    return is_quoted or any(_NO_NAME.fullmatch(name.strip()) for name in short)


def _is_several(text: str) -> bool:
    parts = [part.strip() for part in _PARTING.split(text) if part.strip()]
    is_listed = len(parts) > 1 and all(" " in part or NAME.fullmatch(part) for part in parts)
    return is_listed or ";" in text


def forename_first(name: str) -> str:
    """Return ``Last, First, Jr.`` as ``First Last Jr.``; a name without commas stays."""
    last, *rest = [part.strip() for part in name.split(",")]
    if not rest:
        return last
    return " ".join(part for part in (rest[0], last, *rest[1:]) if part)


def turned(names: list[str]) -> list[str]:
    """Return names forename first, where there are several and each is ``Last, First``."""
    parts = [name.split(",") for name in names]
    is_turned = len(names) > 1 and all(
        len(p) == 2 and not _SUFFIX.fullmatch(p[1].strip()) for p in parts
    )
    return list(map(forename_first, names)) if is_turned else names


def _named(names: Iterable[str]) -> list[str]:
    return [name for name in (" ".join(name.split()) for name in names) if name]


def _with_suffixes(names: Iterable[str]) -> list[str]:
    joined: list[list[str]] = []
    for name in names:
        if joined and _SUFFIX.fullmatch(name.strip()):
            joined[-1].append(name.strip())
        else:
            joined.append([name])
    return [" ".join(parts) for parts in joined]


def _without_brackets(text: str) -> str:
    """Return a text without what stands in round brackets, however deep they are nested."""
    depth, kept = 0, []
    for piece in re.split(r"([()])", text):
        if piece == "(":
            depth += 1
        elif piece == ")":
            depth = max(0, depth - 1)
        elif not depth:
            kept.append(piece)
    return "".join(kept)
