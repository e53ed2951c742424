"""The commands that messages tell to run next: each names the home of the command that told it."""

import shlex
from pathlib import Path

_COMMAND = "`paperstrata "
_given_home: list[Path] = []


def remember_home(home: Path | None) -> None:
    """Remember the home that the command line gives; None where the environment or nothing does."""
    _given_home[:] = [home] if home else []


def with_home(message: str) -> str:
    """Return a message of ours whose commands run as they are printed.

    Not for text of others: a title may hold what looks like a command.
    """
    if not _given_home:
        return message
    return message.replace(_COMMAND, f"{_COMMAND}--home {shlex.quote(str(_given_home[0]))} ")
