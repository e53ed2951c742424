"""The commands that messages tell to run next: each runs as it is printed.

It names the program as it was started, and the home of the command that told it.
"""

import shlex
from pathlib import Path

from flows.program import NAME, program

_COMMAND = f"`{NAME} "
_given_home: list[Path] = []


def remember_home(home: Path | None) -> None:
    """Remember the home that the command line gives; None where the environment or nothing does."""
    _given_home[:] = [home] if home else []


def with_home(message: str) -> str:
    """Return a message of ours whose commands run as they are printed.

    Not for text of others: a title may hold what looks like a command.
    """
    return message.replace(_COMMAND, f"`{_beginning()} ")


def told(*words: str, home: Path | None = None) -> str:
    """Return a command line that runs as it is printed; ``home`` where it is not the given one."""
    return " ".join([_beginning(home), *map(shlex.quote, words)])


def _beginning(home: Path | None = None) -> str:
    """Return the program, and the home that it was given."""
    folder = home or (_given_home[0] if _given_home else None)
    return program() + (f" --home {shlex.quote(str(folder))}" if folder else "")
