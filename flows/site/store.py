"""The files of the site: each is written again where its content changed, whole or not at all."""

import json
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from warehouse.files import temporary_beside

STATE: Final = ".build"
"""The folder of what the next build needs to know; whoever deletes it has all pages made anew."""
_OWNED: Final = ("papers/", "topics/", "days/", "search/")
"""Folders in which nothing but files of the last build may lie: what was erased must not stay."""


@dataclass(frozen=True)
class Written:
    """How many files were written, left as they were, and removed."""

    written: int
    kept: int
    removed: int

    def __add__(self, other: "Written") -> "Written":
        """Return the numbers of two sites together."""
        return Written(
            self.written + other.written,
            self.kept + other.kept,
            self.removed + other.removed,
        )


@dataclass
class Store:
    """The files of one site, and the digests of the content that each was made of."""

    folder: Path
    made_with: str
    """The digest of templates and code: what others made is made anew."""
    _before: dict[str, str] = field(default_factory=dict)
    _now: dict[str, str] = field(default_factory=dict)
    _there: set[str] = field(default_factory=set)
    _is_of_this_code: bool = False
    _written: int = 0

    @classmethod
    def open(cls, folder: Path, made_with: str, *, is_anew: bool = False) -> "Store":
        """Return the files as the last build left them; ``is_anew`` takes all as changed."""
        store = cls(folder, made_with)
        store._before = store.read_state("pages")
        code = store.read_state("code").get("digest")
        store._is_of_this_code = code == made_with and not is_anew
        store._there = store._before.keys() & _list_files(folder)
        return store

    @property
    def is_of_this_code(self) -> bool:
        """Whether the last build was made by the code of today."""
        return self._is_of_this_code

    def is_there(self, name: str) -> bool:
        """Tell whether a file was made before, by this code, and is still there."""
        return self._is_of_this_code and name in self._there

    def keep(self, name: str) -> None:
        """Leave a file as the last build made it."""
        self._now[name] = self._before[name]

    def write(self, name: str, digest: str, make: Callable[[], str | bytes]) -> bool:
        """Write a file, unless the last build made it of the same content; tell whether it was."""
        self._now[name] = digest
        if self.is_there(name) and self._before[name] == digest:
            return False
        made = make()
        _put(self.folder / name, made if isinstance(made, bytes) else made.encode("utf-8"))
        self._written += 1
        return True

    def finish(self) -> Written:
        """Remove what is no longer a part of the site, and note what was written."""
        stray = {name for name in _list_files(self.folder) if name.startswith(_OWNED)}
        # only what was found in the folder: a damaged note may name any file
        gone = (self._there | stray) - self._now.keys()
        for name in gone:
            (self.folder / name).unlink(missing_ok=True)
        self.write_state("pages", self._now)
        self.write_state("code", {"digest": self.made_with})
        return Written(self._written, len(self._now) - self._written, len(gone))

    def read_state(self, name: str) -> dict[str, str]:
        """Return what a build noted; nothing where it cannot be read."""
        noted = self.folder / STATE / f"{name}.json"
        try:
            # a pipe would be waited for
            found = json.loads(noted.read_text(encoding="utf-8")) if noted.is_file() else {}
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def write_state(self, name: str, state: dict[str, str]) -> None:
        """Note something for the next build."""
        _put(self.folder / STATE / f"{name}.json", json.dumps(state).encode())


def _list_files(folder: Path) -> set[str]:
    """Return the files of a folder and of the folders in it, relative to it.

    One look a folder: asking for each of thousands of files takes seconds. A link to a file is
    none of ours.
    """
    if not folder.is_dir():
        return set()
    found: set[str] = set()
    with os.scandir(folder) as entries:
        inner = [entry for entry in entries if entry.name != STATE]
    for entry in inner:
        if entry.is_dir(follow_symlinks=False):
            with os.scandir(entry.path) as files:
                found |= {f"{entry.name}/{file.name}" for file in files if _is_file(file)}
        elif _is_file(entry):
            found.add(entry.name)
    return found


def _is_file(entry: os.DirEntry[str]) -> bool:
    return entry.is_file(follow_symlinks=False)


def _put(path: Path, content: bytes) -> None:
    """Put a file in its place at once: a reader sees the old one or the new one."""
    temporary = temporary_beside(path)
    try:
        try:
            temporary.write_bytes(content)
        except FileNotFoundError:
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_bytes(content)
        temporary.rename(path)
    except OSError:
        with suppress(OSError):
            temporary.unlink()
        raise
