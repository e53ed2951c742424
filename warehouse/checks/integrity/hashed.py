"""Keys and references by their hashes: whether a check need not look at the rows themselves.

Every row is read, as by the queries beside this module, but numbers of 64 bits are sorted in place
of texts that are grouped and joined: a third of the time. Equal keys have equal hashes, so that no
key that stands twice is missed. A reference to nothing is missed where its hash is by chance that
of something that is there: with ten million rows once in a trillion times.
"""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

import duckdb
import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]
"""Sorted."""


class _Column(NamedTuple):
    """What is hashed of each row of a table."""

    table: str
    values: str
    condition: str = "true"


KEYS: Final = {
    "raw.capture": "capture_id",
    "raw.entry": "capture_id, position",
    "raw.content": "content_id",
    "core.paper": "paper_id",
    "core.paper_alias": "alias_id",
    "core.identifier": "identity_key",
    "core.feed_day": "feed_id, feed_date",
    "core.paper_version": "paper_id, family, version",
    "core.paper_topic": "paper_id, topic_id, taxonomy_version",
    "core.feed_paper": "feed_id, paper_id",
}
"""The key of each table of ``keys_are_unique.sql``."""

_PAPER: Final = _Column("core.paper", "paper_id")
_CONTENT: Final = _Column("raw.content", "content_id")
REFERENCES: Final = {
    "raw.entry.capture_id": (
        _Column("raw.entry", "capture_id"),
        _Column("raw.capture", "capture_id"),
    ),
    "raw.entry.content_id": (_Column("raw.entry", "content_id"), _CONTENT),
    "raw.entry.own_id": (_Column("raw.entry", "own_id"), _Column("core.paper_alias", "alias_id")),
    "raw.capture.feed_id": (
        _Column("raw.capture", "feed_id", "state = 'loaded'"),
        _Column("core.feed", "feed_id"),
    ),
    "core.paper_alias.paper_id": (_Column("core.paper_alias", "paper_id"), _PAPER),
    "core.paper.content_id": (_Column("core.paper", "content_id"), _CONTENT),
    "core.paper.paper_id": (_PAPER, _Column("core.paper_alias", "paper_id")),
    "core.paper_version.paper_id": (_Column("core.paper_version", "paper_id"), _PAPER),
    "core.paper_topic.paper_id": (_Column("core.paper_topic", "paper_id"), _PAPER),
    "core.feed_paper.paper_id": (_Column("core.feed_paper", "paper_id"), _PAPER),
    "core.identifier.paper_id": (
        _Column("core.identifier", "paper_id", "paper_id is not null"),
        _PAPER,
    ),
}
"""What refers to what, by the names of ``references_are_whole.sql``."""
ALIEN: Final = (_PAPER, _Column("core.paper_alias", "alias_id", "alias_id <> paper_id"))
"""What must have nothing in common: papers, and the ids that lead to another paper."""
_TOPIC_KEY: Final = KEYS["core.paper_topic"]
EVIDENCE: Final = {
    "not in the taxonomy": (
        _Column("core.paper_topic", "taxonomy_version, topic_id"),
        _Column("core.topic", "taxonomy_version, topic_id"),
    ),
    "without evidence": (
        _Column("core.paper_topic", _TOPIC_KEY),
        _Column("core.paper_topic_evidence", _TOPIC_KEY),
    ),
}
"""What refers to what, by the problems of ``topics_have_evidence.sql``."""


class Hashed:
    """The hashes of a file's keys and references, each read once."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Read nothing before something is asked."""
        self._connection = connection
        self._read: dict[_Column, Hashes] = {}

    def is_sound(self, check_id: str) -> bool:
        """Tell whether a check would find no row; False also of one that is not made by hashes.

        Raises:
            duckdb.Error: a table or column is lacking.
        """
        ask = _ASKED.get(check_id)
        return ask is not None and ask(self)

    def keys_are_unique(self) -> bool:
        """Tell whether no key stands twice."""
        return not any(_repeats(self._of(_Column(*key))) for key in KEYS.items())

    def references_are_whole(self) -> bool:
        """Tell whether nothing refers to what is not there."""
        return self._lead_somewhere(REFERENCES) and not _is_in(*map(self._of, ALIEN)).any()

    def topics_have_evidence(self) -> bool:
        """Tell whether every topic of a paper is in the taxonomy and has a place that says so."""
        return self._lead_somewhere(EVIDENCE)

    def _lead_somewhere(self, references: Mapping[str, tuple[_Column, _Column]]) -> bool:
        pairs = references.values()
        return all(_is_in(self._of(one), self._of(other)).all() for one, other in pairs)

    def _of(self, column: _Column) -> Hashes:
        if column not in self._read:
            rows = self._connection.execute(
                f"select hash({column.values}) as hashed from {column.table}"
                f" where {column.condition}"
            ).fetchnumpy()
            self._read[column] = np.sort(rows["hashed"])
        return self._read[column]


_ASKED: Final[Mapping[str, Callable[[Hashed], bool]]] = {
    "keys_are_unique": Hashed.keys_are_unique,
    "references_are_whole": Hashed.references_are_whole,
    "topics_have_evidence": Hashed.topics_have_evidence,
}


def _repeats(hashes: Hashes) -> bool:
    return bool((hashes[1:] == hashes[:-1]).any())


def _is_in(some: Hashes, others: Hashes) -> NDArray[np.bool_]:
    """Tell of each of the distinct hashes whether it is among the others."""
    distinct = some[np.concatenate([[True], some[1:] != some[:-1]])] if len(some) else some
    if not len(others):
        return np.zeros(len(distinct), dtype=np.bool_)
    places = np.searchsorted(others, distinct)
    places[places == len(others)] = 0
    found: NDArray[np.bool_] = others[places] == distinct
    return found
