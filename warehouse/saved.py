"""Queries of this package that people may run by name.

A file of ``queries/`` is one if a comment in its head says what its parameters are where nobody
gives them::

    -- saved: $grain = 'week', $feed = null
    -- saved:                                     it has none
    -- saved: $words, $rows = 15                  words must be given
"""

import json
import re
from dataclasses import dataclass
from typing import Final

from warehouse.migrate import read_sql

Value = str | int | float | bool | list[object] | None
"""What a parameter may be."""
_HEAD: Final = re.compile(r"(?:--.*\n)+")
_SAVED: Final = re.compile(r"^-- saved:(.*)$", re.MULTILINE)
_PARAMETER: Final = re.compile(r"\$(\w+)(?:\s*=\s*('[^']*'|[^,\s]+))?")


@dataclass(frozen=True)
class SavedQuery:
    """A query with a name, what it answers, and its parameters."""

    name: str
    description: str
    sql: str
    defaults: dict[str, Value]
    """The parameters that need not be given."""
    required: tuple[str, ...]
    """Those that must be."""


def saved_queries() -> dict[str, SavedQuery]:
    """Return the saved queries by name, in the order of their names."""
    found = (_read(name.removesuffix(".sql"), text) for name, text in read_sql("queries"))
    return {query.name: query for query in found if query}


def read_value(text: str) -> Value:
    """Return a parameter as it is written: JSON, or else a text, with or without quotes.

    A number that Python would write in another way is a text: the id 2503.02130 is not 2503.0213.
    """
    try:
        value: Value = json.loads(text)
    except (ValueError, RecursionError):
        return text[1:-1] if len(text) > 1 and text[0] == text[-1] == "'" else text
    is_other = isinstance(value, float) and str(value) != text
    return text if isinstance(value, dict) or is_other else value


def _read(name: str, text: str) -> SavedQuery | None:
    head = _HEAD.match(text)
    saved = _SAVED.search(head[0]) if head else None
    if head is None or saved is None:
        return None
    comment = _SAVED.sub("", head[0]).replace("\n", " ")
    defaults: dict[str, Value] = {}
    required = []
    for parameter, default in _PARAMETER.findall(saved[1]):
        if default:
            defaults[parameter] = read_value(default)
        else:
            required.append(parameter)
    description = " ".join(comment.replace("-- ", " ").split())
    return SavedQuery(name, description, text, defaults, tuple(required))
