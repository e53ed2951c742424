"""Names that stand before or above an abstract, in descriptions of feeds."""

import re

from transforms.parse.readers.names import NAME, says_more

_BY = re.compile(r"\s*(?:written )?by:?\s+", re.IGNORECASE)
_LONGEST_BYLINE = 20_000
_DASH = re.compile(r"\s(?:—|--?|\u2013)\s")


def byline_before_dash(text: str, least: int = 2) -> tuple[str | None, str]:
    """Return the names that mirrors put before an abstract, as ``A. One, B. Two — We ...``, and it.

    None where what stands before the dash is no list of at least so many names, each of several
    capitalised words: a sentence may have a dash too.
    """
    dash = _DASH.search(text[:_LONGEST_BYLINE])
    if not dash:
        return None, text
    names = text[: dash.start()]
    parts = [part.strip() for part in re.split(r",(?: and)?\s|;\s| and | & ", names)]
    told = [part for part in parts if not says_more(f" {part}")]
    if not told or len(parts) < least or not all(map(NAME.fullmatch, told)):
        return None, text
    return names, text[dash.end() :]


def byline(line: str) -> str | None:
    """Return the names of a line that is ``By A. One and B. Two``; None for any other."""
    lead = _BY.match(line)
    parts = re.split(r",(?: and)?\s|;\s| and | & ", line[lead.end() :]) if lead else []
    is_so = bool(parts) and all(NAME.fullmatch(part.strip()) for part in parts)
    return line[lead.end() :] if lead and is_so else None
