"""What one query may cost beyond the limits of DuckDB, which counts neither long lists and texts,
nor what its parser takes.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flows.cli.exit_codes import QueryError

_MOST_LETTERS = 200_000
"""A sum of so many numbers takes 300 MB to be parsed."""
_MOST_DEPTH = 250
"""DuckDB itself refuses a thousand; of lists within each other 300 take it a second and 900 take
twenty, in which it does not look whether it should stop.
"""
_OPENED = re.compile(r"[(\[{]|[)\]}]")
_UNITS = {"K": 1, "M": 2, "G": 3, "T": 4}
_MEMORY = re.compile(r"([\d.]+) ?([KMGT])(i?)B")
_STATUS = Path("/proc/self/status")
_DATA = re.compile(r"VmData:\s+(\d+) kB")


def refuse_endless(query: str) -> None:
    """Refuse a query that is too long, or nested too deeply, to be parsed in little time.

    Raises:
        QueryError: with the limit.
    """
    if len(query) > _MOST_LETTERS:
        raise QueryError(f"the query is longer than {_MOST_LETTERS:,} characters")
    depth = 0
    for bracket in _OPENED.finditer(query):
        depth += 1 if bracket[0] in "([{" else -1
        if depth > _MOST_DEPTH:
            raise QueryError(f"the query has more than {_MOST_DEPTH:,} brackets within each other")


@contextmanager
def bounded_data(memory: str) -> Iterator[None]:
    """Let this process take no more than twice ``memory`` (such as ``600MB``) beyond what it has.

    More is a MemoryError, or DuckDB's own error. Nothing is bounded where the system does not tell
    what the process has.
    """
    used = _data_bytes()
    if used is None:
        yield
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    bound = used + 2 * _bytes(memory)
    lowest = [bound, *(one for one in (soft, hard) if one != resource.RLIM_INFINITY)]
    resource.setrlimit(resource.RLIMIT_DATA, (min(lowest), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def room_left() -> int | None:
    """Return how many bytes this process may take beyond what it has; None where nothing bounds it,
    or the system does not tell.
    """
    used = _data_bytes()
    if used is None:
        return None
    import resource

    bound, _ = resource.getrlimit(resource.RLIMIT_DATA)
    return None if bound == resource.RLIM_INFINITY else bound - used


def count_characters(value: Any, most: int) -> int:
    """Return how many characters an answer has, a number counted as eight; no further than
    ``most``.
    """
    found, rest = 0, [value]
    while rest and found <= most:
        one = rest.pop()
        if isinstance(one, str | bytes):
            found += len(one)
        elif isinstance(one, Mapping):
            rest += [*one, *one.values()]
        elif isinstance(one, list | tuple):
            rest += one
        else:
            found += 8
    return found


def _data_bytes() -> int | None:
    try:
        found = _DATA.search(_STATUS.read_text(encoding="ascii", errors="replace"))
    except OSError:
        return None
    return int(found[1]) * 1024 if found else None


def _bytes(memory: str) -> int:
    found = _MEMORY.fullmatch(memory)
    if found is None:
        raise ValueError(f"{memory!r} is no memory like 600MB")
    return int(float(found[1]) * (1024 if found[3] else 1000) ** _UNITS[found[2]])
