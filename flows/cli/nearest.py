"""Near names, for a name that is not there."""

from collections.abc import Iterable
from difflib import get_close_matches

import click


def not_there(kind: str, name: str, known: Iterable[str]) -> click.UsageError:
    """Return the usage error for a name that is not there, with the near ones or all of few."""
    names = sorted(known)
    near = get_close_matches(name.lower(), names, n=3, cutoff=0.5) or (
        names if len(names) <= 8 else []
    )
    hint = f"; did you mean {', '.join(near)}?" if near else ""
    return click.UsageError(f"there is no {kind} {name!r}{hint}")
