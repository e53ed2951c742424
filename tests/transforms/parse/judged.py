"""What becomes of a parsed capture, and the promise that every parser keeps."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
import polars as pl
from hypothesis import settings

from transforms.conform import conform
from transforms.parse.entry import Parsed
from transforms.validate import ParsedCapture, gather_entries, validate

CAPTURE_ID = "0" * 64
MISFITS = {
    "capture_id": pl.String,
    "position": pl.Int32,
    "field": pl.String,
    "rule": pl.String,
    "reason": pl.String,
    "value": pl.String,
}


@dataclass(frozen=True)
class Checked:
    """Accepted entries with their texts, and what was wrong with the others, as rows."""

    accepted: list[dict[str, Any]]
    rejected: list[dict[str, Any]]
    issues: list[dict[str, Any]]

    def column(self, name: str) -> list[Any]:
        """Return one value of each accepted entry."""
        return [entry[name] for entry in self.accepted]

    def reasons(self) -> list[tuple[str, str]]:
        """Return the field and the rule of each rejection."""
        return [(reject["field"], reject["rule"]) for reject in self.rejected]


def judge(parsed: Parsed, id_scheme: str = "arxiv", captured_at: datetime | None = None) -> Checked:
    """Validate and conform one capture, as the way of the data does."""
    judged = validate([ParsedCapture(CAPTURE_ID, id_scheme, captured_at, parsed)])
    conformed = conform(judged.accepted)
    accepted = conformed.entries.join(conformed.contents, on="content_id", maintain_order="left")
    rejected, issues = (found.sort("position") for found in (judged.rejects, judged.issues))
    return Checked(accepted.to_dicts(), rejected.to_dicts(), issues.to_dicts())


FEWER = settings(max_examples=max(1, settings.default.max_examples // 4))
"""For properties that judge what they parse: fifty times slower than parsing alone."""


def assert_is_sound(parsed: Parsed) -> None:
    """Check that a parsed capture is what its signature says: types, order, a source for each."""
    gather_entries([ParsedCapture(CAPTURE_ID, "none", None, parsed)])
    pl.DataFrame([(CAPTURE_ID, *misfit) for misfit in parsed.misfits], MISFITS, orient="row")
    positions = [entry.position for entry in parsed.entries]
    assert positions == sorted(set(positions))
    for position in positions:
        # what is nested deeper than can be written again is shown as it looks
        with suppress(orjson.JSONEncodeError):
            orjson.dumps(parsed.payload(position), default=str)


def assert_nothing_is_lost(parsed: Parsed, id_scheme: str = "arxiv") -> None:
    """Check that every entry is accepted or rejected, once, and each has its source."""
    judged = judge(parsed, id_scheme)
    positions = [entry.position for entry in parsed.entries]
    assert positions == sorted(set(positions))
    decided = [row["position"] for row in (*judged.accepted, *judged.rejected)]
    assert sorted(decided) == positions
    for position in positions:
        parsed.payload(position)
    assert all(row["reason"] for row in (*judged.rejected, *judged.issues))


def damaged(text: str, cuts: Iterable[tuple[int, int, str]]) -> str:
    """Return a text with pieces of it replaced, for tests with arbitrary damage."""
    for start, length, piece in cuts:
        at = start % (len(text) + 1)
        text = text[:at] + piece + text[at + length :]
    return text
