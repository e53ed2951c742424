"""Landed looks to the facts of a batch: validated, admitted and conformed, all at once."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from flows.corrections import list_drops
from flows.house import House
from flows.land import Look
from flows.report import SHOWN, Report
from transforms.admit import ADMISSION, Applicant, admit, keep_admitted
from transforms.conform import Conformed, conform
from transforms.correct import count_dropped, find_dropped, leave_out
from transforms.schemas import SCHEMA_VERSION
from transforms.text import TEXT_VERSION, hash_parts
from transforms.validate import ParsedCapture, Validated, validate, with_payload
from warehouse.landing import LOOK
from warehouse.load import Facts

Decision = Mapping[str, Any]

_CAPTURE_FACTS = [name for name in LOOK if name not in ("blob_id", "body", "feed_date")]
_DRIFT = {
    "capture_id": pl.String,
    "field": pl.String,
    "drift": pl.String,
    "entry_count": pl.Int32,
}


def rules_digest(house: House, feed_id: str, decision: Decision | None) -> str:
    """Return a digest of everything that judges a capture beside its own bytes and its parser."""
    feed = house.feeds.get(feed_id)
    decided = str(sorted(decision.items())) if decision else None
    declared = feed.rules_digest if feed else None
    return hash_parts(TEXT_VERSION, SCHEMA_VERSION, declared, decided)[:16]


def refine(
    looks: Sequence[Look], house: House, decisions: Mapping[str, Decision], report: Report
) -> Facts:
    """Return what a batch of looks says, and count it."""
    captures = [_parsed_capture(look, house) for look in looks]
    judged = validate(captures)
    applicants = [_applicant(look, house, decisions.get(look.capture_id)) for look in looks]
    admission = admit(applicants, judged)
    admitted = keep_admitted(admission, judged)
    conformed = conform(admitted.accepted)
    dropped = _find_dropped(conformed, looks, house)
    if dropped.height:
        conformed = Conformed(*leave_out(conformed.entries, conformed.contents, dropped))
        admission = count_dropped(admission, dropped)
    _count(report, looks, admission, admitted)
    rejects = pl.concat([admitted.rejects, with_payload(dropped, captures)])
    return Facts(
        _capture_rows(looks, house, decisions, admission),
        conformed.entries,
        conformed.contents,
        rejects,
        admitted.issues,
        _drift_rows(looks),
    )


def _find_dropped(conformed: Conformed, looks: Sequence[Look], house: House) -> pl.DataFrame:
    feeds = [(look.capture_id, look.facts["feed_id"]) for look in looks]
    schema = {"capture_id": pl.String, "feed_id": pl.String}
    of_captures = pl.DataFrame(feeds, schema=schema, orient="row")
    return find_dropped(conformed.entries, of_captures, list_drops(house.corrections))


def _parsed_capture(look: Look, house: House) -> ParsedCapture:
    feed = house.feeds.get(look.facts["feed_id"])
    scheme = feed.id_scheme if feed else "none"
    return ParsedCapture(look.capture_id, scheme, look.facts["captured_at"], look.parsed)


def _applicant(look: Look, house: House, decision: Decision | None) -> Applicant:
    feed = house.feeds.get(look.facts["feed_id"])
    return Applicant(
        look.capture_id,
        look.facts["kind"],
        _feed_date(look, decision),
        look.facts["captured_at"],
        look.facts["page_limit"] or (feed.page_limit if feed else None),
        decision["decision"] if decision else None,
        decision["reason"] if decision else None,
        look.parsed,
        look.facts["has_next"],
        look.error,
    )


def _feed_date(look: Look, decision: Decision | None) -> Any:
    """Return the date that a decision restates, else the one that the look landed with."""
    if decision and decision["decision"] == "restate":
        return decision["feed_date"]
    return look.facts["feed_date"]


def _capture_rows(
    looks: Sequence[Look],
    house: House,
    decisions: Mapping[str, Decision],
    admission: pl.DataFrame,
) -> pl.DataFrame:
    schema = {name: LOOK[name] for name in _CAPTURE_FACTS}
    rows = []
    for look in looks:
        decision = decisions.get(look.capture_id)
        feed_id = look.facts["feed_id"]
        rows.append(
            (
                *(look.facts[name] for name in _CAPTURE_FACTS),
                _feed_date(look, decision),
                look.format.parser_version,
                rules_digest(house, feed_id, decision),
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
    return facts.join(admission, on="capture_id", maintain_order="left")


def _drift_rows(looks: Sequence[Look]) -> pl.DataFrame:
    rows = [
        (look.capture_id, field, "new", count)
        for look in looks
        for field, count in sorted(look.parsed.unknown_fields.items())
    ]
    rows += [
        (look.capture_id, field, "vanished", len(look.parsed.entries))
        for look in looks
        for field in look.parsed.vanished_fields
    ]
    return pl.DataFrame(rows, schema=_DRIFT, orient="row")


def _count(
    report: Report, looks: Sequence[Look], admission: pl.DataFrame, admitted: Validated
) -> None:
    states = dict(admission.group_by("state").len().iter_rows())
    report.captures["loaded"] += states.get("loaded", 0)
    report.captures["held"] += states.get("held", 0)
    for column in ADMISSION.names():
        if column.startswith("entries_"):
            report.entries[column.removeprefix("entries_")] += int(admission[column].sum())
    report.newly["rejected"] += admitted.rejects.height
    path_of = {look.capture_id: look.path for look in looks}
    for row in admission.filter(pl.col("state") == "held").iter_rows(named=True):
        report.newly["held"] += 1
        report.held.append(
            {
                "capture_id": row["capture_id"],
                "path": path_of[row["capture_id"]],
                "reason": row["reason"],
            }
        )
    _list(report.rejected, admitted.rejects, path_of)
    _list(report.issues, admitted.issues, path_of)


def _list(found: list[dict[str, Any]], rows: pl.DataFrame, path_of: Mapping[str, str]) -> None:
    for row in rows.head(max(SHOWN - len(found), 0)).iter_rows(named=True):
        shown = {name: row[name] for name in ("position", "rule", "field", "reason")}
        found.append({"path": path_of[row["capture_id"]], **shown})
