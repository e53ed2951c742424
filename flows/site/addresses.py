"""Where pages lie, relative to the folder of the site."""

import hashlib
import re
from datetime import date
from typing import Final

_PLAIN: Final = re.compile(r"[a-z]+:[A-Za-z0-9][A-Za-z0-9._/-]{0,80}")
_OTHER: Final = re.compile(r"[^A-Za-z0-9._-]+")


def name_of(paper_id: str) -> str:
    """Return the name of a paper's page without its ending; no two papers share one.

    The scheme and the id, as in ``arxiv-2501.12948``; what stands in no file name is left out, and
    a part of the hash of the id stands there instead.
    """
    if _PLAIN.fullmatch(paper_id) and ".." not in paper_id and paper_id.count("/") <= 1:
        scheme, _, own = paper_id.partition(":")
        if "_" not in own and not (scheme == "doi" or own != own.lower()):
            return f"{scheme}-{own.replace('/', '_')}"
    short = _OTHER.sub("-", paper_id).strip(".-")[:60]
    return f"{short}-{hashlib.sha256(paper_id.encode()).hexdigest()[:12]}"


def paper_page(paper_id: str) -> str:
    """Return the page of a paper."""
    return f"papers/{name_of(paper_id)}.html"


def topic_page(topic_id: str) -> str:
    """Return the page of a topic."""
    return f"topics/{_OTHER.sub('-', topic_id)}.html"


def day_page(day: date) -> str:
    """Return the page of a day of all daily lists."""
    return f"days/{day.isoformat()}.html"
