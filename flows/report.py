"""What steps and runs did: the counts that must add up, the problems, and how a run ended.

The errors that end a command without a report::

    FlowError
    ├── PathTemplateError (a ValueError)    a layout, or a path under it, is at fault
    ├── NoSuchFeedError (a ValueError)      a feed is not declared, or has no past to fetch
    ├── OtherCapturesError (a ValueError)   the demo would write among the captures of its user
    └── ServerUnreachableError              a configured server does not answer

Sources have a family of their own: flows/sources/errors.py.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from warehouse.errors import WarehouseError

if TYPE_CHECKING:
    from warehouse.checks.result import CheckResult

SHOWN = 100
"""How many of each kind a report lists; the warehouse has them all."""


@dataclass(frozen=True)
class Refused:
    """A file or an answer from which nothing could land."""

    path: str
    reason: str


@dataclass(frozen=True)
class Held:
    """A capture that landed and is kept out of everything derived."""

    capture_id: str
    path: str
    reason: str


@dataclass(frozen=True)
class EntryProblem:
    """An entry that was rejected, or one of its values that was made null."""

    path: str
    position: int
    rule: str
    field: str | None
    reason: str


@dataclass(frozen=True)
class FailedFetch:
    """A fetch that failed; ``feed_date`` is null for a feed without dates."""

    feed_id: str
    feed_date: date | None
    reason: str


_CAPTURES = ("seen", "loaded", "held", "unchanged", "refused")
_ENTRIES = ("seen", "accepted", "rejected", "held")
_NEWLY = ("refused", "held", "rejected")


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What one step did. Outcomes are values: steps return them, and they add up."""

    captures: Counter[str] = field(default_factory=Counter)
    """How many were seen, loaded, held, unchanged and refused."""
    entries: Counter[str] = field(default_factory=Counter)
    newly: Counter[str] = field(default_factory=Counter)
    """Refused, held and rejected for the first time: they decide the exit code."""
    held: Sequence[Held] = field(default_factory=list)
    refused: Sequence[Refused] = field(default_factory=list)
    rejected: Sequence[EntryProblem] = field(default_factory=list)
    issues: Sequence[EntryProblem] = field(default_factory=list)
    failed: Sequence[FailedFetch] = field(default_factory=list)
    """Fetches that failed."""
    failed_checks: "Sequence[CheckResult]" = field(default_factory=list)
    warnings: Sequence[str] = field(default_factory=list)
    """What is left undone, or was found damaged; a sentence each."""
    notes: Sequence[str] = field(default_factory=list)
    """What is good to know, and changes no exit code; a sentence each."""

    def __add__(self, other: "Outcome") -> Self:
        """Return both together; what else this one holds stays."""
        sums = {one.name: _add(self, other, one.name) for one in fields(Outcome)}
        return replace(self, **sums)

    @classmethod
    def of_captures(cls, **counts: int) -> "Outcome":
        """Return the outcome of a step that only counted captures, such as ``seen=3``."""
        return Outcome(captures=Counter(counts))

    @property
    def is_blocked(self) -> bool:
        """Whether a critical check keeps the run from publishing."""
        return any(check.is_blocking for check in self.failed_checks)


@dataclass(frozen=True)
class Papers:
    """How many papers a published warehouse holds, and how many more than the one before."""

    total: int = 0
    new: int = 0


@dataclass(frozen=True)
class Report(Outcome):
    """The result of one run, as ``ingest --json`` prints it."""

    run_id: str = ""
    papers: Papers = Papers()
    seconds: Mapping[str, float] = field(default_factory=dict)
    """By stage; they add up to ``total``."""
    is_published: bool = False
    is_server_lost: bool = False
    """Whether an orchestrator's server was lost on the way; the run went on without it."""

    def followed_by(self, later: "Report") -> "Report":
        """Return what this run and a later one did together, under the id of this one."""
        stages = [*self.seconds, *(name for name in later.seconds if name not in self.seconds)]
        return replace(
            self + later,
            papers=Papers(later.papers.total, self.papers.new + later.papers.new),
            seconds={
                stage: round(self.seconds.get(stage, 0.0) + later.seconds.get(stage, 0.0), 3)
                for stage in stages
            },
            is_published=self.is_published or later.is_published,
        )

    def with_newly(self, *kinds: str) -> "Report":
        """Return the report with only these kinds of problems counted as new."""
        return replace(self, newly=Counter({kind: self.newly[kind] for kind in kinds}))

    def counts(self) -> dict[str, dict[str, int]]:
        """Return the counts that must add up."""
        return {
            "captures": {name: self.captures[name] for name in _CAPTURES},
            "entries": {name: self.entries[name] for name in _ENTRIES},
            "papers": {"total": self.papers.total, "new": self.papers.new},
        }

    def as_json(self) -> dict[str, Any]:
        """Return the whole report with the keys of the contract."""
        return {
            "run_id": self.run_id,
            "published": self.is_published,
            **self.counts(),
            "seconds": dict(self.seconds),
            "newly": {name: self.newly[name] for name in _NEWLY},
            **{
                name: [asdict(row) for row in getattr(self, name)[:SHOWN]]
                for name in ("held", "refused", "rejected", "issues", "failed")
            },
            "warnings": list(self.warnings),
            "notes": list(self.notes),
            "failed_checks": [check.as_record() for check in self.failed_checks],
        }


def _add(one: Outcome, other: Outcome, name: str) -> Any:
    first, second = getattr(one, name), getattr(other, name)
    return first + second if isinstance(first, Counter) else [*first, *second]


class FlowError(Exception):
    """Any error of a command that its user can mend; the message says how."""


class PathTemplateError(FlowError, ValueError):
    """A path template cannot be used, or a path does not fit it; the message names the field."""


class NoSuchFeedError(FlowError, ValueError):
    """No feed of this name, or none whose past can be fetched; the message lists those that can."""


class OtherCapturesError(FlowError, ValueError):
    """The demo would write into a home that holds captures of its owner."""


class ServerUnreachableError(FlowError):
    """A configured server, such as Prefect's API, does not answer; the message names it."""


def describe(error: Exception) -> str:
    """Return an error in a line: its message, behind the class of one that nobody foresaw."""
    if isinstance(error, (OSError, ValueError, FlowError, WarehouseError)):
        return str(error)
    return f"{type(error).__name__}: {error}"
