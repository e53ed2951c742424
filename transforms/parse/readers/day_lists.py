"""Lists of several days in one JSON document: by day, or as objects with a day and a list each.

``{"2026-05-01": [...], "2026-05-02": [...]}``, ``[{"date": "2026-05-01", "papers": [...]}]``, the
same as JSON lines, and either within an object around it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Any

from transforms.parse.entry import Misfit, Parsed
from transforms.parse.readers.envelopes import say_failure, says_there_is_more
from transforms.parse.readers.json_lines import Broken, first_objects, read_lines
from transforms.parse.readers.limits import MOST_ENTRIES
from transforms.parse.readers.list_days import state_days
from transforms.years import PLAUSIBLE_YEARS

_DAY = re.compile(r"(\d{4})([-/.]?)(\d\d)\2(\d\d)(?:T00:00:00(?:\.0{1,6})?(?:Z|[+-]00:?00)?)?")
_DAYS = ("date", "day", "feed_date", "feedDate", "list_date", "listDate", "dateString")
"""Where an object around a list says of which day it is."""
_LISTS = ("papers", "entries", "items", "results", "articles", "data", "dailyPapers", "list")
_AROUND = (*_LISTS, "days", "by_date", "byDate", "by_day", "dates", "daily")


@dataclass(frozen=True)
class DayLists:
    """The rows of several lists, one list behind the other."""

    rows: list[Any]
    days: list[date | None]
    """Of each row; None for a line that is no JSON."""
    only: date | None = None
    """The one day of all lists, also where it is empty."""
    error: str | None = None
    """Why not all of it can be trusted."""
    is_cut: bool = False


def stated_day(envelope: dict[str, Any]) -> date | None:
    """Return the day of which an object around a list says that it is; None where it says none."""
    return next(filter(None, map(_day, (envelope.get(name) for name in _DAYS))), None)


def unfold_days(document: Any) -> DayLists | None:
    """Return the lists of a JSON document that has them by day; None for any other document.

    Bytes are JSON lines.
    """
    if isinstance(document, bytes):
        is_so = any(_is_day_object(value) for value in first_objects(document, 1))
        return _of_lines(document) if is_so else None
    if isinstance(document, list):
        return _of_list(document)
    if not isinstance(document, dict):
        return None
    inner = (document.get(name) for name in _AROUND)
    found = _of_mapping(document) or next(filter(None, map(_of_inner, inner)), None)
    if found is None and _list_of(document) == []:
        found = _of_list([document])
    if found is None:
        return None
    error = found.error or say_failure(document)
    is_cut = says_there_is_more(document, len(found.rows))
    return DayLists(found.rows, found.days, found.only, error, is_cut)


def state_listed_days(lists: DayLists, parsed: Parsed) -> None:
    """Note the day under which each entry stands. What the entries themselves state, noted already
    in ``stated_date`` or ``feed_date``, must not be another day for all entries of a list.
    """
    own = [_day(entry.stated_date) or parsed.feed_date for entry in parsed.entries]
    parsed.feed_date, parsed.stated_days = lists.only, ()
    days = lists.days[: len(own)]
    state_days(days, parsed)
    if lists.only and parsed.feed_date is None:
        parsed.feed_date = lists.only
    parsed.is_cut = parsed.is_cut or lists.is_cut
    parsed.envelope_error = parsed.envelope_error or lists.error or _say_conflict(days, own)
    for position, (day, stated) in enumerate(zip(days, own, strict=True)):
        if day and stated and day != stated:
            reason = f"the entry stands under {day}, and states {stated} itself"
            parsed.misfits.append(Misfit(position, "list_day", "other_day", reason, str(stated)))


def _say_conflict(days: list[date | None], own: list[date | None]) -> str | None:
    """Return why the days of the lists cannot be right: no entry of one agrees with it."""
    stated: dict[date, set[date]] = {}
    for day, other in zip(days, own, strict=True):
        if day and other:
            stated.setdefault(day, set()).add(other)
    wrong = next((day for day, others in stated.items() if day not in others), None)
    if wrong is None:
        return None
    return f"date_conflict: all that stands under {wrong} is of {min(stated[wrong])} by itself"


def _of_inner(part: Any) -> DayLists | None:
    if isinstance(part, dict):
        return _of_mapping(part)
    return _of_list(part) if isinstance(part, list) else None


def _of_mapping(mapping: dict[str, Any]) -> DayLists | None:
    listed = {name: _rows_of(value) for name, value in mapping.items() if _day(name)}
    others = (value for name, value in mapping.items() if name not in listed)
    if not any(rows is not None for rows in listed.values()):
        return None
    if any(isinstance(value, list) for value in others):
        return None
    return _gather((_day(name), mapping[name]) for name in listed)


def _of_lines(document: bytes) -> DayLists | None:
    """Return the lists of JSON lines, no more of them than entries are read."""
    listed = list(islice(read_lines(document), MOST_ENTRIES + 1))
    found = _of_list(listed)
    if found is None or len(listed) <= MOST_ENTRIES:
        return found
    return replace(found, error=f"more than {MOST_ENTRIES:,} lines")


def _of_list(listed: list[Any]) -> DayLists | None:
    if not any(map(_is_day_object, listed[:1])):
        return None
    return _gather((stated_day(v) if isinstance(v, dict) else None, v) for v in listed)


def _gather(lists: Iterable[tuple[date | None, Any]]) -> DayLists:
    rows: list[Any] = []
    days: list[date | None] = []
    shown: set[date | None] = set()
    error = None
    for day, value in lists:
        shown.add(day)
        found = [value] if isinstance(value, Broken) else _rows_of(value)
        failure = say_failure(value) if isinstance(value, dict) else None
        if found is None or failure:
            cause = f": {failure}" if failure else ""
            error = error or f"under {day or 'no day'} stands no list{cause}"
            continue
        rows += found
        days += [day] * len(found)
    only = next(iter(shown)) if len(shown) == 1 else None
    return DayLists(rows, days, only, error)


def _is_day_object(value: Any) -> bool:
    is_paper = isinstance(value, dict) and ("abstract" in value or "summary" in value)
    return (
        isinstance(value, dict)
        and not is_paper
        and _list_of(value) is not None
        and stated_day(value) is not None
    )


def _list_of(value: dict[str, Any]) -> list[Any] | None:
    return next((rows for name in _LISTS if isinstance(rows := value.get(name), list)), None)


def _rows_of(value: Any) -> list[Any] | None:
    rows = _list_of(value) if isinstance(value, dict) else value
    return rows if isinstance(rows, list) else None


def _day(text: object) -> date | None:
    found = _DAY.fullmatch(text.strip()) if isinstance(text, str) else None
    try:
        day = date(int(found[1]), int(found[3]), int(found[4])) if found else None
    except ValueError:
        return None
    return day if day and day.year in PLAUSIBLE_YEARS else None
