"""Many small packs of the landing become one: what a run costs does not grow with the runs before.

The records stay as they are, and so do the bytes of every body. A kill at any step leaves the old
packs or the new one in force: :meth:`Landing.replace` says how.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import polars as pl

from warehouse.landing import REPLACING, Landing
from warehouse.landing_records import COMPACTION, KINDS, SCHEMAS

MOST_PACKS = 64
"""So many small packs of one kind are left alone."""
LARGE = 64 << 20
"""Bytes of bodies and texts, of which packs are held in memory: a pack that holds so many is never
written again, and none is made much larger. In a file they may take a thousandth."""


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
        packs = landing.find_packs(kind)
        if len(packs) > most:
            sizes = _measure(kind, packs)
            small = [pack for pack in packs if sizes[pack] < large]
            if len(small) > most:
                groups = _group(small, sizes, large)
                count += sum(_merge(landing, kind, group, now) for group in groups)
    return count


def _measure(kind: str, packs: Sequence[Path]) -> dict[Path, int]:
    """Return how many bytes of bodies and texts each pack holds."""
    texts = [name for name, held in SCHEMAS[kind].items() if held == pl.String]
    sizes = [pl.col(name).str.len_bytes() for name in texts]
    if kind == "looks":
        sizes.append(pl.col("bytes"))
    held = (
        pl.scan_parquet(list(packs), include_file_paths="pack", glob=False)
        .group_by("pack")
        .agg(pl.sum_horizontal(size.cast(pl.Int64).sum() for size in sizes).alias("size"))
        .collect()
    )
    return dict.fromkeys(packs, 0) | {Path(pack): size for pack, size in held.iter_rows()}


def _group(packs: Sequence[Path], sizes: Mapping[Path, int], large: int) -> Iterator[list[Path]]:
    """Yield groups of two packs and more, oldest first, each of about ``large`` bytes at most."""
    group: list[Path] = []
    size = 0
    for pack in sorted(packs, key=lambda pack: (pack.stat().st_mtime_ns, pack.name)):
        group.append(pack)
        size += sizes[pack]
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
