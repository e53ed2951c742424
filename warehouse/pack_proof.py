"""Proof that the packs of a landing are those that were written: none vanished, none changed.

A pack is named by the sha256 of its bytes. Hashing all of them in every run would cost the history;
so a pack that was found right is remembered with its size and its times of change, and is hashed
again when these differ, or when everything is to be read (``is_deep``).
"""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Literal, NamedTuple

import polars as pl

from warehouse.files import write_durably
from warehouse.journal import Journal
from warehouse.landing_records import KINDS, SCHEMAS

PACK_SUFFIX = ".parquet"
REMEMBERED = ".proved.json"
_LARGEST = 1 << 28
"""Bytes of what is remembered: two million packs. A larger file is damaged, and is not read."""

Fault = Literal["missing", "damaged"]


class PackProblem(NamedTuple):
    """A pack that cannot be used."""

    kind: str
    pack: str
    fault: Fault

    def __str__(self) -> str:
        """Name the file, and what is wrong with it."""
        return f"landing/{self.kind}/{self.pack}{PACK_SUFFIX} is {self.fault}"


class Misplaced(NamedTuple):
    """A whole pack in the folder of another kind: nothing of it is read there."""

    folder: str
    pack: str
    belongs_to: str

    @property
    def kind(self) -> str:
        """None: by itself it is no loss of records, the manifest tells that."""
        return ""

    def __str__(self) -> str:
        """Name the file, and what it is."""
        return f"landing/{self.folder}/{self.pack}{PACK_SUFFIX} is a pack of {self.belongs_to}"


class Manifest:
    """The packs that were written, as the journal has them, and those that were given up."""

    def __init__(self, journal: Journal) -> None:
        """Read nothing yet."""
        self._journal = journal

    def add(self, packs: Iterable[tuple[str, str]]) -> None:
        """Record packs (kind, name) that are in their place."""
        self._journal.append("pack", [{"kind": kind, "pack": pack} for kind, pack in packs])

    def give_up(self, problems: Iterable[PackProblem]) -> None:
        """Record that packs are lost, and that this is accepted."""
        self._journal.append("lost_pack", [problem._asdict() for problem in problems])

    def read(self) -> set[tuple[str, str]]:
        """Return (kind, name) of the packs that should be there."""
        added = self._journal.read("pack")
        # a pack that was given up and written again is there again: the proof finds it by its file;
        # of a kind that only another version knows nothing can be read
        known = {_key(row) for row in added if row["kind"] in KINDS}
        return known - self.read_given_up()

    def read_given_up(self) -> set[tuple[str, str]]:
        """Return (kind, name) of the packs that are lost, and of which this was accepted."""
        return {_key(row) for row in self._journal.read("lost_pack")}


class PackProof:
    """Tells right packs of one landing from damaged ones."""

    def __init__(self, folder: Path, *, is_deep: bool = False) -> None:
        """Read what is remembered; nothing is, where everything is to be read."""
        self._file = folder / REMEMBERED
        self._remembered: dict[str, list[int]] = {} if is_deep else self._read()
        self._is_new = False

    def is_right(self, kind: str, path: Path) -> bool:
        """Tell whether a pack has the bytes that its name says, and holds records of the kind."""
        try:
            facts = path.stat()
            name = f"{kind}/{path.stem}"
            seen = [facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns]
            if self._remembered.get(name) == seen:
                return True
            with path.open("rb") as file:
                is_right = hashlib.file_digest(file, "sha256").hexdigest() == path.stem
            is_right = is_right and find_kind(path) in (kind, None)
        except OSError:
            return False
        if is_right:
            self._remembered[name] = seen
            self._is_new = True
        return is_right

    def remember(self) -> None:
        """Keep what was found right for the next run; only the writer may do so."""
        if self._is_new:
            write_durably(self._file, json.dumps(self._remembered).encode())
            self._is_new = False

    def _read(self) -> dict[str, list[int]]:
        try:
            if self._file.stat().st_size > _LARGEST:
                return {}
            found = json.loads(self._file.read_bytes())
        except (OSError, ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}


def find_kind(path: Path) -> str | None:
    """Return the kind of the records of a pack, by its columns; None where it is none of ours."""
    try:
        columns = set(pl.read_parquet_schema(path))
    except (OSError, pl.exceptions.PolarsError):
        return None
    return next((kind for kind, schema in SCHEMAS.items() if columns == set(schema)), None)


def _key(row: dict[str, str]) -> tuple[str, str]:
    return row["kind"], row["pack"]
