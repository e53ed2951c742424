"""What the journal says of the checks: their results in the order of the runs, and since when."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

SHOWN_RUNS = 30

_BADNESS = {
    ("passed", "warning"): 0,
    ("passed", "critical"): 0,
    ("failed", "warning"): 1,
    ("broken", "warning"): 1,
    ("failed", "critical"): 2,
    ("broken", "critical"): 2,
}


@dataclass(frozen=True)
class Result:
    """One result of one check in one run; ``checked_at`` is UTC."""

    check_id: str
    layer: str
    severity: str
    state: str
    checked_at: datetime
    expected: str
    observed: str
    failing_rows: str | None

    @property
    def is_bad(self) -> bool:
        """Whether the check did not pass."""
        return self.state != "passed"

    @property
    def badness(self) -> int:
        """How bad it is: 0 passed, 1 a warning, 2 critical; unknown words count as critical."""
        return _BADNESS.get((self.state, self.severity), 2)

    @property
    def title(self) -> str:
        """The name of the check as a sentence."""
        return self.check_id.replace("_", " ").capitalize()


@dataclass(frozen=True)
class Series:
    """All results of one check, the last of which is the one of the run in question."""

    results: tuple[Result, ...]

    @property
    def last(self) -> Result:
        """The result of the run."""
        return self.results[-1]

    @property
    def since(self) -> Result | None:
        """The first of the bad results up to the last without a good one between; None if good."""
        first = None
        for result in reversed(self.results):
            if not result.is_bad:
                break
            first = result
        return first

    @property
    def bad_runs(self) -> int:
        """How many runs in a row were bad, up to the last."""
        since = self.since
        return len(self.results) - self.results.index(since) if since else 0

    @property
    def was_ever_good(self) -> bool:
        """Whether the check passed before its present failures, so that they have a beginning."""
        return self.bad_runs < len(self.results)


def read_series(records: Iterable[Mapping[str, Any]], run_id: str) -> list[Series]:
    """Return the checks of one run with their history up to it, the worst first.

    ``records`` are the check results of the journal in the order of writing.
    """
    results: dict[str, list[Result]] = {}
    last: dict[str, int] = {}
    for record in records:
        check_id = str(record["check_id"])
        of_check = results.setdefault(check_id, [])
        of_check.append(_read(record))
        if record.get("run_id") == run_id:
            last[check_id] = len(of_check)
    series = [Series(tuple(results[check_id][:count])) for check_id, count in last.items()]
    return sorted(series, key=lambda one: (-one.last.badness, one.last.layer, one.last.check_id))


def last_checked(records: Sequence[Mapping[str, Any]]) -> str:
    """Return the last run that did not only check identities, else the last; empty if none did."""
    judged = (record for record in reversed(records) if record.get("layer") == "judgement")
    last = next(judged, records[-1] if records else {})
    return str(last.get("run_id", ""))


def _read(record: Mapping[str, Any]) -> Result:
    return Result(
        check_id=str(record["check_id"]),
        layer=str(record.get("layer")),
        severity=str(record.get("severity")),
        state=str(record.get("state")),
        checked_at=datetime.fromisoformat(str(record["checked_at"])),
        expected=str(record.get("expected") or ""),
        observed=str(record.get("observed") or ""),
        failing_rows=record.get("failing_rows"),
    )
