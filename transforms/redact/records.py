"""Records and facts of captures without names: frames and values in, frames and values out."""

from typing import Any

import polars as pl

from transforms.redact.names import Names

_OURS = ("capture_id", "blob_id", "decision")
"""The columns of records that hold words and numbers of our own making: `hold` is a name too."""
_FREE_TEXT = ("page", "query", "look_id")
"""The facts of a capture that say what somebody asked for; the others are of our own making."""


def erase_facts(capture: dict[str, Any], names: Names) -> tuple[dict[str, Any], int]:
    """Return the facts of a capture without names in what somebody asked for."""
    return names.erase_within({name: capture[name] for name in _FREE_TEXT})


def erase_records(records: pl.DataFrame, names: Names) -> tuple[pl.DataFrame, int]:
    """Return records without names in their texts, and how often they stood there."""
    count = 0
    for column, kind in records.schema.items():
        if kind == pl.String and column not in _OURS:
            values, found = names.erase_within(records[column].to_list())
            records = (
                records.with_columns(pl.Series(column, values, pl.String)) if found else records
            )
            count += found
    return records, count
