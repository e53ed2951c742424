"""What DuckDB draws of an answer, with the number of its rows: it counts none beyond 9,999."""

import re
from collections.abc import Callable

_UNCOUNTED = re.compile(r"\? rows \(>\d+ rows, (\d+) shown\)")


def with_count(drawn: str, count: Callable[[], int]) -> str:
    """Return what was drawn with the number of rows, which is asked for where it is not there."""
    found = list(_UNCOUNTED.finditer(drawn))
    if not found:
        return drawn
    footer = found[-1]
    counted = f"{count()} rows ({footer[1]} shown)".ljust(len(footer[0]))
    return drawn[: footer.start()] + counted + drawn[footer.end() :]
