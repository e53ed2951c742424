"""The commands that messages tell to run next: each runs as it is printed.

It names the program as it was started, and the home of the command that told it.
"""

import shlex
import shutil
import sys
from pathlib import Path

NAME = "paperstrata"
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


def program() -> str:
    """Return how a shell starts this program: by name where that leads to it, else as it was."""
    started = Path(sys.argv[0])
    if started.parts[-3:] == ("flows", "cli", "__main__.py"):
        return f"{_by_name('python', Path(sys.executable))} -m flows.cli"
    # in the process of another program, such as a test
    return _by_name(NAME, started) if started.name == NAME else NAME


def _by_name(name: str, started: Path) -> str:
    """Return a name if the PATH leads from it to the file that was started, else the file."""
    found = shutil.which(name)
    # not resolved: the python of a virtual environment is a link to one without its packages
    is_same = found is not None and Path(found).absolute() == started.absolute()
    return name if is_same else shlex.quote(str(started))
