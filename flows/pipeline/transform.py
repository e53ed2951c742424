"""Landed captures to the facts of a batch: the steps between parsing and loading."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from heapq import nsmallest

import polars as pl

from flows.pipeline.capture import NO_MEMORY, Capture
from flows.pipeline.corrections import list_drops
from flows.pipeline.pending import Decision, ReadingRules
from flows.report import SHOWN, EntryProblem, Held, Outcome
from flows.workspace import Workspace
from transforms.conform import Conformed
from transforms.correct import count_dropped, find_dropped, leave_out
from transforms.parse.entry import Parsed
from transforms.quarantine import (
    CAPTURE_STATE,
    Candidate,
    asked_days,
    keep_loaded,
    quarantine,
)
from transforms.validate import ParsedCapture, Validated, validate, with_payload
from warehouse.landing_records import CAPTURE
from warehouse.load import Facts

_CAPTURE_FACTS = [name for name in CAPTURE if name not in ("blob_id", "body", "feed_date")]
_MOST_FIELDS = 1_000
_LONGEST_FIELD = 200
"""Fields of a capture that nobody knew: what is told of them. A source has a dozen."""
_DRIFT = {
    "capture_id": pl.String,
    "field": pl.String,
    "drift": pl.String,
    "entry_count": pl.Int32,
}


@dataclass(frozen=True)
class Quarantined:
    """A batch after quarantine: a state per capture, and the entries of those that are loaded."""

    states: pl.DataFrame
    kept: Validated


@dataclass(frozen=True)
class Corrected:
    """A conformed batch without the entries that a person dropped, and those as rejects."""

    conformed: Conformed
    states: pl.DataFrame
    dropped: pl.DataFrame


def validate_entries(
    captures: Sequence[Capture], workspace: Workspace, rules: ReadingRules
) -> Validated:
    """Accept or reject every entry of a batch."""
    return validate(_parsed_captures(captures, workspace, rules))


def quarantine_captures(
    captures: Sequence[Capture], validated: Validated, workspace: Workspace, rules: ReadingRules
) -> Quarantined:
    """Hold the captures that cannot be trusted; keep what the others say."""
    candidates = [_candidate(one, workspace, rules) for one in captures]
    states = quarantine(candidates, validated)
    return Quarantined(states, keep_loaded(states, validated))


def correct_entries(
    captures: Sequence[Capture], states: pl.DataFrame, conformed: Conformed, workspace: Workspace
) -> Corrected:
    """Drop the entries that corrections name."""
    of_captures = pl.DataFrame(
        [(one.capture_id, one.facts["feed_id"]) for one in captures],
        schema={"capture_id": pl.String, "feed_id": pl.String},
        orient="row",
    )
    dropped = find_dropped(conformed.entries, of_captures, list_drops(workspace.corrections))
    if dropped.is_empty():
        return Corrected(conformed, states, dropped)
    kept = Conformed(*leave_out(conformed.entries, conformed.contents, dropped))
    return Corrected(kept, count_dropped(states, dropped), dropped)


def collect_facts(
    captures: Sequence[Capture],
    kept: Validated,
    corrected: Corrected,
    workspace: Workspace,
    rules: ReadingRules,
) -> tuple[Facts, Outcome]:
    """Return the rows of the raw layer, and what the batch counted."""
    dropped = corrected.dropped
    payloads = _parsed_captures(captures, workspace, rules) if dropped.height else []
    facts = Facts(
        _capture_rows(captures, rules, corrected.states),
        corrected.conformed.entries,
        corrected.conformed.contents,
        pl.concat([kept.rejects, with_payload(dropped, payloads)]),
        kept.issues,
        _drift_rows(captures),
    )
    return facts, _count(captures, corrected.states, kept)


def hold_what_fails(
    captures: Sequence[Capture],
    transform: Callable[[Sequence[Capture]], tuple[Facts, Outcome]],
) -> list[tuple[Facts, Outcome]]:
    """Transform a batch; a capture at which a step fails is found by halving, and held.

    So a capture that we cannot read stops neither the others nor any later run.
    """
    try:
        return [transform(captures)]
    except (Exception, pl.exceptions.PanicException) as error:
        if len(captures) > 1:
            half = len(captures) // 2
            halves = captures[:half], captures[half:]
            return [facts for part in halves for facts in hold_what_fails(part, transform)]
        if captures[0].error:
            raise
        reason = f"parser_error: {type(error).__name__}: {error}"[:500]
        if isinstance(error, MemoryError):
            reason = NO_MEMORY
        return hold_what_fails([replace(captures[0], parsed=Parsed(), error=reason)], transform)


def _parsed_captures(
    captures: Sequence[Capture], workspace: Workspace, rules: ReadingRules
) -> list[ParsedCapture]:
    parsed = []
    for one in captures:
        feed = workspace.feeds.get(one.facts["feed_id"])
        candidate = _candidate(one, workspace, rules)
        is_given = candidate.kind == "daily_list" and candidate.decision != "restate"
        parsed.append(
            ParsedCapture(
                one.capture_id,
                feed.id_scheme if feed else "none",
                candidate.captured_at,
                one.parsed.with_days() if candidate.is_of_days else one.parsed,
                _days_between(candidate, rules),
                candidate.feed_date if is_given else None,
                _seen_at(candidate, rules).date(),
            )
        )
    return parsed


def _days_between(candidate: Candidate, rules: ReadingRules) -> tuple[date, date] | None:
    """Return the first and last day of which entries may be that each state their own; else None.

    That is the week or month that was asked for, and no day after the look.
    """
    if not candidate.is_of_days:
        return None
    seen = _seen_at(candidate, rules).date()
    newest = min(seen, date.max - timedelta(days=1)) + timedelta(days=1)
    first, last = asked_days(candidate.query) or (date.min, date.max)
    return first, min(last, newest)


def _seen_at(candidate: Candidate, rules: ReadingRules) -> datetime:
    """Return when a capture was made, or at least no later than."""
    return candidate.captured_at or candidate.landed_at or rules.now


def _candidate(capture: Capture, workspace: Workspace, rules: ReadingRules) -> Candidate:
    decision = rules.decisions.get(capture.capture_id)
    feed = workspace.feeds.get(capture.facts["feed_id"])
    return Candidate(
        capture.capture_id,
        capture.facts["kind"],
        _feed_date(capture, decision),
        capture.facts["captured_at"],
        capture.facts["page_limit"] or (feed.page_limit if feed else None),
        decision["decision"] if decision else None,
        decision["reason"] if decision else None,
        capture.parsed,
        capture.facts["has_next"],
        rules.landed_at.get(capture.capture_id, rules.now),
        capture.error,
        feed.rows is not None if feed else False,
        capture.facts["query"],
        feed.newest_within_days if feed else None,
    )


def _feed_date(capture: Capture, decision: Decision | None) -> date | None:
    """Return the date that a decision restates, else the one that the capture landed with."""
    restated = decision is not None and decision["decision"] == "restate"
    found: date | None = (decision or {})["feed_date"] if restated else capture.facts["feed_date"]
    return found


def _capture_rows(
    captures: Sequence[Capture], rules: ReadingRules, states: pl.DataFrame
) -> pl.DataFrame:
    rows = []
    for capture in captures:
        decision = rules.decisions.get(capture.capture_id)
        rows.append(
            (
                *(capture.facts[name] for name in _CAPTURE_FACTS),
                _feed_date(capture, decision),
                capture.format.parser_version,
                rules.digest(capture.capture_id, capture.facts["feed_id"]),
                decision["decision"] if decision else None,
            )
        )
    schema = {
        **{name: CAPTURE[name] for name in _CAPTURE_FACTS},
        "feed_date": pl.Date(),
        "parser_version": pl.String(),
        "rules_digest": pl.String(),
        "decision": pl.String(),
    }
    facts = pl.DataFrame(rows, schema=schema, orient="row")
    return facts.join(states, on="capture_id", maintain_order="left")


def _fields_told(counted: Mapping[str, int]) -> list[tuple[str, int]]:
    """Return the most frequent of some fields, by name, which may be cut: an object of ids, say,
    has as many fields as it has ids.
    """
    most = nsmallest(_MOST_FIELDS, counted.items(), key=lambda one: (-one[1], one[0]))
    told: Counter[str] = Counter()
    for field, count in most:
        told[field[:_LONGEST_FIELD]] += count
    return sorted(told.items())


def _drift_rows(captures: Sequence[Capture]) -> pl.DataFrame:
    rows = [
        (capture.capture_id, field, "new", count)
        for capture in captures
        for field, count in _fields_told(capture.parsed.unknown_fields)
    ]
    rows += [
        (capture.capture_id, field, "vanished", len(capture.parsed.entries))
        for capture in captures
        for field in capture.parsed.vanished_fields
    ]
    return pl.DataFrame(rows, schema=_DRIFT, orient="row")


def _count(captures: Sequence[Capture], states: pl.DataFrame, kept: Validated) -> Outcome:
    path_of = {capture.capture_id: capture.path for capture in captures}
    held = [
        Held(capture_id, path_of[capture_id], reason)
        for capture_id, reason in states.filter(pl.col("state") == "held")
        .select("capture_id", "reason")
        .iter_rows()
    ]
    entries = {
        column.removeprefix("entries_"): int(states[column].sum())
        for column in CAPTURE_STATE.names()
        if column.startswith("entries_")
    }
    return Outcome(
        captures=Counter(dict(states.group_by("state").len().iter_rows())),
        entries=Counter(entries),
        newly=Counter(held=len(held), rejected=kept.rejects.height),
        held=held,
        rejected=_list(kept.rejects, path_of),
        issues=_list(kept.issues, path_of),
    )


def _list(rows: pl.DataFrame, path_of: Mapping[str, str]) -> list[EntryProblem]:
    shown = rows.head(SHOWN).select("capture_id", "position", "rule", "field", "reason")
    return [EntryProblem(path_of[capture_id], *row) for capture_id, *row in shown.iter_rows()]
