"""Which files need not be read again: those of the inboxes that have landed or were refused, while
they are as they were, and those, from anywhere, that took too long.

A file of an inbox is known by its path, its size, its two times of change (a file that took its
place may have the size and the time of modification of the old one), and what is said of its
folder. One that was refused is tried again by other code that reads, other feeds or with other
limits; so is one that took too long, which is known by its bytes. What is remembered is no record:
without it, or with ``--rescan``, every file is read again, and the warehouse is the same.
"""

import hashlib
import os
from collections.abc import Collection
from contextlib import suppress
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path

import orjson

from config.feeds import feeds_digest
from flows.pipeline.files import FoundFile, file_times, shown_path
from flows.pipeline.inputs import Stated
from flows.report import Refused
from flows.workspace import Workspace
from transforms.parse.recognise import FORMATS
from transforms.text import hash_parts
from warehouse.files import half_beside

_NAME = ".inbox.json"
_READERS = "readers"
"""The member of the refused files that tells by which code and limits they were read."""

_Remembered = dict[str, dict[str, str]]


class InboxMemory:
    """The files of the inboxes that have landed or were refused, by a hash of what they are known
    by, and the files that took too long, by their bytes.
    """

    def __init__(
        self,
        file: Path,
        rules: str,
        settled: Collection[str],
        on_record: Collection[tuple[str, str]],
        remembered: _Remembered,
    ) -> None:
        """Take what :meth:`read` found; ``rules`` are those that make a file a capture."""
        self._file = file
        self._rules = rules
        self._settled = settled
        self._on_record = on_record
        self._known = remembered.get("known", {})
        self._slow = remembered.get("slow", {})
        self._refused = remembered.get("refused", {})
        self._is_new = False
        self._seen: set[str] = set()
        """The keys of the files that are in the inboxes now."""
        self.skipped = 0
        """How many files that landed were not read for it."""
        self.refused: list[Refused] = []
        """The files that are refused, and were not read for it."""

    @classmethod
    def read(
        cls,
        workspace: Workspace,
        settled: Collection[str],
        on_record: Collection[tuple[str, str]] = (),
    ) -> "InboxMemory":
        """Read what is remembered; nothing is, where feeds or parsers are others than they were.

        ``settled`` are the captures that are published as they would be read today, ``on_record``
        the refusals of the landing (path, reason|blob_id).
        """
        parsers = sorted(f"{name} {format_.parser_version}" for name, format_ in FORMATS.items())
        rules = hash_parts(feeds_digest(workspace.feeds), *parsers)
        file = workspace.landing.folder / _NAME
        remembered = _read(file, rules)
        readers = _digest_readers(workspace)
        if remembered.get("refused", {}).get(_READERS) != readers:
            remembered["refused"] = {_READERS: readers}
        return cls(file, rules, settled, on_record, remembered)

    def skips(self, path: Path, stated: Stated) -> bool:
        """Tell whether a file is as it was when it landed and is published, or when it was refused;
        note those.
        """
        try:
            facts = path.stat()
        except OSError:
            return False
        key = _key(path, facts.st_size, file_times(facts), stated)
        self._seen.add(key)
        is_settled = self._known.get(key) in self._settled
        self.skipped += is_settled
        return is_settled or self._is_refused_again(path, key)

    def note(
        self, path: Path, size: int, times: tuple[int, int], stated: Stated, capture_id: str
    ) -> None:
        """Remember which capture a file is."""
        key = _key(path, size, times, stated)
        self._seen.add(key)
        self._is_new = self._is_new or self._known.get(key) != capture_id
        self._known[key] = capture_id

    def note_refused(self, file: FoundFile, stated: Stated, reason: str) -> None:
        """Remember why a file is refused, if its bytes were read."""
        if file.times is None or file.size is None or file.blob_id is None:
            return
        key = _key(file.path, file.size, file.times, stated)
        self._seen.add(key)
        # a reason may quote the file, and what is quoted be erased: here is none
        told = _say_refused(shown_path(file.path.absolute()), f"{reason}|{file.blob_id}")
        self._is_new = self._is_new or self._refused.get(key) != told
        self._refused[key] = told

    def _is_refused_again(self, path: Path, key: str) -> bool:
        told = self._refused.get(key)
        reason = self._reasons.get(told) if told else None
        if reason is None:
            return False
        self.refused.append(Refused(shown_path(path), reason))
        return True

    @cached_property
    def _reasons(self) -> dict[str, str]:
        return {_say_refused(path, told): told.rpartition("|")[0] for path, told in self._on_record}

    def is_slow(self, blob_id: str | None, reason: str) -> bool:
        """Tell whether bytes took too long before; ``reason`` names the limit of today."""
        return blob_id is not None and self._slow.get(blob_id) == reason

    def note_slow(self, blob_id: str, reason: str) -> None:
        """Remember that bytes took too long."""
        self._is_new = self._is_new or self._slow.get(blob_id) != reason
        self._slow[blob_id] = reason

    def keep(self) -> None:
        """Write what is new, without the files that are gone; where that fails, the next run reads
        those files again. A run that looked at no inbox forgets none.
        """
        if self._seen:
            self._forget_others(self._seen)
        if not self._is_new:
            return
        remembered = {
            "rules": self._rules,
            "known": self._known,
            "slow": self._slow,
            "refused": self._refused,
        }
        with suppress(OSError), half_beside(self._file) as half:
            half.write_bytes(orjson.dumps(remembered))
            half.rename(self._file)

    def _forget_others(self, there: Collection[str]) -> None:
        """Forget the files that are not there any more."""
        known = {key: told for key, told in self._known.items() if key in there}
        kept = {*there, _READERS}
        refused = {key: told for key, told in self._refused.items() if key in kept}
        gone = len(self._known) - len(known) + len(self._refused) - len(refused)
        self._is_new = self._is_new or gone > 0
        self._known, self._refused = known, refused


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


def _digest_readers(workspace: Workspace) -> str:
    """Return a digest of what a refusal depends on beside feeds: code that reads, and limits."""
    settings = workspace.settings
    return hash_parts(_digest_code(), str(settings.max_file_bytes), str(settings.capture_seconds))


@cache
def _digest_code() -> str:
    digest = hashlib.sha256()
    parse = files("transforms") / "parse"
    for folder in (parse, parse / "formats", parse / "readers", files("flows") / "pipeline"):
        for path in sorted(folder.iterdir(), key=lambda one: one.name):
            if path.name.endswith(".py"):
                digest.update(path.read_bytes())
    return digest.hexdigest()


def _say_refused(path: str, told: str) -> str:
    return hash_parts(path, told)[:32]


def _key(path: Path, size: int, times: tuple[int, int], stated: Stated) -> str:
    name = os.fsencode(path.absolute()).hex()
    layout = stated.layout.template if stated.layout else None
    return hash_parts(name, str(size), *map(str, times), stated.feed_id, layout)[:32]
