"""The landing: a write-once store of looks, refused files, failed looks and decisions.

Everything that lands is an immutable Parquet pack named by the hash of its bytes, written beside
its place and renamed into it. Nothing here is ever changed; a decision is one more record.
"""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

import polars as pl

_TIMESTAMP = pl.Datetime("us")

LOOK = pl.Schema(
    {
        "capture_id": pl.String(),
        "feed_id": pl.String(),
        "kind": pl.String(),
        "feed_date": pl.Date(),
        "captured_at": _TIMESTAMP,
        "captured_at_source": pl.String(),
        "captured_after": pl.Date(),
        "page": pl.String(),
        "query": pl.String(),
        "look_id": pl.String(),
        "page_limit": pl.Int32(),
        "has_next": pl.Boolean(),
        "format": pl.String(),
        "blob_id": pl.String(),
        "bytes": pl.Int64(),
        "body": pl.Binary(),
    }
)
ORIGIN = pl.Schema(
    {"capture_id": pl.String(), "origin": pl.String(), "path": pl.String(), "seen_at": _TIMESTAMP}
)
REFUSED = pl.Schema(
    {
        "path": pl.String(),
        "bytes": pl.Int64(),
        "blob_id": pl.String(),
        "reason": pl.String(),
        "seen_at": _TIMESTAMP,
    }
)
FAILED = pl.Schema(
    {
        "feed_id": pl.String(),
        "feed_date": pl.Date(),
        "failed_at": _TIMESTAMP,
        "address": pl.String(),
        "reason": pl.String(),
    }
)
DECISION = pl.Schema(
    {
        "capture_id": pl.String(),
        "decision": pl.String(),
        "feed_date": pl.Date(),
        "reason": pl.String(),
        "decided_by": pl.String(),
        "decided_at": _TIMESTAMP,
    }
)
_SCHEMAS = {
    "looks": LOOK,
    "origins": ORIGIN,
    "refused": REFUSED,
    "failed": FAILED,
    "decisions": DECISION,
}
_FACTS = [name for name in LOOK if name != "body"]


class Landing:
    """The landing of one home folder."""

    def __init__(self, folder: Path) -> None:
        """Name the folder; nothing is made before something lands."""
        self.folder = folder

    def write(self, kind: str, records: pl.DataFrame) -> Path | None:
        """Store records of one kind as a pack, durable on return; None where there are none."""
        if records.is_empty():
            return None
        place = self.folder / kind
        place.mkdir(parents=True, exist_ok=True)
        temporary = place / f".{os.getpid()}.tmp"
        records.select(_SCHEMAS[kind].names()).cast(_SCHEMAS[kind]).write_parquet(
            temporary, compression="zstd", compression_level=1, statistics=False
        )
        with temporary.open("rb") as pack:
            name = hashlib.file_digest(pack, "sha256").hexdigest()
            os.fsync(pack.fileno())
        final = place / f"{name}.parquet"
        temporary.chmod(0o444)
        temporary.rename(final)
        _sync_folder(place)
        return final

    def looks(self) -> pl.DataFrame:
        """Return the facts of every look, without the bodies, with the pack that holds each."""
        packs = self._packs("looks")
        if not packs:
            return pl.DataFrame(schema={**{n: LOOK[n] for n in _FACTS}, "pack": pl.String})
        looks = pl.scan_parquet(packs, include_file_paths="pack").select(*_FACTS, "pack").collect()
        return looks.unique("capture_id", keep="first", maintain_order=True)

    def read_bodies(self, looks: pl.DataFrame) -> pl.DataFrame:
        """Add the body to rows of :meth:`looks`."""
        wanted = looks["capture_id"].implode()
        bodies = (
            pl.scan_parquet(looks["pack"].unique(maintain_order=True).to_list())
            .filter(pl.col("capture_id").is_in(wanted))
            .select("capture_id", "body")
            .collect()
            .unique("capture_id", keep="first", maintain_order=True)
        )
        return looks.join(bodies, on="capture_id", maintain_order="left")

    def origins(self) -> pl.DataFrame:
        """Return every place where a capture was found."""
        return self._read("origins")

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

    def _packs(self, kind: str) -> list[Path]:
        return sorted((self.folder / kind).glob("[0-9a-f]*.parquet"))

    def _read(self, kind: str) -> pl.DataFrame:
        packs = self._packs(kind)
        if not packs:
            return pl.DataFrame(schema=_SCHEMAS[kind])
        return pl.read_parquet(packs)


def remove_leftovers(folder: Path, kinds: Iterable[str] = tuple(_SCHEMAS)) -> None:
    """Remove what a killed run was writing; it never counted."""
    for kind in kinds:
        for leftover in (folder / kind).glob(".*.tmp"):
            leftover.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
