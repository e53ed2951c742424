"""The values of an entry, read by one rule in every format; what does not fit is noted.

Every method takes the name of the field and the value as the source has it, and returns the value
or None. None without a note means that the source shows nothing: null, NaN, an empty text, and
texts such as ``-`` and ``N/A`` where a number or a time should be.
"""

import math
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from transforms.parse.entry import Misfit
from transforms.parse.readers.arxiv_ids import agreed_id
from transforms.parse.readers.arxiv_ids import categories as split_categories
from transforms.parse.readers.field_values import (
    is_missing,
    iso_date,
    iso_time,
    read_count,
    shown_time,
)
from transforms.parse.readers.markup import LONGEST_TEXT
from transforms.parse.readers.names import (
    forename_first,
    is_ambiguous,
    says_more,
    split_names,
    tidy_names,
    turned,
    with_plain_signs,
)
from transforms.parse.readers.written_lists import name_of, read_written

_SHOWN = 200
_TOO_LONG = f"is a text of more than {LONGEST_TEXT:,} letters"


class Reader:
    """Reads the values of one entry and notes what does not fit."""

    def __init__(
        self, position: int, misfits: list[Misfit], link_hosts: frozenset[str] = frozenset()
    ) -> None:
        """Note misfits of the entry at ``position`` in the given list.

        ``link_hosts`` are those of :class:`transforms.parse.entry.Context`.
        """
        self.position = position
        self.misfits = misfits
        self.link_hosts = link_hosts

    def text(self, name: str, value: object) -> str | None:
        """Return a text; bytes count where they are UTF-8, as old Parquet files have texts."""
        # told by its class: a third of the time of isinstance, ten times per entry
        if value is None or value.__class__ is str:
            return value
        if _is_nan(value):
            return None
        if isinstance(value, bytes):
            try:
                return value.decode()
            except UnicodeDecodeError:
                pass
        self._note_type(name, "a text", value)
        return None

    def whole_number(self, name: str, value: object) -> int | None:
        """Return an integer of 64 bits."""
        if value is None or (type(value) is int and -(2**63) <= value < 2**63):
            return value
        self._note_type(name, "a whole number", value)
        return None

    def count(
        self, name: str, value: object, plain: Callable[[str], str] | None = None
    ) -> int | None:
        """Return a count from 12, 12.0, ``"12"``, ``"1,204"`` or ``"1.2k"``.

        ``plain`` rewrites a text as people write numbers in English.
        """
        if type(value) is int:
            return self.whole_number(name, value)
        if value is None or _is_nan(value):
            return None
        if isinstance(value, (float, Decimal)):
            real = float(value)
            if abs(real) < 2**53 and real.is_integer():
                return int(real)
        if not isinstance(value, str):
            return self.whole_number(name, value)
        if is_missing(value):
            return None
        number = read_count(plain(value) if plain else value)
        if number is None:
            reason = f"{name} is {value[:60]!r}, which is no whole number without a doubt"
            self._note(name, "type", reason, value)
        return number

    def time(
        self, name: str, value: object, plain: Callable[[str], str] | None = None
    ) -> str | None:
        """Return a time as ISO 8601 in UTC; a text that is none stays, for the schema to refuse.

        ``plain`` rewrites a text that is in a format of the feed's own as ISO 8601.
        """
        return iso_time(self.time_text(name, value, plain))

    def shown_time(self, name: str, value: object) -> str | None:
        """Return a time as the source writes ISO 8601; else as :meth:`time`."""
        return shown_time(self.time_text(name, value))

    def day(
        self, name: str, value: object, plain: Callable[[str], str] | None = None
    ) -> str | None:
        """Return the day, in the zone that states it, as ISO 8601; else as :meth:`time`."""
        return iso_date(self.time_text(name, value, plain))

    def names(self, name: str, value: object, separator: str | None = None) -> list[str] | None:
        """Return names in order from a text, or a list of texts or of objects with a ``name``.

        None where the list says itself that it is not whole ("et al.", "+12 more"), which is
        noted. In a list, an author without a name is left out and noted.
        """
        if value is None or _is_nan(value) or (isinstance(value, str) and is_missing(value)):
            return None
        if self._is_too_long(name, value):
            return None
        if isinstance(value, str):
            value = with_plain_signs(value)
        # LaTeX may begin with a brace too
        is_object = isinstance(value, str) and value.startswith(('{"', "{'"))
        is_object = is_object and read_written(str(value)) is None
        if not isinstance(value, str | list) or is_object:
            self._note_type(name, "a list of texts", value)
            return None
        shown = [value] if isinstance(value, str) else list(map(name_of, value))
        found = [one for one in shown if isinstance(one, str)]
        if any(map(says_more, found)):
            self._note(name, "incomplete", "the list of authors says that it is not whole", value)
            return None
        if len(found) < len(shown):
            self._note_type(name, "a list of texts", value)
        if not isinstance(value, str):
            return turned(tidy_names(found)) or (None if value else [])
        if separator is None and is_ambiguous(value):
            reason = f"{name} may be names, or surnames and forenames with commas between"
            self._note(name, "ambiguous", reason, value)
            return None
        names = split_names(value, separator)
        # where commas do not part the names, they part surname and forename
        is_turned = separator or ";" in value
        return (list(map(forename_first, names)) if is_turned else names) or None

    def texts(self, name: str, value: object, separator: str | None = None) -> list[str] | None:
        """Return a list of texts, such as keywords; one text is split."""
        if value is None or _is_nan(value) or self._is_too_long(name, value):
            return None
        if isinstance(value, str):
            return None if is_missing(value) else split_names(value, separator) or None
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return value
        self._note_type(name, "a list of texts", value)
        return None

    def categories(self, name: str, value: object) -> list[str] | None:
        """Return the codes of subjects."""
        if not isinstance(value, str) or value.lstrip().startswith("["):
            return self.texts(name, value)
        if self._is_too_long(name, value):
            return None
        return None if is_missing(value) else split_categories(value) or None

    def identifier(self, texts: Iterable[str | None]) -> str | None:
        """Return the one arXiv id that texts name; see :func:`agreed_id`."""
        return agreed_id(self.position, texts, self.misfits, self.link_hosts)

    def mapping(self, name: str, value: object) -> dict[str, Any]:
        """Return an object, empty where there is none."""
        if isinstance(value, dict):
            return value
        if value is not None and not _is_nan(value):
            self._note_type(name, "an object", value)
        return {}

    def time_text(
        self, name: str, value: object, plain: Callable[[str], str] | None = None
    ) -> str | None:
        """Return the text of a time, readable or not."""
        if isinstance(value, datetime | date):
            return value.isoformat()
        text = self.text(name, value)
        if text is None or is_missing(text):
            return None
        return plain(text) if plain else text

    def _is_too_long(self, name: str, value: object) -> bool:
        """Tell whether a text, or one of a list, is longer than any; note it. Parting one at blanks
        takes twenty times its size.
        """
        texts = value if isinstance(value, list) else (value,)
        if not any(isinstance(text, str) and len(text) > LONGEST_TEXT for text in texts):
            return False
        self._note(name, "too_long", f"{name} {_TOO_LONG}", value)
        return True

    def _note_type(self, name: str, expected: str, value: object) -> None:
        shown = repr(value)[:_SHOWN]
        reason = f"{name} is {_json_name(value)} ({shown[:60]}), not {expected}"
        self.misfits.append(Misfit(self.position, name, "type", reason, shown))

    def _note(self, name: str, rule: str, reason: str, value: object) -> None:
        shown = value if isinstance(value, str) else repr(value)
        self.misfits.append(Misfit(self.position, name, rule, reason, shown[:_SHOWN]))


def _is_nan(value: object) -> bool:
    return isinstance(value, (float, Decimal)) and math.isnan(value)


def _json_name(value: object) -> str:
    names = {bool: "true or false", int: "a number", float: "a number", str: "a text"}
    return names.get(type(value), "a list" if isinstance(value, list) else "an object")
