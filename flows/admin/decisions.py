"""Decisions about captures: a record in the landing, then the replay of what it concerns."""

from datetime import date, datetime, timedelta

import click
import polars as pl

from flows.pipeline.ingest import finish, load_pending
from flows.pipeline.pending import ReadingRules
from flows.report import Report
from flows.run import Step, direct, start_run
from flows.workspace import Workspace
from warehouse.landing_records import DECISION


def decide(
    workspace: Workspace,
    captures: list[str],
    decision: str,
    reason: str,
    decided_by: str,
    feed_date: date | None = None,
    step: Step = direct,
) -> Report:
    """Record a decision about captures and derive the warehouse as it makes it.

    Raises:
        LockedError: another writer is at work.
        click.UsageError: an id names no landed capture, or more than one.
    """
    chosen = [_find(workspace, capture) for capture in captures]
    parameters = {"decision": decision, "captures": chosen, "reason": reason}
    with start_run(workspace, f"captures {decision}", step, parameters) as run:
        at = _after_earlier_decisions(workspace)
        rows = [(capture, decision, feed_date, reason, decided_by, at) for capture in chosen]
        records = pl.DataFrame(rows, schema=DECISION, orient="row")
        workspace.landing.write("decisions", records)
        load_pending(run, ReadingRules.of(workspace))
        finish(run)
    # a decision about a held capture is no news, but a date that holds it is
    return run.report().with_newly(*(["held"] if decision == "restate" else []))


def _after_earlier_decisions(workspace: Workspace) -> datetime:
    """Return the present moment, or one just after the newest decision if the clock went back.

    The last decision is in force: an older one must not win by its time.
    """
    newest = workspace.landing.decisions()["decided_at"].max()
    now = workspace.now()
    return max(now, newest + timedelta(microseconds=1)) if isinstance(newest, datetime) else now


def _find(workspace: Workspace, prefix: str) -> str:
    """Return the one landed capture whose id begins so."""
    ids = workspace.landing.captures()["capture_id"]
    found = ids.filter(ids.str.starts_with(prefix)).to_list()
    if len(found) != 1:
        how_many = "no landed capture" if not found else f"{len(found)} landed captures"
        raise click.UsageError(f"{how_many} with an id that begins with {prefix!r}")
    return str(found[0])
