"""The file that tells a home from any other folder."""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from warehouse.errors import DamagedError
from warehouse.files import naming

MARKER = ".paperstrata"
_TEXT = "A home of paperstrata: landing, journal, warehouse and reports. See its README.\n"
_OF_A_HOME = ("landing", "journal")
_BEFORE_A_HOME = frozenset({MARKER, "inbox", "config", "captures", "lock", "errors.log"})
"""What may lie in a folder before it is a home: what people prepare, and our own traces."""
_LARGEST_JOURNAL = 1 << 30
"""Bytes of one file: a year of two runs a day takes some 20 MB."""
_FILES = (
    MARKER,
    "lock",
    "runs.log",
    "errors.log",
    "warehouse.duckdb",
    "warehouse.duckdb.wal",
    ".previous.duckdb",
)
"""What lies in the folder of a home itself, and is opened."""
_WRITTEN = frozenset({*_OF_A_HOME, "work", "site", "reports", *_FILES})
"""What a command of a home may write, or write below."""


def is_home(folder: Path) -> bool:
    """Tell whether a folder is a home; those made before have no marker."""
    return any((folder / name).exists() for name in (MARKER, *_OF_A_HOME))


def find_foreign(folder: Path) -> list[str]:
    """Return what lies in a folder that is no home and was prepared for none."""
    if is_home(folder) or not folder.is_dir():
        return []
    names = sorted(path.name for path in folder.iterdir())
    return [name for name in names if name not in _BEFORE_A_HOME and not name.startswith(".")]


def mark(folder: Path) -> None:
    """Mark a folder as a home; a damaged mark is written anew."""
    marker, text = folder / MARKER, _TEXT.encode()
    if not marker.is_file() or marker.read_bytes() != text:
        folder.mkdir(parents=True, exist_ok=True)
        with naming(marker):
            marker.write_bytes(text)


def say_gone(folder: Path) -> str | None:
    """Return that a home is gone in the middle of a run; None where it is there."""
    if (folder / MARKER).exists():
        return None
    return f"the home {folder} is gone, as when a disk is unmounted or a folder moved"


def refuse_pipes(folder: Path) -> None:
    """Refuse a home in which a pipe, a socket or a device stands for a file: what opens it may wait
    for ever.

    Raises:
        DamagedError: with its name.
    """
    for path in _opened(folder):
        with suppress(OSError):
            mode = path.stat().st_mode
            if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
                raise DamagedError(f"{path} is no regular file: move it away")


def refuse_links_into_other_homes(folder: Path) -> None:
    """Refuse a home of which a part is a link into another one: what is written here would change
    that one, and packs that it never had would be missing there.

    Raises:
        DamagedError: with the link and the other home.
    """
    own = Path(os.path.realpath(folder))
    for path in _links(folder):
        other = find_home_of(Path(os.path.realpath(path)))
        if other is not None and other != own:
            raise DamagedError(
                f"{path} is a link into another home, {other}, which would be changed with this"
                " one: move the link away"
            )


def find_home_of(place: Path) -> Path | None:
    """Return the home of which a place, named without links, is a part that commands write; there
    need be nothing at the place yet.
    """
    for above in place.parents:
        is_part = place.relative_to(above).parts[0] in _WRITTEN
        # one that may not be looked at is none
        if is_part and os.path.isfile(above / MARKER):  # noqa: PTH113
            return above
    return None


def refuse_grown_journal(folder: Path) -> None:
    """Refuse a home with a file of the journal that has grown beyond what any history writes: no
    memory would hold it.

    Raises:
        DamagedError: with its name.
    """
    with suppress(OSError), os.scandir(folder / "journal") as entries:
        for entry in entries:
            size = entry.stat().st_size
            if size > _LARGEST_JOURNAL:
                raise DamagedError(
                    f"{entry.path} has {size:,} bytes, more than a journal ever has: restore it"
                    " from a backup, or move it away"
                )


def _links(folder: Path) -> Iterator[Path]:
    """Yield the links by which a home writes elsewhere; a pack is never written in its place."""
    for place in (folder, *(folder / name for name in _OF_A_HOME)):
        with suppress(OSError), os.scandir(place) as entries:
            for entry in entries:
                if entry.is_symlink() and (place != folder or entry.name in _WRITTEN):
                    yield Path(entry)


def _opened(folder: Path) -> Iterator[Path]:
    """Yield what a home opens and may be no file; files and folders themselves cost no look."""
    yield from (folder / name for name in _FILES)
    waiting = [(folder / name, 1 if name == "landing" else 0) for name in _OF_A_HOME]
    for place, below in waiting:
        with suppress(OSError), os.scandir(place) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting += [(Path(entry), below - 1)] if below else []
                elif not entry.is_file(follow_symlinks=False):
                    yield Path(entry)
