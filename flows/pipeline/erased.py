"""What erasures mean for the runs after them: bytes given again stay erased, old files are left."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, TypeAlias

import polars as pl

from transforms.redact.names import ERASED
from warehouse.landing import Landing

LOST = (
    "a name was erased from these bytes, and what was left of them is lost or cannot be read:"
    " its pack of landing/looks is needed from a backup"
)
"""Why bytes that are given again are refused: with them the name would come back."""


_SEPARATOR = "\x1f"
_Kept: TypeAlias = Mapping[str, list[list[str]]]
"""Records out of which names were erased: what is left of each between the names, by the hash that
both a record and what is given again have."""


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

    def is_origin(self, place: tuple[str, str, str]) -> bool:
        """Tell whether a place (capture_id, origin, path) is on record, with a name erased."""
        return _is_kept(self._origins, place[0], place)

    def is_refused(self, key: tuple[str, str]) -> bool:
        """Tell whether a refused file (path, reason|blob_id) is on record, with a name erased."""
        return _is_kept(self._refused, key[1].rpartition("|")[2], key)

    @cached_property
    def _origins(self) -> _Kept:
        origins = self._landing.origins().select("capture_id", "origin", "path")
        return _keep((row[0], row) for row in origins.iter_rows())

    @cached_property
    def _refused(self) -> _Kept:
        refused = self._landing.refused().select("path", "reason", "blob_id").iter_rows()
        return _keep(
            (str(blob_id), (path, f"{reason}|{blob_id}")) for path, reason, blob_id in refused
        )


def _keep(rows: Iterable[tuple[str, tuple[str, ...]]]) -> _Kept:
    kept: dict[str, list[list[str]]] = {}
    for key, row in rows:
        if any(ERASED in value for value in row):
            kept.setdefault(key, []).append(_SEPARATOR.join(row).split(ERASED))
    return kept


def _is_kept(kept: _Kept, key: str, values: tuple[str, ...]) -> bool:
    return any(_fits(parts, _SEPARATOR.join(values)) for parts in kept.get(key, ()))


def _fits(parts: list[str], text: str) -> bool:
    """Tell whether a text has these parts in their order, its ends included, and something between
    them.

    Each is taken where it comes first, which leaves most to the others. An expression would try all
    places: who names a file ``[erased]`` thirty times would stop every run.
    """
    first, *others, last = parts
    end = len(text) - len(last)
    if not text.startswith(first) or not text.endswith(last):
        return False
    place = len(first)
    for part in others:
        found = text.find(part, place + 1, end)
        if found < 0:
            return False
        place = found + len(part)
    return place < end
