"""The files of the site: each is written again where its content changed, whole or not at all."""

import os
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from flows.report import FlowError
from warehouse.files import half_beside
from warehouse.journal_line import decode, encode

STATE: Final = ".build"
"""The folder of what the next build needs to know; whoever deletes it has all pages made anew."""
PAST: Final = "as-of"
"""The folder of the archive: a site for each past instant."""
_OWNED: Final = ("papers/", "topics/", "days/", "search/")
"""Folders in which nothing but files of the last build may lie: what was erased must not stay."""
_OUR_MARK: Final = b" \xc2\xb7 paperstrata</title>"
"""In the head of each of our pages."""
_HEAD_LENGTH: Final = 4096
_LARGEST_NOTE: Final = 1 << 28
_PAGES: Final = "pages"
_SOURCE: Final = "published"
_MARKS: Final = "files"
"""Notes of what each file was made of; and of its size, its time of change and its checksum."""
_BEGUN: Final = "begun"
"""The note of a first build: what it leaves when it is stopped is ours."""


class OtherFilesError(FlowError):
    """The folder of a site holds files of others: they are not to be replaced or removed."""


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
    _found: set[str] = field(default_factory=set)
    """All files of the folder, whoever wrote them."""
    _there: dict[str, str] = field(default_factory=dict)
    """The marks of those that are there as the last build wrote them."""
    _marks: dict[str, str] = field(default_factory=dict)
    _is_of_this_code: bool = False
    _written: int = 0

    @classmethod
    def open(cls, folder: Path, made_with: str, *, is_anew: bool = False) -> "Store":
        """Return the files as the last build left them; ``is_anew`` takes all as changed."""
        store = cls(folder, made_with)
        store._before = store.read_state(_PAGES)
        code = store.read_state("code").get("digest")
        store._is_of_this_code = code == made_with and not is_anew
        marks = store.read_state(_MARKS)
        found = _list_files(folder)
        store._found.update(found)
        for name in store._before.keys() & found.keys() & marks.keys():
            mark = _marks_again(folder, name, found[name], marks[name])
            if mark:
                store._there[name] = mark
        if not store._before:
            store.write_state(_BEGUN, {"digest": made_with})
        return store

    @property
    def is_of_this_code(self) -> bool:
        """Whether the last build was made by the code of today."""
        return self._is_of_this_code

    def is_there(self, name: str) -> bool:
        """Tell whether a file was made before, by this code, and is still there as it was."""
        return self._is_of_this_code and name in self._there

    def keep(self, name: str) -> None:
        """Leave a file as the last build made it."""
        self._now[name] = self._before[name]
        self._marks[name] = self._there[name]

    def write(self, name: str, digest: str, make: Callable[[], str | bytes]) -> bool:
        """Write a file, unless the last build made it of the same content; tell whether it was."""
        self._now[name] = digest
        if self.is_there(name) and self._before[name] == digest:
            self._marks[name] = self._there[name]
            return False
        made = make()
        path, content = self.folder / name, made if isinstance(made, bytes) else made.encode()
        _put(path, content)
        self._marks[name] = f"{_size_and_time(path.stat())} {_checksum(content)}"
        self._written += 1
        return True

    def finish(self) -> Written:
        """Remove what is no longer a part of the site, and note what was written."""
        stray = {name for name in self._found if name.startswith(_OWNED)}
        # only what was found in the folder: a damaged note may name any file
        gone = (self._before.keys() & self._found | stray) - self._now.keys()
        for name in gone:
            (self.folder / name).unlink(missing_ok=True)
        self.write_state(_PAGES, self._now)
        self.write_state(_MARKS, self._marks)
        self.write_state("code", {"digest": self.made_with})
        return Written(self._written, len(self._now) - self._written, len(gone))

    def read_state(self, name: str) -> dict[str, str]:
        """Return what a build noted; nothing where it cannot be read, or is damaged."""
        return _read_note(self.folder, name)

    def write_state(self, name: str, state: dict[str, str]) -> None:
        """Note something for the next build."""
        _put(self.folder / STATE / f"{name}.json", encode(state))


def refuse_others(folder: Path) -> None:
    """Refuse a folder that no build of ours has written, and that has pages nevertheless: as where
    a link leads to the pages of somebody else.

    Raises:
        OtherFilesError: it is one.
    """
    if _read_note(folder, _PAGES) or _read_note(folder, _BEGUN):
        return
    first = folder / "index.html"
    try:
        is_ours = first.is_file() and _OUR_MARK in _read_head(first)
        is_taken = first.exists() or any(name.startswith(_OWNED) for name in _list_files(folder))
    except OSError:
        return
    if is_taken and not is_ours:
        raise OtherFilesError(f"{folder} holds pages that are not of this site: move them away")


