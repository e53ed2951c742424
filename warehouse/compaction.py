"""Many small packs of the landing become one: what a run costs does not grow with the runs before.

The records stay as they are, and so do the bytes of every body. A kill at any step leaves the old
packs or the new one in force: :meth:`Landing.replace` says how.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import polars as pl

from warehouse.landing import REPLACING, Landing
from warehouse.landing_records import COMPACTION, KINDS

MOST_PACKS = 64
"""So many small packs of one kind are left alone."""
LARGE = 32 << 20
"""Bytes: a pack of this size is never written again, and none is made much larger."""


def compact_landing(
    landing: Landing, now: datetime, *, most: int = MOST_PACKS, large: int = LARGE
) -> int:
    """Compact the kinds of which there are more than ``most`` small packs; return how many packs
    another one replaced. For the writer only, before it reads the landing.

    Raises:
        OSError: as on a full disk; what was not compacted is as it was.
        DamagedError: as well.
    """
    count = 0
    for kind in KINDS:
        if kind in REPLACING:
            continue
        small = [pack for pack in landing.find_packs(kind) if pack.stat().st_size < large]
        if len(small) > most:
            count += sum(_merge(landing, kind, group, now) for group in _group(small, large))
    return count


def _group(packs: Sequence[Path], large: int) -> Iterator[list[Path]]:
    """Yield groups of two packs and more, oldest first, each of about ``large`` bytes at most."""
    group: list[Path] = []
    size = 0
    for pack in sorted(packs, key=lambda pack: (pack.stat().st_mtime_ns, pack.name)):
        group.append(pack)
        size += pack.stat().st_size
        if size >= large:
            yield group
            group, size = [], 0
    if len(group) > 1:
        yield group


def _merge(landing: Landing, kind: str, packs: Sequence[Path], now: datetime) -> int:
    merged = landing.stage(kind, pl.read_parquet(list(packs), glob=False))
    rows = [(kind, pack.stem, merged, now) for pack in packs]
    landing.replace(pl.DataFrame(rows, schema=COMPACTION, orient="row"), "compactions")
    return len(packs)
