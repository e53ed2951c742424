"""Values as sources write them: times, counts, lists of names."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime

import orjson

from transforms.years import READABLE_YEARS

_LONGEST_TIME = 64
_COUNT = re.compile(r"\+?(\d{1,3}(?:[, ]\d{3})+|\d{1,12})(?:\.(\d{1,6}))?\s?([kKmM]?)")
_GROUP = 3
"""Digits between two separators of thousands."""
_FACTORS = {"": 1, "k": 1_000, "m": 1_000_000}
_QUOTED = re.compile(r"[\s,\[\]]*(?:'((?:[^'\\]|\\.)*+)'|\"((?:[^\"\\]|\\.)*+)\")")
_NAME_BREAK = re.compile(r",|\band\b| & ")
_SUFFIX = re.compile(r"(?:Jr|Sr|II|III|IV)\.?", re.IGNORECASE)
_MORE = re.compile(r"\s*(?:\+\s?\d+ (?:more|others)|,?\s*et al\.?|(?:\.\.\.|…))\s*$")


def read_time(text: str | None) -> datetime | None:
    """Return an instant with its own offset, from ISO 8601 or RFC 822; None where it is none.

    A time without a zone is UTC, a date alone its first moment.
    """
    text = (text or "").strip()
    if not text or len(text) > _LONGEST_TIME:
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        try:
            instant = parsedate_to_datetime(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
    if instant.year not in READABLE_YEARS:
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def iso_time(text: str | None) -> str | None:
    """Return a time as ISO 8601 in UTC; a text that is no time stays, for the schema to refuse."""
    instant = read_time(text)
    return instant.astimezone(UTC).isoformat() if instant else text


def iso_date(text: str | None) -> str | None:
    """Return the day that a text states, in the zone that it states it in, as ISO 8601."""
    instant = read_time(text)
    return instant.date().isoformat() if instant else text


def looked_at(text: str | None) -> tuple[datetime | None, date | None]:
    """Return when a reply says that it was made: naive UTC, or the day alone where it says no more.

    Servers that renew a list once a day stamp it with midnight, which is no time of a capture.
    """
    instant = read_time(text)
    if instant is None:
        return None, None
    if (instant.hour, instant.minute, instant.second) == (0, 0, 0):
        return None, instant.date()
    return instant.astimezone(UTC).replace(tzinfo=None), None


def read_count(text: str) -> int | None:
    """Return a whole number from ``1440``, ``1,440`` or ``1.44k``; None where it is none.

    ``1.440`` is none: it may be a thousand and more, or one and a half.
    """
    shown = _COUNT.fullmatch(text.strip())
    if not shown or (len(shown[2] or "") == _GROUP and not shown[3]):
        return None
    whole = shown[1].replace(",", "").replace(" ", "")
    number = Decimal(f"{whole}.{shown[2] or 0}") * _FACTORS[shown[3].lower()]
    return int(number) if number == number.to_integral_value() else None


def split_names(text: str, separator: str | None = None) -> list[str]:
    """Return names from one text: at a separator, else at ``;``, else at commas and "and".

    A list that was written out as text (``['A', 'B']``) is read as one. What stands in brackets
    behind a name (an affiliation, a collaboration) is left out.
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
    text = " ".join(_without_brackets(text).split())
    if separator:
        return _named(text.split(separator))
    if ";" in text:
        return _named(text.split(";"))
    return _named(_with_suffixes(_NAME_BREAK.split(text)))


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
