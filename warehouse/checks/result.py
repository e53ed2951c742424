"""The result of one check, as the journal records it and reports show it."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

Layer = Literal["identity", "judgement"]
"""Of the integrity checks, and of the quality checks, in the words of the contract."""
State = Literal["passed", "failed", "broken"]
"""``broken``: the check could not run; that is never a pass."""
DATA_DOCS = "data_docs_are_written"
"""The one check of what the checks themselves write."""


@dataclass(frozen=True)
class CheckResult:
    """What one check found."""

    check_id: str
    layer: Layer
    severity: str
    """``critical`` blocks the publication, ``warning`` does not."""
    state: State
    expected: str
    observed: str
    failing_rows: str | None = None
    """The first failing rows as a JSON list of objects; null where no row is named."""

    @property
    def is_blocking(self) -> bool:
        """Whether it keeps a run from publishing."""
        return self.severity == "critical" and self.state != "passed"

    def as_record(self) -> dict[str, Any]:
        """Return it with the keys of the journal, of ops.check_result and of ``--json``."""
        return asdict(self)
