"""Which captures of a batch are loaded and which are held, whole or truncated, and why.

Decided by what a capture's own bytes, its dates, the configuration and recorded decisions say,
never by comparison with history: such rules would make the result depend on the order.
"""

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import polars as pl

from transforms.parse.entry import Parsed
from transforms.validate import Validated
from transforms.years import PLAUSIBLE_YEARS

_KEY = "capture_id"
_LONGEST_BEFORE = timedelta(days=31)
"""How long before its papers a list may be dated: journals date theirs ahead."""


_MONTH_OF_ID = r"^(?:[a-z-]+(?:\.[A-Z]{2})?/)?(\d\d)(0[1-9]|1[0-2])(?:\.\d|\d{3}(?:v|$))"
"""Year and month of an arXiv id, new or old."""
_LAST_YEAR_OF_2000S = 90
"""arXiv began in 1991."""
_PERIOD = re.compile(r"(?:^|[?&])(?:week=(\d{4})-?W(\d\d)|month=(\d{4})-(\d\d))(?:&|$)")
"""How a query asks for the lists of a week or a month."""


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
    query: str | None = None
    """What was asked for; null for the list of a day, or where nobody says."""
    newest_within_days: int | None = None
    """How long before a list of the feed the newest of its papers is published at most."""

    @property
    def is_of_days(self) -> bool:
        """Whether each entry is of the day that it states, for nothing states one for all."""
        is_undated = self.kind == "daily_list" and self.feed_date is None
        return is_undated and bool(self.parsed.days)


def asked_days(query: str | None) -> tuple[date, date] | None:
    """Return the first and last day of the ISO week or month that a query asks for, else None."""
    found = _PERIOD.search(query or "")
    if not found:
        return None
    try:
        if found[1]:
            monday = date.fromisocalendar(int(found[1]), int(found[2]), 1)
            return monday, monday + timedelta(days=6)
        first = date(int(found[3]), int(found[4]), 1)
        return first, first.replace(day=calendar.monthrange(first.year, first.month)[1])
    except (ValueError, OverflowError):
        return None


def days_elsewhere(parsed: Parsed, query: str | None) -> tuple[date, ...]:
    """Return the days that a body states, in order, where none lies in what was asked for."""
    asked = asked_days(query)
    if asked is None or any(asked[0] <= day <= asked[1] for day in parsed.days):
        return ()
    return parsed.days


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
    published_days = _published_days(validated.accepted)
    rows = []
    for candidate in candidates:
        capture_id = candidate.capture_id
        seen, refused = len(candidate.parsed.entries), rejected.get(capture_id, 0)
        reason = _hold_reason(
            candidate,
            seen,
            refused,
            first_reasons.get(capture_id),
            published_days.get(capture_id, (None, None)),
        )
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


def _published_days(accepted: pl.DataFrame) -> dict[str, tuple[date | None, date | None]]:
    """Return the first and the last day on which the papers of each capture were published.

    Where an entry does not say it, its arXiv id tells the month: no paper came before the first day
    of it, and none after the last.
    """
    published = pl.coalesce("published_date", pl.col("published_at").dt.date())
    parts = pl.col("source_id").str.extract_groups(_MONTH_OF_ID)
    year, number = (parts.struct[place].cast(pl.Int32) for place in ("1", "2"))
    century = pl.when(year > _LAST_YEAR_OF_2000S).then(1900).otherwise(2000)
    month = pl.date(century + year, number, 1)
    bounds = accepted.group_by(_KEY).agg(
        pl.coalesce(published, month).min().alias("first"),
        pl.coalesce(published, month.dt.month_end()).max().alias("last"),
    )
    return {key: (first, last) for key, first, last in bounds.iter_rows()}


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
    candidate: Candidate,
    seen: int,
    rejected: int,
    first_reason: str | None,
    published_days: tuple[date | None, date | None],
) -> str | None:
    decision, why = candidate.decision, candidate.decision_reason or ""
    implausible = _implausible_date(candidate)
    impossible = implausible or _ahead_of_our_clock(candidate)
    if decision == "retract":
        return f"retracted: {why}"
    if decision == "hold":
        # an impossible time stays one: the ledger's clock must not follow it
        return f"{impossible}; held: {why}" if impossible else f"held: {why}"
    if candidate.error:
        return candidate.error
    if implausible:
        return implausible
    is_listed = candidate.kind == "daily_list"
    if is_listed and candidate.feed_date is None and not candidate.is_of_days:
        return _say_no_date(candidate, seen)
    if decision == "release":
        return None
    if candidate.parsed.envelope_error:
        error = candidate.parsed.envelope_error
        return error if error.startswith("date_conflict: ") else f"unexpected_envelope: {error}"
    if is_listed and decision != "restate":
        conflict = _say_conflict(candidate, *published_days)
        if conflict:
            return conflict
    ahead = impossible or (is_listed and _ahead_of_its_look(candidate))
    if ahead:
        return ahead
    if rejected * 2 > seen:
        return f"mostly_rejected: {rejected} of {seen} entries, the first because {first_reason}"
    return None


def _implausible_date(candidate: Candidate) -> str | None:
    for name, day in (
        ("feed date", candidate.feed_date),
        ("captured_at", candidate.captured_at and candidate.captured_at.date()),
    ):
        if day and day.year not in PLAUSIBLE_YEARS:
            return f"implausible_date: {name} {day} is no day of this feed"
    return None


def _say_conflict(
    candidate: Candidate, first_published: date | None, last_published: date | None
) -> str | None:
    """Return why a list cannot be of the day that it is given as, by what it says itself."""
    given, parsed = candidate.feed_date, candidate.parsed
    if given is None:
        elsewhere = days_elsewhere(parsed, candidate.query)
        said = f"date_conflict: it was asked for with {candidate.query}, and says itself that it is"
        return f"{said} of {join_days(elsewhere)}" if elsewhere else None
    said = f"date_conflict: it is given as the list of {given}, and "
    others = parsed.other_days(given)
    if others:
        return f"{said}says itself that it is of {join_days(others)}"
    by_entries = parsed.stated_days if parsed.feed_date else ()
    if by_entries and given not in by_entries:
        return f"{said}its entries say that they are of {join_days(by_entries)}"
    if first_published and first_published - given > _LONGEST_BEFORE:
        return f"{said}all of its papers are later, the first of {first_published}"
    most = candidate.newest_within_days
    is_told = candidate.captured_at is not None or bool(parsed.days) or most is None
    if last_published and not is_told and given - last_published > timedelta(days=most or 0):
        return f"{said}all of its papers are earlier by more than {most} days, the last of " + str(
            last_published
        )
    return None


def join_days(days: Sequence[date]) -> str:
    """Return the first days of several, as people read them."""
    return ", ".join(map(str, days[:3])) + (", ..." if len(days) > 3 else "")


def _say_no_date(candidate: Candidate, seen: int) -> str:
    unread = next((m for m in candidate.parsed.misfits if m.field == "feed_date"), None)
    if unread:
        return f"no_feed_date: {unread.reason}"
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


def _ahead_of_its_look(candidate: Candidate) -> str | None:
    """Return why a list cannot be of its day: it was made, or looked at, before."""
    day, captured_at = candidate.feed_date, candidate.captured_at
    made = captured_at.date() if captured_at else candidate.parsed.captured_after
    if day is None or made is None or day - made <= timedelta(days=1):
        return None
    shown = f"captured_at {captured_at}" if captured_at else f"{made}, when it was made"
    return f"feed_date_ahead: feed date {day} lies more than a day after {shown}"


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
