"""Runs as the command line starts them: direct or orchestrated, with progress and a summary."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from operator import itemgetter

from flows.cli.exit_codes import ExitCode
from flows.cli.output import one_line, say, show_json, warn
from flows.pipeline.ingest import ingest
from flows.pipeline.land import Inputs
from flows.report import Report
from flows.run import Progress, QualityChecks, quiet
from flows.schedule.due import DueFetch
from flows.workspace import Workspace


def run_ingest(
    workspace: Workspace,
    inputs: Sequence[Inputs],
    due: Sequence[DueFetch] = (),
    *,
    is_orchestrated: bool = False,
    verb: str = "ingest",
    judge: QualityChecks | None = None,
) -> Report:
    """Run an ingest, as a Prefect flow where one is asked for or an API is configured."""
    with show_progress(verb) as progress:
        if is_orchestrated or workspace.settings.is_api_configured:
            from flows.orchestrate import ingest_orchestrated

            return ingest_orchestrated(workspace, inputs, due, verb, judge, progress)
        return ingest(workspace, inputs, due, verb=verb, judge=judge, progress=progress)


@contextmanager
def show_progress(verb: str) -> Iterator[Progress]:
    """Show how many files and bytes were read, on a terminal; stay quiet in a pipe."""
    if not sys.stderr.isatty():
        yield quiet
        return
    from rich.console import Console
    from rich.progress import Progress as Bar
    from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(verb, total=None)
        read = {"files": 0, "bytes": 0}

        def update(files: int, size: int) -> None:
            read["files"] += files
            read["bytes"] += size
            shown = f"{verb}: {read['files']:,} files, {read['bytes'] / 1e6:,.1f} MB"
            bar.update(task, description=shown)

        yield update


def end_run(report: Report, as_json: bool) -> None:
    """Print what a run did, and end with its exit code."""
    if as_json:
        show_json(report.as_json())
    else:
        summarise(report)
    code = exit_code(report)
    if code:
        raise ExitCode(code)


def exit_code(report: Report) -> int:
    """Return 5 where nothing was published, 3 where a source could not be reached, 1 where
    something was newly refused, held or rejected.
    """
    if report.is_blocked:
        return 5
    if report.failed:
        return 3
    return 1 if sum(report.newly.values()) else 0


def _span(days: Sequence[object]) -> str:
    shown = [str(day or "") for day in days]
    return shown[0] if len(shown) == 1 else f"{shown[0]} to {shown[-1]} ({len(shown)} days)"


def summarise(report: Report) -> None:
    """Say what a run did: messages about bad input first, the counts last."""
    for refused in report.refused:
        warn(f"refused {one_line(refused['path'])}: {refused['reason']}")
    for held in report.held:
        warn(f"held {one_line(held['path'])}: {held['reason']}")
    for kind, rows in (("rejected", report.rejected), ("made null", report.issues)):
        for row in rows[:20]:
            where = f"{one_line(row['path'])} entry {row['position']} field {row['field']}"
            warn(f"{kind} {where}: {row['reason']}")
        if len(rows) > 20:
            warn(f"{kind}: {len(rows) - 20} more; see raw.reject and raw.issue")
    for (feed_id, reason), fetches in groupby(report.failed, itemgetter("feed_id", "reason")):
        warn(f"no look at {feed_id} {_span([fetch['feed_date'] for fetch in fetches])}: {reason}")
    for check in report.failed_checks:
        warn(
            f"check {check['check_id']} {check['state']} ({check['severity']}):"
            f" {check['observed']}, expected {check['expected']}"
        )
    for name, parts in report.counts().items():
        say(f"{name}: " + ", ".join(f"{value:,} {part}" for part, value in parts.items()))
    if report.is_published:
        say(f"published in {report.seconds.get('total', 0):.1f} s")
    elif report.is_blocked:
        warn("nothing was published: a critical check failed")
    else:
        say("nothing new: the warehouse is as it was")
