"""Values as sources write them: times and counts."""

import math
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime

from transforms.years import READABLE_YEARS

MISSING = frozenset(
    ("", "nan", "nat", "null", "none", "n/a", "na", "#n/a", "<na>", "\\n", "-", "\u2013", "—")
)
"""Texts, in lower case, that stand for no value where programs write tables."""
_LONGEST_MISSING = 20

_LONGEST_TIME = 64
_COUNT = re.compile(r"\+?(\d{1,3}(?:[, '\u2019]\d{3})+|\d{1,12})(?:\.(\d{1,6}))?\s?([kKmM]?)")
_YEAR_FIRST = re.compile(r"(\d{4})/(\d\d?)/(\d\d?)(?=$|[ T])")
"""A day whose order nobody doubts."""
_HALF_DAY = re.compile(r"\b(0?[1-9]|1[0-2])(:\d\d(?::\d\d)?)\s?([AaPp])\.?[Mm]\b\.?")
"""A time by the clock of twelve hours, whose half of the day Python would pass over."""
_ZULU = re.compile(r"(?<=\d)\s?(?:UTC|GMT)$")
_NAMED_MONTH = re.compile(
    r"(?:[A-Z][a-z]{2,8},? )?(?:(\d\d?)(?:st|nd|rd|th)? ([A-Z][a-z]{2,8})\.?,?"
    r"|([A-Z][a-z]{2,8})\.? (\d\d?)(?:st|nd|rd|th)?,?) (\d{4})"
)
_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december"),
)
_YES = frozenset(("true", "yes", "y", "t", "1", "1.0", "x"))
_NO = frozenset(("false", "no", "n", "f", "0", "0.0"))
_WITHDRAWN = frozenset(("withdrawn", "retracted", "removed"))
_STANDING = frozenset(("active", "available", "current", "published", "not withdrawn", "ok"))
"""States of papers, as others write them in words."""
_HALVES = frozenset(("AM", "PM", "am", "pm", "M.", "m."))
_SPACES = str.maketrans(dict.fromkeys("\u00a0\u2009\u202f", " "))
"""Spaces that part thousands where the line may not break."""
_SECONDS = re.compile(r"\d{9,}")
"""Seconds or milliseconds since 1970, of which Python takes the first eight digits for a day."""
_WEEK = re.compile(r"\d{4}-?W\d\d")
"""A week alone, which Python takes for its Monday."""
_GROUP = 3
"""Digits between two separators of thousands."""
_FACTORS = {"": 1, "k": 1_000, "m": 1_000_000}


def is_missing(text: str) -> bool:
    """Tell whether a text stands for no value."""
    return len(text) <= _LONGEST_MISSING and text.strip().lower() in MISSING


def yes_or_no(value: object) -> bool | None:
    """Return what a mark says, in the ways in which programs write true and false.

    Nothing at all is no. None where the value is more than a mark, such as a time.
    """
    if value is None or isinstance(value, bool):
        return bool(value)
    if isinstance(value, (int, float, Decimal)):
        return bool(value) if value in (0, 1) else False if math.isnan(value) else None
    text = value.strip().lower() if isinstance(value, str) else "?"
    if text in _YES:
        return True
    return False if text in _NO or is_missing(text) else None


def state_in_words(value: object) -> bool | None:
    """Return whether the state of a paper, in words, is withdrawn; None where they say neither."""
    word = value.strip().lower() if isinstance(value, str) else None
    if word in _WITHDRAWN:
        return True
    return False if word in _STANDING else None


def says_withdrawn(value: object) -> bool | None:
    """Return whether a mark, or a state in words, says withdrawn; None where it says neither."""
    told = state_in_words(value)
    return yes_or_no(value) if told is None else told


def read_time(text: str | None) -> datetime | None:
    """Return an instant with its own offset, from ISO 8601 or RFC 822; None where it is none.

    A time without a zone is UTC, a date alone its first moment. ``2025/03/07`` is in ISO's order,
    and in ``4 Mar 2025`` and ``March 4, 2025`` the month is told by its name.
    """
    text = (text or "").strip()
    if text[-4:].isdigit() and (named := _NAMED_MONTH.fullmatch(text)):
        text = _with_number(named)
    if text[4:5] == "/":
        text = _YEAR_FIRST.sub(_with_dashes, text)
    if text[-2:] in _HALVES:
        text = _HALF_DAY.sub(_of_whole_day, text)
    if text[4:5] == "-":
        text = _ZULU.sub("+00:00", text)
    if not text or len(text) > _LONGEST_TIME or _WEEK.fullmatch(text) or _SECONDS.fullmatch(text):
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


def _of_whole_day(time: re.Match[str]) -> str:
    """Return a time of twelve hours as one of twenty-four."""
    return f"{int(time[1]) % 12 + (12 if time[3] in 'Pp' else 0):02}{time[2]}"


def _with_number(day: re.Match[str]) -> str:
    """Return a day whose month is named as ISO 8601; as it stands where there is no such month."""
    name = (day[2] or day[3]).lower()
    months = [number for number, month in enumerate(_MONTHS, 1) if name in (month, month[:3])]
    months += [9] if name == "sept" else []
    return f"{day[5]}-{months[0]:02}-{day[1] or day[4]:0>2}" if months else day[0]


def _with_dashes(day: re.Match[str]) -> str:
    return f"{day[1]}-{day[2]:0>2}-{day[3]:0>2}"


def iso_time(text: str | None) -> str | None:
    """Return a time as ISO 8601 in UTC; a text that is no time stays, for the schema to refuse."""
    instant = read_time(text)
    return instant.astimezone(UTC).isoformat() if instant else text


def shown_time(text: str | None) -> str | None:
    """Return a time as it stands where it begins as ISO 8601 does, else as by :func:`iso_time`."""
    if text is None or text[4:5] == "-":
        return text
    return None if is_missing(text) else iso_time(text)


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
    shown = _COUNT.fullmatch(text.translate(_SPACES).strip())
    if not shown or (len(shown[2] or "") == _GROUP and not shown[3]):
        return None
    whole = re.sub(r"\D", "", shown[1])
    number = Decimal(f"{whole}.{shown[2] or 0}") * _FACTORS[shown[3].lower()]
    return int(number) if number == number.to_integral_value() else None
