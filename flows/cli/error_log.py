"""The log of unforeseen errors, in the home folder."""

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
        log = load_settings(_find_home(arguments)).home.log
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8") as file:
            file.writelines(map(visible, traceback.format_exception(error)))
    except Exception as failure:
        return f"no log could be written: {failure}; try --debug"
    return f"the traceback is in {log}"


def _find_home(arguments: Sequence[str]) -> Path | None:
    """Return the folder that ``--home`` names first, None where it is not given."""
    for word, following in zip(arguments, [*arguments[1:], ""], strict=True):
        if word == "--home":
            return Path(following)
        if word.startswith("--home="):
            return Path(word.removeprefix("--home="))
    return None
