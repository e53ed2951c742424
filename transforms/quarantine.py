"""Which captures of a batch are loaded and which are held, whole or truncated, and why.

Decided by what a capture's own bytes, its dates, the configuration and recorded decisions say,
never by comparison with history: such rules would make the result depend on the order.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import polars as pl

from transforms.parse.entry import Parsed
from transforms.validate import Validated
from transforms.years import PLAUSIBLE_YEARS

_KEY = "capture_id"


@dataclass(frozen=True)
class Candidate:
    """One capture, and all by which it is loaded or held."""

    capture_id: str
    kind: str
    feed_date: date | None
    captured_at: datetime | None
    page_limit: int | None
    """Entries of a full page: the capture's own limit, else the feed's default."""
    decision: str | None
    """hold, release, retract or restate; None where nobody decided."""
    decision_reason: str | None
    parsed: Parsed
    has_next: bool | None = None
    """What our own fetch knows of the next page; None for a capture of unknown origin."""
    landed_at: datetime | None = None
    """When it was first given to us, naive UTC; null where that is not on record."""
    error: str | None = None
    """Why nothing of it could be read: a rule, a colon and the reason."""
    has_whole_days: bool = False
    """Whether the feed declares that rows which state their days are all of those days."""

    @property
    def is_of_days(self) -> bool:
        """Whether each entry is of the day that it states, for nothing states one for all."""
        is_undated = self.kind == "daily_list" and self.feed_date is None
        return is_undated and bool(self.parsed.days)


CAPTURE_STATE = pl.Schema(
    {
        "capture_id": pl.String(),
        "state": pl.String(),
        "reason": pl.String(),
        "is_truncated": pl.Boolean(),
        "cut_reason": pl.String(),
        "entries_seen": pl.Int32(),
        "entries_accepted": pl.Int32(),
        "entries_rejected": pl.Int32(),
        "entries_held": pl.Int32(),
    }
)


def quarantine(candidates: Sequence[Candidate], validated: Validated) -> pl.DataFrame:
    """Return one CAPTURE_STATE row per capture; entries of a held one count as held only."""
    rejected = dict(validated.rejects.group_by(_KEY).len().iter_rows())
    first_reasons = dict(
        validated.rejects.group_by(_KEY, maintain_order=True)
        .agg(pl.col("reason").first())
        .iter_rows()
    )
    rows = []
    for candidate in candidates:
        capture_id = candidate.capture_id
        seen, refused = len(candidate.parsed.entries), rejected.get(capture_id, 0)
        reason = _hold_reason(candidate, seen, refused, first_reasons.get(capture_id))
        accepted = seen - refused
        counts = (0, 0, seen) if reason else (accepted, refused, 0)
        cut_reason = _cut_reason(candidate, seen)
        rows.append(
            (
                capture_id,
                "held" if reason else "loaded",
                reason,
                cut_reason is not None,
                cut_reason,
                seen,
                *counts,
            )
        )
    return pl.DataFrame(rows, schema=CAPTURE_STATE, orient="row")


def keep_loaded(states: pl.DataFrame, validated: Validated) -> Validated:
    """Return the entries, rejects and issues of the loaded captures."""
    loaded = states.filter(pl.col("state") == "loaded").select(_KEY)

    def of_loaded(rows: pl.DataFrame) -> pl.DataFrame:
        return rows.join(loaded, on=_KEY, how="semi", maintain_order="left")

    if loaded.height == states.height:
        return validated
    return Validated(
        of_loaded(validated.accepted), of_loaded(validated.rejects), of_loaded(validated.issues)
    )


def _hold_reason(
    candidate: Candidate, seen: int, rejected: int, first_reason: str | None
) -> str | None:
    decision, why = candidate.decision, candidate.decision_reason or ""
    if decision in ("hold", "retract"):
        return f"{'retracted' if decision == 'retract' else 'held'}: {why}"
    if candidate.error:
        return candidate.error
    for name, day in (
        ("feed date", candidate.feed_date),
        ("captured_at", candidate.captured_at and candidate.captured_at.date()),
    ):
        if day and day.year not in PLAUSIBLE_YEARS:
            return f"implausible_date: {name} {day} is no day of this feed"
    is_listed = candidate.kind == "daily_list"
    if is_listed and candidate.feed_date is None and not candidate.is_of_days:
        return _say_no_date(seen)
    if decision == "release":
        return None
    if candidate.parsed.envelope_error:
        return f"unexpected_envelope: {candidate.parsed.envelope_error}"
    trouble = _date_conflict(candidate) or _ahead_of_our_clock(candidate)
    if trouble:
        return trouble
    if is_listed and _is_ahead(candidate):
        return (
            f"feed_date_ahead: feed date {candidate.feed_date} lies more than a day after"
            f" captured_at {candidate.captured_at}"
        )
    if rejected * 2 > seen:
        return f"mostly_rejected: {rejected} of {seen} entries, the first because {first_reason}"
    return None


def _date_conflict(candidate: Candidate) -> str | None:
    day = candidate.feed_date
    if candidate.kind != "daily_list" or candidate.decision == "restate" or day is None:
        return None
    days = candidate.parsed.other_days(day)
    if not days:
        return None
    return (
        f"date_conflict: it is given as the list of {day}, and says itself that"
        f" it is of {_join(days)}"
    )


def _join(days: Sequence[date]) -> str:
    return ", ".join(map(str, days[:3])) + (", ..." if len(days) > 3 else "")


def _say_no_date(seen: int) -> str:
    if not seen:
        return "no_feed_date: neither layout, flag nor content says which day's list this is"
    shown = "its one entry states no day" if seen == 1 else f"none of its {seen} entries states one"
    return f"no_feed_date: neither layout nor flag says which day's list this is, and {shown}"


def _ahead_of_our_clock(candidate: Candidate) -> str | None:
    """Return why a capture cannot be of the time that it claims: we had it before."""
    landed_at = candidate.landed_at
    if landed_at is None:
        return None
    captured_at, feed_date = candidate.captured_at, candidate.feed_date
    if captured_at and captured_at - landed_at > timedelta(days=1):
        return f"captured_at_ahead: captured_at {captured_at} lies after the day on which it landed"
    if captured_at is None and feed_date and feed_date - landed_at.date() > timedelta(days=1):
        return f"feed_date_ahead: feed date {feed_date} lies after the day on which it landed"
    return None


def _is_ahead(candidate: Candidate) -> bool:
    if candidate.feed_date is None or candidate.captured_at is None:
        return False
    return candidate.feed_date - candidate.captured_at.date() > timedelta(days=1)


def _cut_reason(candidate: Candidate, seen: int) -> str | None:
    """Return why a capture does not show the whole list; None where nothing says so."""
    if candidate.parsed.is_cut:
        return "the body holds fewer entries than it says"
    if candidate.is_of_days and not candidate.has_whole_days:
        return "its rows state the day, and nobody says that they are all of that day"
    is_foreign = candidate.has_next is None
    limit = candidate.page_limit
    if is_foreign and candidate.kind == "daily_list" and limit and seen == limit:
        return f"the list was cut at the page limit of {limit}"
    return None
