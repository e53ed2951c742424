"""Files of a home outside the landing, and the published warehouse: where names may stand."""

import re
import shutil
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

from flows.site.changed_files import note_before_erasing, note_erased_pages
from flows.site.store import find_own
from flows.stopped import undisturbed
from flows.workspace import Workspace
from transforms.errors import UnreadableError
from transforms.parse.readers.encoding import GZIP_MAGIC, WESTERN, wide_encoding
from transforms.parse.readers.parquet import PARQUET_MAGIC
from transforms.redact.bodies import ErasedText, erase_body
from transforms.redact.names import Names
from warehouse.connection import open_published
from warehouse.counted import say_count
from warehouse.files import write_durably
from warehouse.journal import JOURNAL_SUFFIX
from warehouse.journal_line import stamp, unstamp
from warehouse.landing import is_part_of
from warehouse.report.marks import mark_again
from warehouse.text_columns import list_text_columns, texts_with_words

_LOGS = ("errors.log", "runs.log", "runs.log.1")
_REPORTS = ("quality.html", "judged.json", "data_docs", ".judging-*")
"""Texts that we write, and those of the journal and of the site: they may be rewritten."""
_FOLDERS = ("journal", "reports", "site")
_HALF = re.compile(r"\..+\.\d+\.tmp")
"""How a file is named while it is written: see :func:`warehouse.files.temporary_beside`."""
_OF_JOURNAL = (JOURNAL_SUFFIX, ".damaged")
_NAMELESS = tuple(f"{kind}{JOURNAL_SUFFIX}" for kind in ("pack", "lost_pack"))
"""Files of the journal in which our own words and hashes stand, and nothing else."""
_NO_TEXT = (".duckdb", ".wal")
_PACKED = (PARQUET_MAGIC, GZIP_MAGIC)
_SEALED = (b"PK\x03\x04", b"BZh", b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd", b"7z\xbc\xaf\x27\x1c")
"""How a file begins that is packed as nobody here unpacks: zip, bzip2, xz, zstd, 7z."""
_DATABASE = b"DUCK"
"""What stands behind the first eight bytes of a database of DuckDB, whatever its name."""
_LONGEST_READ = 1 << 23
"""Bytes at once: read in all that may encode letters, a text takes fifty times as much memory."""
_OVERLAP = 1 << 14
"""Bytes that are read twice: a name may stand across a border, each letter as an escape."""
_LONGEST_PACKED = 1 << 26

Place = dict[str, str]


def count_in_files(workspace: Workspace, names: Names) -> Counter[str]:
    """Return how often names stand in files of ours, by path within the home."""
    found: Counter[str] = Counter()
    for path in _looked_into(workspace):
        with suppress(UnreadableError):  # no text of ours is so
            found[_place(workspace, path)] += erase_body(path.read_bytes(), names).occurrences
    return +found


def erase_in_files(workspace: Workspace, names: Names) -> Counter[str]:
    """Rewrite the files of ours that hold a name, remove what killed runs left; return as above.

    Pages of the archive are noted as what they are now, those too that were rewritten before the
    process is told to stop, or was killed: given again, the command finds no name in them.
    """
    folder = workspace.settings.home.folder
    shutil.rmtree(workspace.settings.home.work.parent, ignore_errors=True)
    for leftover in (*folder.glob(".rebuilt-*"), *folder.glob("*.stale")):
        _remove(leftover)
    for half in (file for name in _FOLDERS for file in _files(folder / name)):
        if _HALF.fullmatch(half.name):
            _remove(half)
    found: Counter[str] = Counter()
    site = workspace.settings.home.site
    try:
        for path in _looked_into(workspace):
            place = _place(workspace, path)
            # what is left of a text that cannot be read is told at the end
            with undisturbed(), suppress(UnreadableError):
                note = partial(note_before_erasing, site, place)
                found[place] += erase_file(path, names, note).occurrences
    finally:
        with undisturbed():
            note_erased_pages(site, +found)
    return +found


def erase_file(path: Path, names: Names, note: Callable[[], object] = lambda: None) -> ErasedText:
    """Rewrite a text file of ours without names, lines of the journal with new checksums; ``note``
    is called before.

    What somebody adds to the file meanwhile is not lost: it is read again then.
    """
    is_journal = path.suffix == JOURNAL_SUFFIX
    while True:
        body = path.read_bytes()
        text = unstamp(body.splitlines(keepends=True)) if is_journal else body
        erased = erase_body(text, names)
        if not erased.occurrences:
            return erased
        new = (
            stamp(erased.body.splitlines(keepends=True)) if is_journal else mark_again(erased.body)
        )
        note()
        if write_durably(path, new, old_size=len(body)):
            return erased


def find_left_in_files(workspace: Workspace, names: Names) -> Iterator[Place]:
    """Yield the files of the home that hold a name, or may hold one and cannot be looked into."""
    home = workspace.settings.home
    for path in (*_files(home.folder), *_files_of_linked_inboxes(workspace)):
        inside = path.relative_to(home.folder)
        if path in (home.published, home.lock) or is_part_of(home.landing, path):
            continue
        place = str(inside)
        if names.holds(place):
            place = names.erase(place)[0]
            yield {"place": place, "reason": "the name of the file holds it: rename it"}
        if path.suffix in _NO_TEXT or _is_sealed(path):
            yield {"place": place, "reason": "made before, it may hold the name: delete it"}
        elif _holds(path, names):
            yield {"place": place, "reason": "the file holds the name, and is not ours to change"}


def find_left_in_warehouse(workspace: Workspace, names: Names) -> Iterator[Place]:
    """Yield the columns of the published warehouse that hold a name."""
    if not workspace.settings.home.published.exists():
        return
    with open_published(workspace.settings.home.published) as connection:
        words = [_bare(word) for word in names.longest_words]
        for columns in list_text_columns(connection):
            texts = texts_with_words(connection, columns, words)
            counts = Counter(column for column, text in texts if names.holds(text))
            for column, count in sorted(counts.items()):
                place = f"warehouse: {column.schema}.{column.table}.{column.column}"
                yield {"place": place, "reason": f"the name is in {say_count(count, 'value')}"}


def _bare(word: str) -> str:
    marked = unicodedata.normalize("NFD", word)
    return "".join(letter for letter in marked if not unicodedata.combining(letter))


def _looked_into(workspace: Workspace) -> Iterator[Path]:
    """Yield the texts of a home that we write and that may hold words of others."""
    return (path for path in _files_of_ours(workspace) if path.name not in _NAMELESS)


def _place(workspace: Workspace, path: Path) -> str:
    return str(path.relative_to(workspace.settings.home.folder))


def _files_of_ours(workspace: Workspace) -> Iterator[Path]:
    """Yield the texts of a home that we write, and none that somebody put beside them."""
    home = workspace.settings.home
    for name in _LOGS:
        yield from _files(home.folder / name)
    for path in _files(home.journal):
        if path.name.endswith(_OF_JOURNAL):
            yield path
    for name in _REPORTS:
        for place in home.reports.glob(name):
            yield from _files(place)
    yield from find_own(home.site, _files(home.site))


def _is_sealed(path: Path) -> bool:
    """Tell whether a name within a file would not be seen: as in a copy of the warehouse."""
    try:
        with path.open("rb") as file:
            head = file.read(12)
    except OSError:
        return False
    return head[8:] == _DATABASE or head.startswith(_SEALED)


def _holds(path: Path, names: Names) -> bool:
    try:
        with path.open("rb") as file:
            head = file.read(4)
            file.seek(0)
            if head.startswith(_PACKED):
                packed = file.read(_LONGEST_PACKED + 1)
                return len(packed) > _LONGEST_PACKED or erase_body(packed, names).occurrences > 0
            wide = wide_encoding(head)
            while block := file.read(_LONGEST_READ):
                if any(map(names.holds, _decode(block, wide.name if wide else None))):
                    return True
                if len(block) == _LONGEST_READ:
                    file.seek(-_OVERLAP, 1)
    except (OSError, UnreadableError):
        return True
    return False


def _decode(block: bytes, wide: str | None) -> list[str]:
    """Return a part of a file as text, in each way in which it may be one."""
    if wide:
        return [block.decode(wide, "replace")]
    try:
        return [block.decode()]
    except UnicodeDecodeError:
        return [block.decode(encoding, "replace") for encoding in ("utf-8", WESTERN)]


def _files(top: Path) -> Iterator[Path]:
    if top.is_file():
        yield top
    for path in sorted(top.rglob("*")) if top.is_dir() else ():
        if path.is_file() and not path.is_symlink():
            yield path


def _files_of_linked_inboxes(workspace: Workspace) -> Iterator[Path]:
    """Yield the files of the inboxes that links lead to: the next run would read them."""
    home = workspace.settings.home.folder
    inboxes = {home / inbox.folder for feed in workspace.feeds.values() for inbox in feed.inbox}
    for folder in sorted(inboxes):
        if folder.is_relative_to(home) and not folder.resolve().is_relative_to(home.resolve()):
            yield from _files(folder)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
