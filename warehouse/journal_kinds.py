"""What the records of the journal must say, by kind: what those who read them rely on."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from warehouse.journal_line import Needed

_PACK = re.compile(r"[0-9a-f]{64}")
_KIND = re.compile(r"[a-z_]{1,40}")
_ID = re.compile(r"[\w.:-]{1,100}", re.ASCII)
"""Nothing that JSON escapes: an id is looked for in lines that are not decoded."""
_LARGEST = 2**31


def needed_of(kind: str) -> Needed:
    """Return what the records of a kind must say."""
    return _NEEDED.get(kind, MappingProxyType({}))


def _is_missing(value: Any) -> bool:
    return value is None


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_count(value: Any) -> bool:
    return type(value) is int and 0 <= value < _LARGEST


def _is_moment(value: Any) -> bool:
    """Tell whether a value is a time in UTC without a zone, as ours are."""
    try:
        return datetime.fromisoformat(value).tzinfo is None
    except (TypeError, ValueError):
        return False


def _is_like(pattern: re.Pattern[str]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None


def _are_texts(value: Any) -> bool:
    # hundreds of thousands after a first load
    return isinstance(value, list) and set(map(type, value)) <= {str}


def _are_moments(value: Any) -> bool:
    return isinstance(value, dict) and all(map(_is_moment, value.values()))


_is_id = _is_like(_ID)
_OF_A_PACK: Needed = {"kind": _is_like(_KIND), "pack": _is_like(_PACK)}
_NEEDED: Mapping[str, Needed] = {
    "run": {
        "run_id": _is_id,
        # what records of other kinds have beside it: their file in the place of this one
        **dict.fromkeys(("publication_id", "alias_ids", "topic_id", "check_id"), _is_missing),
    },
    "publication": {"publication_id": _is_id, "run_id": _is_id, "captures": _is_count},
    "first_publication": {"run_id": _is_id, "alias_ids": _are_texts},
    "trend_said": {"run_id": _is_id, "feed_id": _is_text, "topic_id": _is_text},
    "check_result": {"run_id": _is_id, "check_id": _is_id, "checked_at": _is_moment},
    "backfill": {"backfill_id": _is_id, "state": _is_text, "started_at": _is_moment},
    "mail": {
        "mail_id": _is_text,
        "message_id": _is_text,
        "state": _is_text,
        "until": _are_moments,
        "climbed": _are_texts,
    },
    "pack": _OF_A_PACK,
    "lost_pack": _OF_A_PACK,
}
