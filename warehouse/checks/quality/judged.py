"""The note of what Great Expectations judged last: which publication, by which rules, and how."""

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from warehouse.checks.quality.declarations import QUALITY_CHECKS, Limits
from warehouse.checks.result import CheckResult
from warehouse.files import half_beside
from warehouse.migrate import read_sql

_NOTE = "judged.json"
_OLDEST = timedelta(days=7)


@dataclass(frozen=True)
class Judged:
    """What was judged last. ``judged_at`` is naive UTC, as ISO 8601."""

    publication_id: str
    rules: str
    judged_at: str
    verdicts: dict[str, str]
    """By check: whether it passed, else of which rows it failed."""

    @classmethod
    def of(
        cls, publication_id: str, limits: Limits, now: datetime, results: Sequence[CheckResult]
    ) -> "Judged":
        """Return the note of results of now."""
        return cls(publication_id, _digest_rules(limits), now.isoformat(), _verdicts(results))

    @classmethod
    def read(cls, reports: Path) -> "Judged | None":
        """Return the note, or None where there is none that can be read, or no Data Docs."""
        if not (reports / "data_docs" / "index.html").is_file():
            return None
        try:
            note = json.loads((reports / _NOTE).read_bytes())
            is_naive = datetime.fromisoformat(note["judged_at"]).tzinfo is None
            return cls(**note) if is_naive else None
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            return None

    def write(self, reports: Path) -> None:
        """Put the note in its place at once; without it, as on a full disk, all is judged again."""
        with suppress(OSError), half_beside(reports / _NOTE) as half:
            half.write_text(json.dumps(asdict(self)), encoding="utf-8")
            half.rename(reports / _NOTE)

    def is_of(self, publication_id: str, limits: Limits, now: datetime) -> bool:
        """Tell whether this publication was judged by today's rules within the last week."""
        age = now - datetime.fromisoformat(self.judged_at)
        is_new = timedelta() <= age <= _OLDEST
        is_it = bool(publication_id) and self.publication_id == publication_id
        return is_new and is_it and self.rules == _digest_rules(limits)

    def says_the_same(self, results: Sequence[CheckResult]) -> bool:
        """Tell whether each check has the verdict that it had, of the same rows; none is broken."""
        is_sound = all(result.state != "broken" for result in results)
        return is_sound and self.verdicts == _verdicts(results)


def _verdicts(results: Sequence[CheckResult]) -> dict[str, str]:
    keys = {one.check_id: one.keys for one in QUALITY_CHECKS}
    verdicts = {}
    for result in results:
        rows = json.loads(result.failing_rows or "[]")
        named = [[row.get(key) for key in keys.get(result.check_id, ())] for row in rows]
        verdicts[result.check_id] = json.dumps([result.state, named])
    return verdicts


def _digest_rules(limits: Limits) -> str:
    declared = [
        (one.check_id, one.severity, one.keys, one.basis, one.expected, one.expectations(limits))
        for one in QUALITY_CHECKS
    ]
    parts = (declared, sorted(limits.items()), read_sql("checks"), read_sql("checks/quality"))
    return sha256(repr((*parts, version("great_expectations"))).encode()).hexdigest()
