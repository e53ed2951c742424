"""Which captures of a batch are let in: loaded or held, whole or truncated, and why.

Judged by what a capture's own bytes, its dates, the configuration and recorded decisions say,
never by comparison with history: such rules would make the result depend on the order.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import polars as pl

from transforms.parse.entry import Parsed
from transforms.validate import Validated

_KEY = "capture_id"

PLAUSIBLE_YEARS = range(1991, 2100)
"""From the first year of arXiv on: what lies outside is a slip of somebody's clock."""


@dataclass(frozen=True)
class Applicant:
    """What judges one capture."""

    capture_id: str
    kind: str
    feed_date: date | None
    captured_at: datetime | None
    page_limit: int | None
    """Entries of a full page: the look's own limit, else the feed's default."""
    decision: str | None
    """hold, release, retract or restate; None where nobody decided."""
    decision_reason: str | None
    parsed: Parsed
    has_next: bool | None = None
    """What our own fetch knows of the next page; None for a capture of unknown origin."""
    error: str | None = None
    """Why the parser gave up."""


ADMISSION = pl.Schema(
    {
        "capture_id": pl.String(),
        "state": pl.String(),
        "reason": pl.String(),
        "is_truncated": pl.Boolean(),
        "entries_seen": pl.Int32(),
        "entries_accepted": pl.Int32(),
        "entries_rejected": pl.Int32(),
        "entries_held": pl.Int32(),
    }
)


def admit(applicants: Sequence[Applicant], validated: Validated) -> pl.DataFrame:
    """Return one ADMISSION row per capture."""
    rejected = dict(validated.rejects.group_by(_KEY).len().iter_rows())
    first_reasons = dict(
        validated.rejects.group_by(_KEY, maintain_order=True)
        .agg(pl.col("reason").first())
        .iter_rows()
    )
    rows = []
    for applicant in applicants:
        capture_id = applicant.capture_id
        seen, refused = len(applicant.parsed.entries), rejected.get(capture_id, 0)
        reason = _hold_reason(applicant, seen, refused, first_reasons.get(capture_id))
        accepted = seen - refused
        counts = (0, 0, seen) if reason else (accepted, refused, 0)
        rows.append(
            (
                capture_id,
                "held" if reason else "loaded",
                reason,
                _is_truncated(applicant, seen),
                seen,
                *counts,
            )
        )
    return pl.DataFrame(rows, schema=ADMISSION, orient="row")


def keep_admitted(admission: pl.DataFrame, validated: Validated) -> Validated:
    """Return the entries, rejects and issues of the loaded captures."""
    loaded = admission.filter(pl.col("state") == "loaded").select(_KEY)

    def of_loaded(rows: pl.DataFrame) -> pl.DataFrame:
        return rows.join(loaded, on=_KEY, how="semi", maintain_order="left")

    if loaded.height == admission.height:
        return validated
    return Validated(
        of_loaded(validated.accepted), of_loaded(validated.rejects), of_loaded(validated.issues)
    )


def _hold_reason(
    applicant: Applicant, seen: int, rejected: int, first_reason: str | None
) -> str | None:
    decision, why = applicant.decision, applicant.decision_reason or ""
    if decision in ("hold", "retract"):
        return f"{'retracted' if decision == 'retract' else 'held'}: {why}"
    if applicant.error:
        return f"parser_error: {applicant.error}"
    for name, day in (
        ("feed date", applicant.feed_date),
        ("captured_at", applicant.captured_at and applicant.captured_at.date()),
    ):
        if day and day.year not in PLAUSIBLE_YEARS:
            return f"implausible_date: {name} {day} is no day of this feed"
    is_listed = applicant.kind == "daily_list"
    if is_listed and applicant.feed_date is None:
        return "no_feed_date: neither layout, flag nor content says which day's list this is"
    if decision == "release":
        return None
    if applicant.parsed.envelope_error:
        return f"unexpected_envelope: {applicant.parsed.envelope_error}"
    if is_listed and _is_ahead(applicant):
        return (
            f"feed_date_ahead: feed date {applicant.feed_date} lies more than a day after"
            f" captured_at {applicant.captured_at}"
        )
    if rejected * 2 > seen:
        return f"mostly_rejected: {rejected} of {seen} entries, the first because {first_reason}"
    return None


def _is_ahead(applicant: Applicant) -> bool:
    if applicant.feed_date is None or applicant.captured_at is None:
        return False
    return applicant.feed_date - applicant.captured_at.date() > timedelta(days=1)


def _is_truncated(applicant: Applicant, seen: int) -> bool:
    if applicant.parsed.is_cut:
        return True
    is_foreign = applicant.has_next is None
    limit = applicant.page_limit
    return bool(is_foreign and applicant.kind == "daily_list" and limit and seen >= limit)
