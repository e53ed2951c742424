"""How this program was started: a command that is printed must run as it stands."""

import shlex
import shutil
import sys
from pathlib import Path

NAME = "paperstrata"


def program() -> str:
    """Return how to start it again: by its name where the shell finds it so, else by its path."""
    started = Path(sys.argv[0])
    if started.name in ("main.py", "__main__.py") and started.parent.name == "cli":
        return f"{_quoted(Path(sys.executable))} -m flows.cli"
    if started.name != NAME:
        return NAME
    found = shutil.which(NAME)
    if found and Path(found).resolve() == started.resolve():
        return NAME
    return _quoted(started)


def program_beside(name: str) -> str:
    """Return how to start another program that was installed with this one."""
    beside = Path(sys.executable).with_name(name)
    found = shutil.which(name)
    if not beside.exists() or (found and Path(found).resolve() == beside.resolve()):
        return name
    return _quoted(beside)


def _quoted(path: Path) -> str:
    """Return a path for the shell, below the folder of today by the way from there."""
    here = Path.cwd()
    absolute = path.absolute()
    is_below = absolute.is_relative_to(here)
    return shlex.quote(str(absolute.relative_to(here)) if is_below else str(absolute))
