"""Landed looks to the facts of a batch: validated, admitted and conformed, all at once."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from flows.pipeline.corrections import list_drops
from flows.pipeline.land import Capture
from flows.report import SHOWN, Report
from flows.workspace import Workspace
from transforms.conform import Conformed, conform
from transforms.correct import count_dropped, find_dropped, leave_out
from transforms.quarantine import CAPTURE_STATE, Candidate, keep_loaded, quarantine
from transforms.schemas import SCHEMA_VERSION
from transforms.text import TEXT_VERSION, hash_parts
from transforms.validate import ParsedCapture, Validated, validate, with_payload
from warehouse.landing import CAPTURE
from warehouse.load import Facts

Decision = Mapping[str, Any]

_CAPTURE_FACTS = [name for name in CAPTURE if name not in ("blob_id", "body", "feed_date")]
_DRIFT = {
    "capture_id": pl.String,
    "field": pl.String,
    "drift": pl.String,
    "entry_count": pl.Int32,
}


def rules_digest(workspace: Workspace, feed_id: str, decision: Decision | None) -> str:
    """Return a digest of everything that judges a capture beside its own bytes and its parser."""
    feed = workspace.feeds.get(feed_id)
    decided = str(sorted(decision.items())) if decision else None
    declared = feed.rules_digest if feed else None
    return hash_parts(TEXT_VERSION, SCHEMA_VERSION, declared, decided)[:16]


def transform(
    captures: Sequence[Capture],
    workspace: Workspace,
    decisions: Mapping[str, Decision],
    report: Report,
) -> Facts:
    """Return what a batch of looks says, and count it."""
    parsed = [_parsed_capture(capture, workspace) for capture in captures]
    judged = validate(parsed)
    candidates = [
        _candidate(capture, workspace, decisions.get(capture.capture_id)) for capture in captures
    ]
    states = quarantine(candidates, judged)
    kept = keep_loaded(states, judged)
    conformed = conform(kept.accepted)
    dropped = _find_dropped(conformed, captures, workspace)
    if dropped.height:
        conformed = Conformed(*leave_out(conformed.entries, conformed.contents, dropped))
        states = count_dropped(states, dropped)
    _count(report, captures, states, kept)
    rejects = pl.concat([kept.rejects, with_payload(dropped, parsed)])
    return Facts(
        _capture_rows(captures, workspace, decisions, states),
        conformed.entries,
        conformed.contents,
        rejects,
        kept.issues,
        _drift_rows(captures),
    )


def _find_dropped(
    conformed: Conformed, captures: Sequence[Capture], workspace: Workspace
) -> pl.DataFrame:
    feeds = [(capture.capture_id, capture.facts["feed_id"]) for capture in captures]
    schema = {"capture_id": pl.String, "feed_id": pl.String}
    of_captures = pl.DataFrame(feeds, schema=schema, orient="row")
    return find_dropped(conformed.entries, of_captures, list_drops(workspace.corrections))


def _parsed_capture(capture: Capture, workspace: Workspace) -> ParsedCapture:
    feed = workspace.feeds.get(capture.facts["feed_id"])
    scheme = feed.id_scheme if feed else "none"
    return ParsedCapture(capture.capture_id, scheme, capture.facts["captured_at"], capture.parsed)


def _candidate(capture: Capture, workspace: Workspace, decision: Decision | None) -> Candidate:
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
        capture.error,
    )


def _feed_date(capture: Capture, decision: Decision | None) -> Any:
    """Return the date that a decision restates, else the one that the look landed with."""
    if decision and decision["decision"] == "restate":
        return decision["feed_date"]
    return capture.facts["feed_date"]


def _capture_rows(
    captures: Sequence[Capture],
    workspace: Workspace,
    decisions: Mapping[str, Decision],
    states: pl.DataFrame,
) -> pl.DataFrame:
    schema = {name: CAPTURE[name] for name in _CAPTURE_FACTS}
    rows = []
    for capture in captures:
        decision = decisions.get(capture.capture_id)
        feed_id = capture.facts["feed_id"]
        rows.append(
            (
                *(capture.facts[name] for name in _CAPTURE_FACTS),
                _feed_date(capture, decision),
                capture.format.parser_version,
                rules_digest(workspace, feed_id, decision),
                decision["decision"] if decision else None,
            )
        )
    facts = pl.DataFrame(
        rows,
        schema={
            **schema,
            "feed_date": pl.Date,
            "parser_version": pl.String,
            "rules_digest": pl.String,
            "decision": pl.String,
        },
        orient="row",
    )
    return facts.join(states, on="capture_id", maintain_order="left")


def _drift_rows(captures: Sequence[Capture]) -> pl.DataFrame:
    rows = [
        (capture.capture_id, field, "new", count)
        for capture in captures
        for field, count in sorted(capture.parsed.unknown_fields.items())
    ]
    rows += [
        (capture.capture_id, field, "vanished", len(capture.parsed.entries))
        for capture in captures
        for field in capture.parsed.vanished_fields
    ]
    return pl.DataFrame(rows, schema=_DRIFT, orient="row")


def _count(
    report: Report, captures: Sequence[Capture], states: pl.DataFrame, kept: Validated
) -> None:
    counts = dict(states.group_by("state").len().iter_rows())
    report.captures["loaded"] += counts.get("loaded", 0)
    report.captures["held"] += counts.get("held", 0)
    for column in CAPTURE_STATE.names():
        if column.startswith("entries_"):
            report.entries[column.removeprefix("entries_")] += int(states[column].sum())
    report.newly["rejected"] += kept.rejects.height
    path_of = {capture.capture_id: capture.path for capture in captures}
    for row in states.filter(pl.col("state") == "held").iter_rows(named=True):
        report.newly["held"] += 1
        report.held.append(
            {
                "capture_id": row["capture_id"],
                "path": path_of[row["capture_id"]],
                "reason": row["reason"],
            }
        )
    _list(report.rejected, kept.rejects, path_of)
    _list(report.issues, kept.issues, path_of)


def _list(found: list[dict[str, Any]], rows: pl.DataFrame, path_of: Mapping[str, str]) -> None:
    for row in rows.head(max(SHOWN - len(found), 0)).iter_rows(named=True):
        shown = {name: row[name] for name in ("position", "rule", "field", "reason")}
        found.append({"path": path_of[row["capture_id"]], **shown})
