"""The log of unforeseen errors, in the home folder."""

import os
import traceback
from collections.abc import Sequence
from pathlib import Path

from warehouse.visible import visible


def write_log(error: BaseException, arguments: Sequence[str]) -> str:
    """Add a traceback to the log of the home folder; return where it is, or why it is not.

    ``arguments`` are those of the command line, which may name the home folder.
    """
    from config.settings import load_settings

    try:
        home = load_settings(_find_home(arguments)).home
        log = home.log if home.folder.is_dir() else _new_log()
        with log.open("a", encoding="utf-8") as file:
            file.writelines(map(visible, traceback.format_exception(error)))
    except Exception as failure:
        return f"no log could be written: {failure}; try --debug"
    return f"the traceback is in {log}"


def _new_log() -> Path:
    """Return a log of its own among temporary files: an error begins no home, for its folder may
    be mistyped, or not mounted.
    """
    import tempfile

    descriptor, name = tempfile.mkstemp(prefix="paperstrata-", suffix=".errors.log")
    os.close(descriptor)
    return Path(name)


def _find_home(arguments: Sequence[str]) -> Path | None:
    """Return the folder that ``--home`` names first, None where it is not given."""
    for word, following in zip(arguments, [*arguments[1:], ""], strict=True):
        if word == "--home":
            return Path(following)
        if word.startswith("--home="):
            return Path(word.removeprefix("--home="))
    return None
