"""Names out of one text, in the ways in which people write lists of them."""

import re
from collections.abc import Iterable, Sequence

import orjson

_QUOTED = re.compile(r"[\s,\[\]]*(?:'((?:[^'\\]|\\.)*+)'|\"((?:[^\"\\]|\\.)*+)\")")
_NAME_BREAK = re.compile(r",|、|\||\band\b| & ")
_SUFFIX = re.compile(r"(?:Jr|Sr|II|III|IV)\.?", re.IGNORECASE)
_MORE = re.compile(r"\s*(?:\+\s?\d+ (?:more|others)|,?\s*et al\.?|(?:\.\.\.|…))\s*$")
_ET_AL = re.compile(r"(?<![,\s])[,\s]*(?:\bet al\.?|…|\.\.\.)$")
_NO_NAME = re.compile(
    r"\d+|\+\s?\d+(?: (?:more|others))?|(?:and )?\d+ (?:more|others)|[*†‡§]+"
    r"|(?:Ph\.?\s?D|D\.?\s?Phil|M\.?D|M\.?Sc|B\.?Sc|M\.?A|B\.?A|M\.?Eng|B\.?Eng|MBA|Dr|Prof)\.?",
    re.IGNORECASE,
)
"""What stands between names and is none: numbers of affiliations, "+12 more", degrees."""
_MARKED = re.compile(r"(\S+ .*?\D)[\d*†‡§]{1,3}")
_INITIALS = re.compile(r"(?:[A-Z]\.?[\s-]?){1,4}")
_COLLABORATION = re.compile(r"(.{1,100}\bCollaboration)\s*:\s*(.*)", re.DOTALL)


def split_names(text: str, separator: str | None = None) -> list[str]:
    """Return names from one text: at a separator, else at ``;``, else at commas, "and" and lines.

    A list that was written out as text (``['A', 'B']``) is read as one. What stands in brackets
    behind a name (an affiliation, a collaboration) is left out, and so are degrees, marks of
    affiliations and "et al."; ``Last, F., Last, G.`` are two names.
    """
    text = text.strip()
    if text[:1] == "[" and text[-1:] == "]":
        listed = _read_listed(text)
        if listed is not None:
            return _named(listed)
        quoted = _read_quoted(text)
        if quoted is not None:
            return _named(quoted)
        text = text[1:-1]
    text = _without_brackets(text)
    if separator:
        return _named(text.split(separator))
    return _named(_without_marks(_parts(text)))


def _parts(text: str) -> list[str]:
    if ";" in text:
        return text.split(";")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > 1 and not _NAME_BREAK.search(text):
        return lines
    group = _COLLABORATION.fullmatch(text.strip())
    names = _NAME_BREAK.split(" ".join((group[2] if group else text).split()))
    names = _with_suffixes([name.strip() for name in names if name.strip()])
    names = _paired([name for name in names if not _NO_NAME.fullmatch(name)])
    return [group[1], *names] if group else names


def _paired(names: list[str]) -> list[str]:
    """Return names of which every second one was the initials of the one before."""
    lasts, initials = names[::2], names[1::2]
    is_paired = len(lasts) == len(initials) and all(map(_INITIALS.fullmatch, initials))
    if not names or not is_paired or any(map(_INITIALS.fullmatch, lasts)):
        return names
    return [f"{first} {last}" for last, first in zip(lasts, initials, strict=True)]


def _without_marks(names: Sequence[str]) -> list[str]:
    bare = [_ET_AL.sub("", name.strip()) for name in names]
    return [marked[1] if (marked := _MARKED.fullmatch(name)) else name for name in bare]


def says_more(text: str) -> bool:
    """Tell whether a list of names says itself that it is not whole."""
    return bool(_MORE.search(text[-60:]))


def forename_first(name: str) -> str:
    """Return ``Last, First, Jr.`` as ``First Last Jr.``; a name without commas stays."""
    last, *rest = [part.strip() for part in name.split(",")]
    if not rest:
        return last
    return " ".join(part for part in (rest[0], last, *rest[1:]) if part)


def _read_listed(text: str) -> list[str] | None:
    """Return the names of a list in JSON, of texts or of objects with a ``name``."""
    try:
        listed = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    shown = [one.get("name") if isinstance(one, dict) else one for one in listed]
    names = [name for name in shown if isinstance(name, str)]
    return names if len(names) == len(shown) else None


def _read_quoted(text: str) -> list[str] | None:
    """Return the quoted texts of a list that was written out; None where it holds anything else."""
    names, at = [], 0
    while found := _QUOTED.match(text, at):
        names.append(re.sub(r"\\(.)", r"\1", found[1] or found[2] or ""))
        at = found.end()
    return None if text[at:].strip("[], \n\r\t") else names


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
