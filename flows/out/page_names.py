"""The names of the site's pages that feeds lead to as well."""

import hashlib
import re
from typing import Final

_PLAIN: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,80}")
_OTHER: Final = re.compile(r"[^A-Za-z0-9._-]+")


def topic_page(topic_id: str) -> str:
    """Return the page of a topic; no two topics share one, whatever their ids are."""
    is_plain = _PLAIN.fullmatch(topic_id) and topic_id != "index"
    return f"topics/{topic_id if is_plain else shortened(topic_id)}.html"


def shortened(text: str) -> str:
    """Return what of an id may stand in the name of a file, and a part of the hash of the id."""
    short = _OTHER.sub("-", text).strip(".-")[:60]
    return f"{short}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"
