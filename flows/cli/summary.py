"""What a run did: messages about bad input on standard error, counts on standard output."""

from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter

from flows.cli.exit_codes import Code, ExitCode, code_of_report
from flows.cli.output import say, show_json, warn
from flows.cli.told_commands import told, with_home
from flows.report import EntryProblem, Held, Refused, Report

_SHOWN = 20
"""How many captures, rejected entries and issues are printed one by one."""


def end_run(report: Report, as_json: bool) -> None:
    """Print what a run did, and end with its exit code.

    Raises:
        ExitCode: the code is not 0.
    """
    if as_json:
        show_json(report.as_json())
    else:
        print_summary(report)
    code = code_of_report(report)
    if code is not Code.DONE:
        raise ExitCode(code)


def print_summary(report: Report) -> None:
    """Print what a run did: messages about bad input first, the counts last."""
    _warn_of_captures(report)
    _warn_of_entries(report)
    _warn_of_fetches(report)
    for check in report.failed_checks:
        warn(
            f"check {check.check_id} {check.state} ({check.severity}):"
            f" {check.observed}, expected {check.expected}"
        )
    for message in (*report.warnings, *report.notes):
        warn(with_home(message))
    print_counts(report)
    if report.is_published:
        say(f"published in {report.seconds.get('total', 0):.1f} s")
    elif report.is_blocked:
        warn(with_home(_say_blocked(report)))
    else:
        say("nothing new: the warehouse is as it was")


def _say_blocked(report: Report) -> str:
    said = "nothing was published: a critical check failed"
    if all(check.layer == "judgement" for check in report.failed_checks if check.is_blocking):
        return said
    # no capture breaks an identity: what the run builds upon is no more what a run published
    return f"{said}; `paperstrata rebuild` makes the warehouse anew, from what landed"


def print_counts(report: Report) -> None:
    """Print a line each for captures, entries and papers."""
    for name, parts in report.counts().items():
        say(f"{name}: " + ", ".join(f"{value:,} {part}" for part, value in parts.items()))


def _warn_of_captures(report: Report) -> None:
    _warn_of_some("refused", report.refused, "captures", "refused")
    _warn_of_some("held", report.held, "captures", "list", "--state", "held")


def _warn_of_some(kind: str, rows: Sequence[Refused | Held], *verb: str) -> None:
    for row in rows[:_SHOWN]:
        warn(f"{kind} {row.path}: {row.reason}")
    if len(rows) > _SHOWN:
        warn(f"{kind}: {len(rows) - _SHOWN:,} more; all of them: {told(*verb)}")


def _warn_of_entries(report: Report) -> None:
    left = max(report.entries["rejected"], len(report.rejected)) - _SHOWN
    listed = f"{left:,} more; all of them: {told('rejects', 'list')}"
    _warn_of_values("rejected", report.rejected, listed)
    _warn_of_values("issue", report.issues, "there are more; see raw.issue")


def _warn_of_values(kind: str, rows: Sequence[EntryProblem], more: str) -> None:
    for row in rows[:_SHOWN]:
        where = f"{row.path} entry {row.position} field {row.field}"
        warn(f"{kind} {where}: {row.reason}")
    if len(rows) > _SHOWN:
        warn(f"{kind}: {more}")


def _warn_of_fetches(report: Report) -> None:
    for (feed_id, reason), fetches in groupby(report.failed, attrgetter("feed_id", "reason")):
        days = _span([fetch.feed_date for fetch in fetches])
        warn(f"no look at {feed_id} {days}".rstrip() + f": {reason}")


def _span(days: Sequence[object]) -> str:
    shown = [str(day or "") for day in days]
    return shown[0] if len(shown) == 1 else f"{shown[0]} to {shown[-1]} ({len(shown)} days)"
