"""Which files need not be read again: those of the inboxes that have landed, while they are as they
were, and those, from anywhere, that took too long.

A file of an inbox is known by its path, its size, its two times of change (a file that took its
place may have the size and the time of modification of the old one), and what is said of its
folder. One that took too long is known by its bytes, and tried again by other parsers, other feeds
or with another limit. What is remembered is no record: without it, or with ``--rescan``, every file
is read again, and the warehouse is the same.
"""

import os
from collections.abc import Collection
from pathlib import Path

import orjson

from config.feeds import feeds_digest
from flows.pipeline.files import file_times
from flows.pipeline.inputs import Stated
from flows.workspace import Workspace
from transforms.parse.recognise import FORMATS
from transforms.text import hash_parts
from warehouse.files import temporary_beside

_NAME = ".inbox.json"


_Remembered = dict[str, dict[str, str]]


class InboxMemory:
    """The files of the inboxes that have landed, by a hash of what they are known by, and the files
    that took too long, by their bytes.
    """

    def __init__(
        self, file: Path, rules: str, settled: Collection[str], remembered: _Remembered
    ) -> None:
        """Take what :meth:`read` found; ``rules`` are those that make a file a capture."""
        self._file = file
        self._rules = rules
        self._settled = settled
        self._known = remembered.get("known", {})
        self._slow = remembered.get("slow", {})
        self._is_new = False
        self.skipped = 0
        """How many files were not read for it."""

    @classmethod
    def read(cls, workspace: Workspace, settled: Collection[str]) -> "InboxMemory":
        """Read what is remembered; nothing is, where feeds or parsers are others than they were.

        ``settled`` are the captures that are published as they would be read today.
        """
        parsers = sorted(f"{name} {format_.parser_version}" for name, format_ in FORMATS.items())
        rules = hash_parts(feeds_digest(workspace.feeds), *parsers)
        file = workspace.landing.folder / _NAME
        return cls(file, rules, settled, _read(file, rules))

    def skips(self, path: Path, stated: Stated) -> bool:
        """Tell whether a file has landed, is as it was then, and is published; count those."""
        try:
            facts = path.stat()
        except OSError:
            return False
        key = _key(path, facts.st_size, file_times(facts), stated)
        is_settled = self._known.get(key) in self._settled
        self.skipped += is_settled
        return is_settled

    def note(
        self, path: Path, size: int, times: tuple[int, int], stated: Stated, capture_id: str
    ) -> None:
        """Remember which capture a file is."""
        key = _key(path, size, times, stated)
        self._is_new = self._is_new or self._known.get(key) != capture_id
        self._known[key] = capture_id

    def is_slow(self, blob_id: str | None, reason: str) -> bool:
        """Tell whether bytes took too long before; ``reason`` names the limit of today."""
        return blob_id is not None and self._slow.get(blob_id) == reason

    def note_slow(self, blob_id: str, reason: str) -> None:
        """Remember that bytes took too long."""
        self._is_new = self._is_new or self._slow.get(blob_id) != reason
        self._slow[blob_id] = reason

    def keep(self) -> None:
        """Write what is new; where that fails, the next run reads those files again."""
        if not self._is_new:
            return
        temporary = temporary_beside(self._file)
        try:
            remembered = {"rules": self._rules, "known": self._known, "slow": self._slow}
            temporary.write_bytes(orjson.dumps(remembered))
            temporary.rename(self._file)
        except OSError:
            temporary.unlink(missing_ok=True)


def forget_inbox(landing: Path) -> None:
    """Let every file of the inboxes be read again by the next run."""
    (landing / _NAME).unlink(missing_ok=True)


def _read(file: Path, rules: str) -> _Remembered:
    """Return what is remembered under these rules; a damaged file holds nothing.

    JSON, for Polars ends the process where some bytes of a Parquet file are damaged.
    """
    try:
        remembered = orjson.loads(file.read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return {}
    if not isinstance(remembered, dict) or remembered.get("rules") != rules:
        return {}
    parts = {name: part for name, part in remembered.items() if isinstance(part, dict)}
    return {
        name: {key: value for key, value in part.items() if isinstance(value, str)}
        for name, part in parts.items()
    }


def _key(path: Path, size: int, times: tuple[int, int], stated: Stated) -> str:
    name = os.fsencode(path.absolute()).hex()
    layout = stated.layout.template if stated.layout else None
    return hash_parts(name, str(size), *map(str, times), stated.feed_id, layout)[:32]
