"""What a run did: the counts that must add up, and what was refused, held, rejected or nulled."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

SHOWN = 100
"""How many of each kind the report lists; the warehouse has them all."""


@dataclass
class Report:
    """The result of one run, as ``ingest --json`` prints it."""

    run_id: str
    captures: Counter[str] = field(default_factory=Counter)
    entries: Counter[str] = field(default_factory=Counter)
    papers: dict[str, int] = field(default_factory=lambda: {"total": 0, "new": 0})
    newly: Counter[str] = field(default_factory=Counter)
    """Refused, held and rejected in this run for the first time: they decide the exit code."""
    held: list[dict[str, Any]] = field(default_factory=list)
    refused: list[dict[str, Any]] = field(default_factory=list)
    rejected: list[dict[str, Any]] = field(default_factory=list)
    issues: list[dict[str, Any]] = field(default_factory=list)
    failed: list[dict[str, Any]] = field(default_factory=list)
    """Looks that we tried to take and could not."""
    failed_checks: list[dict[str, Any]] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    is_published: bool = False

    def add(self, other: "Report") -> None:
        """Add what another run did."""
        self.add_counts(other)
        self.papers = {
            "total": other.papers["total"],
            "new": self.papers["new"] + other.papers["new"],
        }
        for stage, taken in other.seconds.items():
            self.seconds[stage] = round(self.seconds.get(stage, 0.0) + taken, 3)
        self.is_published = self.is_published or other.is_published

    def add_counts(self, other: "Report") -> None:
        """Add what a part of a run counted and listed."""
        self.captures += other.captures
        self.entries += other.entries
        self.newly += other.newly
        for name in ("held", "refused", "rejected", "issues", "failed", "failed_checks"):
            getattr(self, name).extend(getattr(other, name))

    @property
    def is_blocked(self) -> bool:
        """Whether a critical check kept the run from publishing."""
        return any(check["severity"] == "critical" for check in self.failed_checks)

    def counts(self) -> dict[str, dict[str, int]]:
        """Return the counts that must add up."""
        captures = ("seen", "loaded", "held", "unchanged", "refused")
        entries = ("seen", "accepted", "rejected", "held")
        return {
            "captures": {name: self.captures[name] for name in captures},
            "entries": {name: self.entries[name] for name in entries},
            "papers": dict(self.papers),
        }

    def as_json(self) -> dict[str, Any]:
        """Return the whole report with the keys of the contract."""
        return {
            "run_id": self.run_id,
            "published": self.is_published,
            **self.counts(),
            "seconds": self.seconds,
            "newly": {name: self.newly[name] for name in ("refused", "held", "rejected")},
            "held": self.held[:SHOWN],
            "refused": self.refused[:SHOWN],
            "rejected": self.rejected[:SHOWN],
            "issues": self.issues[:SHOWN],
            "failed": self.failed[:SHOWN],
            "failed_checks": self.failed_checks,
        }


class ServerUnreachableError(RuntimeError):
    """A configured server, such as Prefect's API, does not answer; the message names it."""
