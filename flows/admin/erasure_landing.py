"""Packs of the landing that are to replace others: written now, in place with the record of it."""

from typing import Any

import polars as pl

from transforms.redact.names import Names
from transforms.redact.records import erase_records
from warehouse.landing import Landing
from warehouse.landing_records import CAPTURE


def stage_records(landing: Landing, kind: str, names: Names) -> list[tuple[str, str, int]]:
    """Stage new packs of records other than captures.

    Returns old pack, new pack and occurrences, for each pack with a name in it.
    """
    staged = []
    for pack, records in landing.packs(kind):
        erased, count = erase_records(records, names)
        if count:
            staged.append((pack, landing.stage(kind, erased), count))
    return staged


def stage_captures(landing: Landing, pack: pl.DataFrame, erased: dict[str, dict[str, Any]]) -> str:
    """Stage a pack of captures with some of their values replaced, by capture_id.

    Returns the name of the new pack.
    """
    rows = [row | erased.get(row["capture_id"], {}) for row in pack.iter_rows(named=True)]
    return landing.stage("looks", pl.DataFrame(rows, schema=CAPTURE, orient="row"))
