"""The verb ``status``: its options, and what it prints."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from flows.cli.options import json_option
from flows.cli.output import say, show_json, show_table
from flows.cli.told_commands import told, with_home

if TYPE_CHECKING:
    from flows.workspace import Workspace
    from warehouse.damage import Problem
    from warehouse.published import HeldCapture, LedgerDay

_GAPS_SHOWN = 3
_HELD_SHOWN = 20


@click.command(epilog="Example: paperstrata status")
@json_option
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """Show which days of which feed are known, and say in one line whether all is well.

    Ends with 1 where landing, journal, site or reports are damaged, or lack something.
    """
    from flows.cli.exit_codes import Code, ExitCode
    from flows.clock import now
    from flows.schedule.status import describe_feeds, describe_others
    from flows.site.changed_files import find_changed_files
    from flows.workspace import Workspace
    from warehouse import published
    from warehouse.connection import open_published
    from warehouse.damage import find_lost_lines
    from warehouse.report.marks import find_changed_reports

    workspace = Workspace.open(ctx.obj["home"])
    # by a connection of its own
    problems = _find_problems(workspace)
    with open_published(workspace.settings.home.published) as connection:
        standing = _Standing(
            feeds=describe_feeds(connection, workspace, now()),
            others=describe_others(connection, workspace, now()),
            days=published.list_days(connection),
            held=published.list_held(connection),
            runs=workspace.journal.read("run"),
            damaged_lines=workspace.journal.count_damage(),
            problems=problems,
            lost_lines=find_lost_lines(workspace.landing, workspace.journal, connection),
            changed_files=find_changed_files(workspace.settings.home.site),
            changed_reports=find_changed_reports(workspace.settings.home.reports),
        )
    if as_json:
        _show_json(standing)
    else:
        _show(standing)
    if standing.is_damaged:
        raise ExitCode(Code.PROBLEMS)


def _find_problems(workspace: "Workspace") -> "list[Problem]":
    """Return what of the landing is damaged or gone."""
    from flows.run import read_published
    from warehouse.damage import find_unlanded

    problems = workspace.landing.find_problems()
    unlanded = find_unlanded(workspace.landing, read_published(workspace), problems)
    return [*problems, *unlanded]


class _Standing(NamedTuple):
    """How a home stands, as read at one moment."""

    feeds: list[dict[str, Any]]
    others: list[dict[str, Any]]
    """Feeds without days of their own."""
    days: "list[LedgerDay]"
    held: "list[HeldCapture]"
    runs: list[dict[str, Any]]
    """The records of all runs, the last one at the end."""
    damaged_lines: dict[str, int]
    """By file of the journal."""
    problems: "list[Problem]"
    """What of the landing is damaged or gone."""
    lost_lines: list[str]
    """What the journal should say and does not, a sentence a file."""
    changed_files: list[str]
    """What of the site is not as it was written, a sentence for each of its states."""
    changed_reports: list[str]
    """What of the reports is not as it was written, a sentence."""

    @property
    def is_damaged(self) -> bool:
        """Whether something is damaged or gone; lines that were set aside harm nothing more."""
        from warehouse.journal import JOURNAL_SUFFIX

        is_in_place = any(name.endswith(JOURNAL_SUFFIX) for name in self.damaged_lines)
        changed = self.changed_files or self.changed_reports
        return is_in_place or bool(self.problems or self.lost_lines or changed)


def _show(standing: _Standing) -> None:
    """Show it to a person, what matters most in the last line."""
    _show_days(standing)
    _say_problems(standing)
    for feed in standing.feeds:
        _say_gaps(feed)
    say(_in_one_line(standing.feeds))


def _show_json(standing: _Standing) -> None:
    show_json(
        {
            "feeds": standing.feeds,
            "others": standing.others,
            "last_run": standing.runs[-1] if standing.runs else None,
            "damaged_journal_lines": standing.damaged_lines,
            "damaged_packs": [str(problem) for problem in standing.problems],
            "lost_journal_lines": standing.lost_lines,
            "changed_site_files": standing.changed_files,
            "changed_reports": standing.changed_reports,
        }
    )


def _show_days(standing: _Standing) -> None:
    """Draw the days of each daily list, and show a row for each feed."""
    from flows.cli.heatmap import draw_heatmap

    for feed in standing.feeds:
        feed_id = feed["feed_id"]
        states = {day.feed_date: day.state for day in standing.days if day.feed_id == feed_id}
        # by the real clock, which the ledger does not know
        states |= {day["feed_date"]: day["state"] for day in feed["overdue"]}
        draw_heatmap(feed_id, sorted(states.items()))
    show_table(
        ("feed", "newest look (UTC)", "known up to (UTC)", "age", "in the ledger", "overdue"),
        [_row(feed) for feed in [*standing.feeds, *standing.others]],
    )


def _say_problems(standing: _Standing) -> None:
    """Say what is held, how the last run ended, and what is damaged."""
    from warehouse.damage import say_mend

    for capture_id, feed_id, feed_date, reason in standing.held[:_HELD_SHOWN]:
        say(f"held {capture_id[:12]} {feed_id} {feed_date or 'without a date'}: {reason}")
    if left := len(standing.held[_HELD_SHOWN:]):
        say(f"held: {left:,} more; all of them: {told('captures', 'list', '--state', 'held')}")
    if standing.held:
        say(
            "  look at it, then release it, restate its day, or hold it for good (captures --help):"
        )
        say(f"  {told('captures', 'show', standing.held[0].capture_id[:12])}")
    if standing.runs:
        last = standing.runs[-1]
        ended = str(last.get("finished_at"))[:19]
        say(f"last run: {last.get('verb')} {last.get('state')} at {ended} UTC{_why(last)}")
    for name, count in standing.damaged_lines.items():
        say(f"journal: {count} damaged {'line' if count == 1 else 'lines'} in {name}, passed over")
    for lost in standing.lost_lines:
        say(lost)
    for changed in (*standing.changed_files, *standing.changed_reports):
        say(with_home(changed))
    for problem in standing.problems:
        say(with_home(say_mend(problem)))


def _why(run: dict[str, Any]) -> str:
    """Say why a run ended as it did, and what mends it; nothing where there is no reason."""
    reason = str(run.get("reason") or "")
    # any other one may hold text of others
    is_ours = reason.startswith(("DamagedError: ", "SchemaError: "))
    return f": {with_home(reason) if is_ours else reason}" if reason else ""


def _say_gaps(feed: dict[str, Any]) -> None:
    """Say where the longest gaps begin, and how to fill them."""
    gaps, feed_id = feed["gaps"], feed["feed_id"]
    for first, last, days in (gap.values() for gap in gaps[:_GAPS_SHOWN]):
        counted = "1 expected day" if days == 1 else f"{days:,} expected days"
        span = f"{first}" if days == 1 else f"from {first} to {last}"
        say(f"{feed_id}: {counted} without a usable look, {span}")
        if feed["can_be_filled"]:
            say(f"  {told('backfill', feed_id, '--from', str(first), '--to', str(last))}")
    others = gaps[_GAPS_SHOWN:]
    if others:
        shown = f"{feed_id}: and {len(others):,} more, none of them longer"
        first = min(gap["first"] for gap in gaps)
        last = max(gap["last"] for gap in gaps)
        say(f"{shown}; to fill all of them:" if feed["can_be_filled"] else shown)
        if feed["can_be_filled"]:
            say(f"  {told('backfill', feed_id, '--from', str(first), '--to', str(last))}")
    if gaps and not feed["can_be_filled"]:
        say(f"{feed_id}: past days cannot be fetched; ingest files of them, if somebody has any")


def _row(feed: dict[str, Any]) -> tuple[Any, ...]:
    """Return the row of a feed; one without days of its own shows its kind in their place."""
    days = ", ".join(f"{count} {state}" for state, count in feed.get("days", {}).items())
    return (
        feed["feed_id"],
        _minute(feed["newest_captured_at"]),
        _minute(feed["fresh_at"]),
        _age(feed["age_hours"]),
        feed["state"] if feed["state"] == "never seen" else days or feed.get("kind"),
        len(feed["overdue"]) if "overdue" in feed else None,
    )


def _minute(moment: datetime | None) -> str | None:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else None


def _age(hours: float | None) -> str | None:
    if hours is None:
        return None
    return f"{hours:.0f} h" if hours < 72 else f"{hours / 24:,.0f} days"


def _in_one_line(feeds: list[dict[str, Any]]) -> str:
    late = [feed for feed in feeds if not feed["ok"]]
    unseen = [feed["feed_id"] for feed in feeds if feed["state"] == "never seen"]
    if not late and unseen:
        return f"no expected day is overdue, but never looked at: {', '.join(unseen)}"
    if not late:
        return "all is well: no expected day is overdue"
    parts = []
    for feed in late:
        first, last = feed["overdue"][0]["feed_date"], feed["overdue"][-1]["feed_date"]
        days = len(feed["overdue"])
        span = f"1 day, {first}" if days == 1 else f"{days:,} days from {first} to {last}"
        parts.append(f"{feed['feed_id']} {span}")
    return "overdue: " + "; ".join(parts)
