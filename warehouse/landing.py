"""The landing: a write-once store of looks, refused files, failed looks and decisions.

Everything that lands is an immutable Parquet pack named by the hash of its bytes, written beside
its place and renamed into it. Nothing here is ever changed; a decision is one more record. The
exceptions are an erasure, and a compaction of many small packs: a pack takes the place of others,
and a record says so.
"""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import polars as pl

from warehouse.errors import DamagedError
from warehouse.files import naming, remove_halves, sync_folder
from warehouse.landing_records import CAPTURE, KINDS, SCHEMAS
from warehouse.pack_proof import (
    PACK_SUFFIX,
    REMEMBERED,
    Manifest,
    Misplaced,
    PackProblem,
    PackProof,
    find_kind,
)

_FACTS = [name for name in CAPTURE if name != "body"]
_STAGED = ".staged"
_DAMAGED = ".damaged"
_NAME_LENGTH = 64
REPLACING = ("erasures", "compactions")
"""The kinds of records that say which pack takes the place of which; their own packs stay."""


class Landing:
    """The landing of one home folder."""

    def __init__(
        self, folder: Path, manifest: Manifest | None = None, *, is_deep: bool = False
    ) -> None:
        """Name the folder; nothing is made before something lands.

        With a manifest, packs that vanished are found. ``is_deep``: every pack is hashed, also
        those that were found right before.
        """
        self.folder = folder
        self._manifest = manifest
        self._proof = PackProof(folder, is_deep=is_deep)
        self._replaced_by: tuple[list[Path], dict[tuple[str, str], str]] = ([], {})
        """What the packs of erasures and compactions say; read again where there are others."""
        self._read_before: dict[str, tuple[list[Path], pl.DataFrame]] = {}
        """By kind, without bodies: packs, and what they hold. A pack never changes, so that only
        other packs are read again."""

    def write(self, kind: str, records: pl.DataFrame) -> Path | None:
        """Store records of one kind as a pack, durable on return; None where there are none."""
        if records.is_empty():
            return None
        pack = self._write(kind, records, PACK_SUFFIX)
        if self._manifest:
            self._manifest.add([(kind, pack.stem)])
        return pack

    def stage(self, kind: str, records: pl.DataFrame) -> str:
        """Store what will replace a pack and is not read before; return the name that it will have.

        It counts from the moment on in which a record of :meth:`replace` names it.
        """
        return self._write(kind, records, _STAGED).stem

    def replace(self, records: pl.DataFrame, kind: str = "erasures") -> None:
        """Record erasures, or compactions, and let the staged packs that they name take the place
        of the old ones.

        The record is what decides: what a killed process leaves undone, :meth:`flush` does.

        Raises:
            DamagedError: the record cannot be read back, so that nothing takes its place.
        """
        record = self.write(kind, records)
        if record is not None and not self._proof.is_right(kind, record):
            raise DamagedError(f"the record of {kind} cannot be read back: {record}")
        self.__dict__.pop("_erased_bodies", None)
        self.flush()

    def flush(self) -> None:
        """Do what erasures and compactions on record say: staged packs appear, and those that they
        replace go.
        """
        replaced = self._replaced()
        for kind, pack in replaced:
            staged = self.folder / kind / f"{replaced[kind, pack]}{_STAGED}"
            if staged.exists():
                staged.rename(staged.with_suffix(PACK_SUFFIX))
                if self._manifest:
                    self._manifest.add([(kind, staged.stem)])
        kinds = {kind for kind, _ in replaced}
        for kind in kinds:
            sync_folder(self.folder / kind)
        for kind, pack in replaced:
            if self._is_replaced(kind, pack, replaced):
                (self.folder / kind / f"{pack}{PACK_SUFFIX}").unlink(missing_ok=True)
        for kind in kinds:
            sync_folder(self.folder / kind)
        for unnamed in self.folder.glob(f"*/*{_STAGED}"):
            unnamed.unlink(missing_ok=True)

    def _write(self, kind: str, records: pl.DataFrame, suffix: str) -> Path:
        place = self.folder / kind
        # not without its home: that may have been unmounted
        self.folder.mkdir(exist_ok=True)
        place.mkdir(exist_ok=True)
        temporary = place / f".{os.getpid()}.tmp"
        with naming(temporary):
            records.select(SCHEMAS[kind].names()).cast(SCHEMAS[kind]).write_parquet(
                temporary, compression="zstd", compression_level=1, statistics=False
            )
        with naming(temporary), temporary.open("rb") as pack:
            name = hashlib.file_digest(pack, "sha256").hexdigest()
            os.fsync(pack.fileno())
        final = place / f"{name}{suffix}"
        temporary.chmod(0o444)
        temporary.rename(final)
        sync_folder(place)
        return final

    def captures(self) -> pl.DataFrame:
        """Return the facts of every look, without the bodies, with the pack that holds each."""
        packs = self.find_packs("looks")
        if not packs:
            return pl.DataFrame(schema={**{n: CAPTURE[n] for n in _FACTS}, "pack": pl.String})
        return self._remember("looks", packs, _read_facts)

    def read_bodies(self, captures: pl.DataFrame) -> pl.DataFrame:
        """Add the body to rows of :meth:`looks`."""
        if captures.is_empty():
            return captures.with_columns(body=pl.lit(None, CAPTURE["body"]))
        wanted = captures["capture_id"].implode()
        bodies = (
            pl.scan_parquet(captures["pack"].unique(maintain_order=True).to_list(), glob=False)
            .filter(pl.col("capture_id").is_in(wanted))
            .select("capture_id", "body")
            .collect()
            .unique("capture_id", keep="first", maintain_order=True)
        )
        return captures.join(bodies, on="capture_id", maintain_order="left")

    def origins(self) -> pl.DataFrame:
        """Return every place where a capture was found."""
        return self._read("origins")

    def first_seen(self) -> dict[str, datetime]:
        """Return when each capture was first given (naive UTC), as far as that is on record."""
        seen = self.origins().group_by("capture_id").agg(pl.col("seen_at").min())
        return dict(seen.iter_rows())

    def refused(self) -> pl.DataFrame:
        """Return every file from which nothing could land."""
        return self._read("refused")

    def failed(self) -> pl.DataFrame:
        """Return every look that failed."""
        return self._read("failed")

    def decisions(self) -> pl.DataFrame:
        """Return the decision in force for each capture: the last one."""
        return (
            self._read("decisions")
            .sort("decided_at", "decision", "reason")
            .unique("capture_id", keep="last", maintain_order=True)
        )

    def erasures(self) -> pl.DataFrame:
        """Return every erasure, in the order of time."""
        return self._read("erasures").sort("erased_at", "place", "capture_id", "pack")

    def packs(self, kind: str) -> Iterator[tuple[str, pl.DataFrame]]:
        """Yield the packs of one kind, one at a time: the name of each and all of its records."""
        for pack in self.find_packs(kind):
            yield pack.stem, pl.read_parquet(pack, glob=False)

    def find_problems(self) -> list[PackProblem | Misplaced]:
        """Return the packs that are damaged, in the folder of another kind or, by the manifest,
        missing; they are left out of all that is read.
        """
        replaced = self._replaced()
        problems: list[PackProblem | Misplaced] = []
        there = {(kind, pack.stem): pack for kind in KINDS for pack in self._found(kind)}
        wanted = self._manifest.read() if self._manifest else set()
        told = wanted | (self._manifest.read_given_up() if self._manifest else set())
        for kind, pack in sorted({*there, *wanted}):
            if self._is_replaced(kind, pack, replaced):
                continue
            if (kind, pack) not in there and (kind, replaced.get((kind, pack), "")) in told:
                # what took its place is named itself, if it is missing, or was given up
                continue
            if (kind, pack) not in there:
                problems.append(PackProblem(kind, pack, "missing"))
            elif not self._proof.is_right(kind, there[kind, pack]):
                problems.append(self._describe(kind, pack, there[kind, pack]))
        return problems

    def _describe(self, kind: str, pack: str, path: Path) -> PackProblem | Misplaced:
        """Say what is wrong with a pack that is there."""
        found = find_kind(path)
        is_whole = found not in (None, kind) and self._proof.is_right(str(found), path)
        return Misplaced(kind, pack, str(found)) if is_whole else PackProblem(kind, pack, "damaged")

    def remember_proof(self) -> None:
        """Keep which packs were found right, and record in the manifest those that it lacks.

        Only the writer may do so. A run that was killed, or one of a version without a manifest,
        left packs that are not recorded.
        """
        self._proof.remember()
        if self._manifest:
            self._manifest.add(self.find_unnamed())

    def find_unnamed(self) -> list[tuple[str, str]]:
        """Return kind and name of the packs that the manifest does not name."""
        there = {(kind, pack.stem) for kind in KINDS for pack in self.find_packs(kind)}
        return sorted(there - self._manifest.read()) if self._manifest else []

    def give_up(self, problems: Sequence[PackProblem | Misplaced]) -> None:
        """Accept that packs are lost: damaged ones are set aside, and none is missed any more."""
        lost = [one for one in problems if isinstance(one, PackProblem)]
        for kind, pack, _ in lost:
            path = self.folder / kind / f"{pack}{PACK_SUFFIX}"
            if path.exists():
                path.rename(path.with_suffix(_DAMAGED))
        if self._manifest:
            self._manifest.give_up(lost)

    def is_as_landed(self, capture: Mapping[str, Any]) -> bool:
        """Tell whether the body of a row has the bytes that its blob_id names, or those that an
        erasure left of them.
        """
        found = hashlib.sha256(capture["body"]).hexdigest()
        return found == capture["blob_id"] or (capture["blob_id"], found) in self._erased_bodies

    @cached_property
    def _erased_bodies(self) -> frozenset[tuple[str, str]]:
        erased = self._read("erasures").select("blob_id", "erased_blob_id").drop_nulls()
        return frozenset(erased.iter_rows())

    def _found(self, kind: str) -> list[Path]:
        return sorted((self.folder / kind).glob(f"[0-9a-f]*{PACK_SUFFIX}"))

    def find_packs(self, kind: str) -> list[Path]:
        """Return the packs that count: not those that were replaced, wherever they come from, nor
        those that are damaged.
        """
        replaced = self._replaced() if kind not in REPLACING else {}
        return [
            pack
            for pack in self._found(kind)
            if not self._is_replaced(kind, pack.stem, replaced) and self._proof.is_right(kind, pack)
        ]

    def _replaced(self) -> dict[tuple[str, str], str]:
        """Return by kind and name of a pack the name of the one that took its place."""
        packs = [pack for kind in REPLACING for pack in self.find_packs(kind)]
        if packs != self._replaced_by[0]:
            names = ("place", "pack", "replaced_by")
            said = pl.concat([self._read(kind).select(names) for kind in REPLACING])
            rows = said.filter(pl.col("pack") != pl.col("replaced_by")).iter_rows()
            self._replaced_by = packs, {(kind, pack): by for kind, pack, by in rows}
        return self._replaced_by[1]

    def _is_replaced(self, kind: str, pack: str, replaced: dict[tuple[str, str], str]) -> bool:
        """Tell whether what took the place of a pack, or of that in turn, is there."""
        seen = set()
        while (kind, pack) in replaced and pack not in seen:
            seen.add(pack)
            pack = replaced[kind, pack]
            if (self.folder / kind / f"{pack}{PACK_SUFFIX}").exists():
                return True
        return False

    def _read(self, kind: str) -> pl.DataFrame:
        packs = self.find_packs(kind)
        if not packs:
            return pl.DataFrame(schema=SCHEMAS[kind])
        return self._remember(kind, packs, partial(pl.read_parquet, glob=False))

    def _remember(
        self, kind: str, packs: list[Path], read: Callable[[list[Path]], pl.DataFrame]
    ) -> pl.DataFrame:
        before = self._read_before.get(kind)
        if before is None or before[0] != packs:
            before = self._read_before[kind] = packs, read(packs)
        return before[1]


def _read_facts(packs: list[Path]) -> pl.DataFrame:
    looks = pl.scan_parquet(packs, include_file_paths="pack", glob=False)
    captures = looks.select(*_FACTS, "pack").collect()
    return captures.unique("capture_id", keep="first", maintain_order=True)


def is_part_of(folder: Path, path: Path) -> bool:
    """Tell whether a file is one of a landing, and nothing that somebody put beside its packs."""
    is_pack = path.parent.parent == folder and path.parent.name in KINDS
    is_named = path.suffix == PACK_SUFFIX and len(path.stem) == _NAME_LENGTH
    return (is_pack and is_named) or path == folder / REMEMBERED


def remove_leftovers(folder: Path, kinds: Iterable[str] = tuple(SCHEMAS)) -> None:
    """Remove what a killed run was writing, which never counted, and end what it was erasing."""
    for place in (folder, *(folder / kind for kind in kinds)):
        remove_halves(place)
    Landing(folder).flush()