def find_own(folder: Path, files: Iterable[Path]) -> Iterator[Path]:
    """Yield those files in the folder of a site, or of its archive, that a build writes."""
    try:
        refuse_others(folder)
    except OtherFilesError:
        return
    noted: dict[Path, Collection[str]] = {}
    for path in files:
        parts, place = path.relative_to(folder).parts, folder
        if parts[0] == PAST and len(parts) > 2:
            place, parts = folder / PAST / parts[1], parts[2:]
        if place not in noted:
            noted[place] = _read_note(place, _MARKS)
        name = "/".join(parts)
        is_named = parts[0] in (STATE, "feeds") or name.startswith(_OWNED)
        if is_named or name in noted[place] or _OUR_MARK in _read_head(path):
            yield path


def _read_head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_HEAD_LENGTH)


def find_changed(folder: Path, *, is_deep: bool = False) -> list[str]:
    """Return the files of a site that are not as the last build left them, or gone.

    With ``is_deep`` all are read, else those alone whose time of change is another, as that of a
    copy is.
    """
    marks = _read_note(folder, _MARKS)
    found = _list_files(folder) if marks else {}
    return sorted(
        name
        for name, mark in marks.items()
        if not _marks_again(folder, name, found.get(name), mark, is_deep=is_deep)
    )


def note_source(folder: Path, source: str) -> None:
    """Note of which published file a site is, once all of it is written."""
    _put(folder / STATE / f"{_SOURCE}.json", encode({"file": source}))


def read_source(folder: Path) -> str | None:
    """Return of which published file the whole site is; None where that is not known."""
    return _read_note(folder, _SOURCE).get("file")


def say_source(published: Path) -> str:
    """Return what tells a published file from those before it, without reading it.

    Raises:
        OSError: it is not there.
    """
    return _size_and_time(published.stat())


def note_anew(folder: Path, names: Collection[str]) -> None:
    """Take files that an erasure changed for what they are now."""
    marks, found = _read_note(folder, _MARKS), _list_files(folder)
    changed = {
        name: f"{found[name]} {_checksum((folder / name).read_bytes())}"
        for name in marks.keys() & found.keys() & set(names)
    }
    if changed:
        _put(folder / STATE / f"{_MARKS}.json", encode(marks | changed))


def _read_note(folder: Path, name: str) -> dict[str, str]:
    noted = folder / STATE / f"{name}.json"
    try:
        # a pipe would be waited for
        is_note = noted.is_file() and noted.stat().st_size <= _LARGEST_NOTE
        found = decode(noted.read_bytes()) if is_note else None
    except (OSError, RecursionError):
        return {}
    return {key: value for key, value in (found or {}).items() if isinstance(value, str)}


def _marks_again(
    folder: Path, name: str, seen: str | None, mark: str, *, is_deep: bool = False
) -> str | None:
    """Return the mark of a file of a size and a time of change; None unless it is as it was."""
    if seen is None:
        return None
    size_and_time, _, checksum = mark.rpartition(" ")
    if seen == size_and_time and not is_deep:
        return mark
    if seen.partition(" ")[0] != size_and_time.partition(" ")[0]:
        return None
    try:
        is_as_it_was = _checksum((folder / name).read_bytes()) == checksum
    except OSError:
        return None
    return f"{seen} {checksum}" if is_as_it_was else None


def _size_and_time(seen: os.stat_result) -> str:
    return f"{seen.st_size} {seen.st_mtime_ns}"


def _checksum(content: bytes) -> str:
    return f"{zlib.crc32(content):08x}"


def _list_files(folder: Path) -> dict[str, str]:
    """Return the files of a folder and of the folders in it, each with size and time of change.

    One look a folder: paths of thousands of files take seconds. A link to a file is none of ours.
    """
    if not folder.is_dir():
        return {}
    found: dict[str, str] = {}
    with os.scandir(folder) as entries:
        inner = [entry for entry in entries if entry.name != STATE]
    for entry in inner:
        if entry.is_dir(follow_symlinks=False):
            with os.scandir(entry.path) as files:
                found |= {
                    f"{entry.name}/{file.name}": _size_and_time(file.stat())
                    for file in files
                    if _is_file(file)
                }
        elif _is_file(entry):
            found[entry.name] = _size_and_time(entry.stat())
    return found


def _is_file(entry: os.DirEntry[str]) -> bool:
    return entry.is_file(follow_symlinks=False)


def _put(path: Path, content: bytes) -> None:
    """Put a file in its place at once: a reader sees the old one or the new one."""
    with half_beside(path) as half:
        try:
            half.write_bytes(content)
        except FileNotFoundError:
            path.parent.mkdir(parents=True, exist_ok=True)
            half.write_bytes(content)
        if path.is_dir() and not path.is_symlink():
            with suppress(OSError):
                # an empty folder is nobody's; another one is told when it stands in the way
                path.rmdir()
        half.rename(path)
