"""What erasures mean for the runs after them: bytes given again stay erased, old files are left."""

import re
from functools import cached_property
from typing import Any

import polars as pl

from transforms.redact.names import ERASED
from warehouse.landing import Landing

LOST = (
    "a name was erased from these bytes, and what was left of them is lost or cannot be read:"
    " its pack of landing/looks is needed from a backup"
)
"""Why bytes that are given again are refused: with them the name would come back."""


class Erased:
    """What was erased from the landing of a home, for those who land files."""

    def __init__(self, landing: Landing) -> None:
        """Read which captures it concerns; their bodies are read at the first need."""
        self._landing = landing
        erasures = landing.erasures().filter(pl.col("place") == "looks")
        self._blobs = set(erasures["blob_id"])

    def facts_of(self, facts: dict[str, Any]) -> dict[str, Any] | None:
        """Return the facts of a look with the body that its bytes have since an erasure, and for a
        look that landed all as it landed; None where nothing of its bytes was erased.
        """
        if facts["blob_id"] not in self._blobs:
            return None
        landed = self._captures.get(facts["capture_id"])
        if landed:
            return landed
        same = (
            capture for capture in self._captures.values() if capture["blob_id"] == facts["blob_id"]
        )
        other = next(same, None)
        return {**facts, "body": other["body"]} if other else None

    def is_lost(self, blob_id: str) -> bool:
        """Tell whether a name was erased from bytes of which nothing that is left can be read."""
        return blob_id in self._blobs and blob_id not in self._left

    @cached_property
    def _left(self) -> frozenset[str]:
        return frozenset(row["blob_id"] for row in self._captures.values())

    @cached_property
    def _captures(self) -> dict[str, dict[str, Any]]:
        captures = self._landing.captures()
        captures = self._landing.read_bodies(
            captures.filter(pl.col("blob_id").is_in(list(self._blobs)))
        )
        return {row["capture_id"]: row for row in captures.iter_rows(named=True)}

    def is_origin(self, place: tuple[str, ...]) -> bool:
        """Tell whether a place is on record, with a name erased from it."""
        return _fits(self._origins, place)

    def is_refused(self, key: tuple[str, ...]) -> bool:
        """Tell whether a refused file (path, reason|blob_id) is on record, with a name erased."""
        return _fits(self._refused, key)

    @cached_property
    def _origins(self) -> list[re.Pattern[str]]:
        origins = self._landing.origins().select("capture_id", "origin", "path")
        return _patterns(origins.iter_rows())

    @cached_property
    def _refused(self) -> list[re.Pattern[str]]:
        refused = self._landing.refused().select("path", "reason", "blob_id").iter_rows()
        return _patterns((path, f"{reason}|{blob_id}") for path, reason, blob_id in refused)


def _patterns(rows: Any) -> list[re.Pattern[str]]:
    texts = ("\x1f".join(row) for row in rows if any(ERASED in value for value in row))
    return [re.compile(".+".join(map(re.escape, text.split(ERASED))), re.DOTALL) for text in texts]


def _fits(patterns: list[re.Pattern[str]], values: tuple[str, ...]) -> bool:
    return any(pattern.fullmatch("\x1f".join(values)) for pattern in patterns)
