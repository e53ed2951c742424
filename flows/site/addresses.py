"""Where pages lie, relative to the folder of the site."""

import re
from datetime import date
from typing import Final

from flows.out.page_names import shortened, topic_page

__all__ = ["day_page", "name_of", "paper_page", "topic_page"]

_PLAIN: Final = re.compile(r"[a-z]+:[A-Za-z0-9][A-Za-z0-9._/-]{0,80}")


def name_of(paper_id: str) -> str:
    """Return the name of a paper's page without its ending; no two papers share one.

    The scheme and the id, as in ``arxiv-2501.12948``; what stands in no file name is left out, and
    a part of the hash of the id stands there instead.
    """
    if _PLAIN.fullmatch(paper_id) and ".." not in paper_id and paper_id.count("/") <= 1:
        scheme, _, own = paper_id.partition(":")
        if "_" not in own and not (scheme == "doi" or own != own.lower()):
            return f"{scheme}-{own.replace('/', '_')}"
    return shortened(paper_id)


def paper_page(paper_id: str) -> str:
    """Return the page of a paper."""
    return f"papers/{name_of(paper_id)}.html"


def day_page(day: date) -> str:
    """Return the page of a day of all daily lists."""
    return f"days/{day.isoformat()}.html"
