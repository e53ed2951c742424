"""What a run says to Prefect: its name, lines of its log, and two artifacts."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from prefect import get_run_logger
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.context import FlowRunContext
from prefect.runtime import flow_run

from flows.clock import now
from flows.orchestrate.server import Server
from flows.pipeline.checks import command_of, quality_page
from flows.report import Report
from flows.schedule.status import describe_feeds
from flows.stopped import raise_if_stopped
from flows.workspace import Workspace
from warehouse import published
from warehouse.connection import open_published
from warehouse.counted import say_count, say_usual
from warehouse.visible import on_one_line

if TYPE_CHECKING:
    from warehouse.published import Rising

_SHOWN = 20
_MARKS = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_[]<>|#"})


def name_run() -> str:
    """Return the name of the flow run that begins: its moment in UTC, its verb, its days."""
    given: Mapping[str, Any] = flow_run.parameters or {}
    asked = given.get("asked") or given
    parts = [f"{now():%Y-%m-%d %H:%M}", str(flow_run.flow_name)]
    if asked.get("feeds"):
        parts.append(f"{', '.join(asked['feeds'])} {asked['first']} to {asked['last']}")
    elif looks := asked.get("looks"):
        first = looks[0].partition(":")[0]
        parts.append(f"{first} and {len(looks) - 1} more" if len(looks) > 1 else first)
    return on_one_line(" ".join(parts))


def tell_run(workspace: Workspace, report: Report) -> None:
    """Say in log and artifacts what a run did, and how the warehouse stands after it."""
    if Server.lost or FlowRunContext.get() is None:
        return
    feeds, rising = _read_standing(workspace)
    _at_the_server(lambda: _write_log(report, feeds))
    figures: dict[str, Mapping[str, float]] = {**report.counts(), "seconds": report.seconds}
    table = [
        {"what": what, "state": state, "count": count}
        for what, counts in figures.items()
        for state, count in counts.items()
    ]
    said = f"Run {report.run_id}: published {report.is_published}"
    _at_the_server(lambda: create_table_artifact(table=table, key="counts", description=said))
    text = "\n".join(_write_report(workspace, report, feeds, rising))
    _at_the_server(lambda: create_markdown_artifact(text, key="report", description=said))


def _at_the_server(tell: Callable[[], object]) -> None:
    if Server.lost:
        return
    try:
        tell()
    except Exception as error:
        Server.lose(error)


def _read_standing(workspace: Workspace) -> "tuple[list[dict[str, Any]], list[Rising]]":
    """Return the feeds as ``status`` has them, and what is rising; nothing without a warehouse."""
    path = workspace.settings.home.published
    if not path.exists():
        return [], []
    try:
        with open_published(path) as connection:
            return describe_feeds(connection, workspace, now()), published.list_rising(connection)
    except Exception:
        raise_if_stopped()
        # whatever it is, the run has ended as it did, and must not fail for what is told of it
        return [], []


def _write_log(report: Report, feeds: Sequence[Mapping[str, Any]]) -> None:
    logger = get_run_logger()
    for name, parts in report.counts().items():
        logger.info("%s: %s", name, _say_counts(parts))
    for feed in feeds:
        logger.info("days of %s: %s", feed["feed_id"], _say_counts(feed["days"]))
        if feed["overdue"]:
            logger.warning("%s: missing %s", feed["feed_id"], _say_days(feed["overdue"]))
    for line in _list_problems(report):
        logger.warning("%s", line)


def _list_problems(report: Report) -> list[str]:
    problems = [
        f"no look at {one.feed_id} {one.feed_date or ''}".rstrip() + f": {one.reason}"
        for one in report.failed
    ]
    problems += [f"refused {one.path}: {one.reason}" for one in report.refused]
    problems += [f"held {one.path}: {one.reason}" for one in report.held]
    problems += [
        f"check {one.check_id} {one.state} ({one.severity}): {one.observed}"
        for one in report.failed_checks
    ]
    problems += report.warnings
    shown = [on_one_line(problem) for problem in problems[:_SHOWN]]
    left = len(problems) - len(shown)
    return [*shown, f"{left} more of such"] if left else shown


def _write_report(
    workspace: Workspace,
    report: Report,
    feeds: Sequence[Mapping[str, Any]],
    rising: "Sequence[Rising]",
) -> Iterator[str]:
    """Yield the lines of the Markdown artifact; what others wrote is escaped."""
    page = quality_page(workspace)
    yield "## Published" if report.is_published else "## Not published anew"
    yield ""
    for name, parts in report.counts().items():
        yield f"- {name}: {_say_counts(parts)}"
    if page.exists():
        yield f"- quality report: `{page}`"
    else:
        yield f"- quality report: none yet; `{command_of(workspace)} quality` writes one"
    yield from ("", "### Warnings", "")
    yield from [f"- {problem.translate(_MARKS)}" for problem in _list_problems(report)] or ["None."]
    yield from ("", "### Missing days", "")
    overdue = [feed for feed in feeds if feed["overdue"]]
    yield from [f"- {feed['feed_id']}: {_say_days(feed['overdue'])}" for feed in overdue] or [
        "None."
    ]
    yield from ("", "### Rising", "")
    yield from [
        f"- {one.feed_id}: {one.name.translate(_MARKS)}, since the {one.grain} of"
        f" {one.since}: {say_count(one.papers, 'paper')}, usual {say_usual(one.expected)}"
        for one in rising
    ] or ["Nothing rises, or too few weeks are known to tell."]


def _say_counts(parts: Mapping[str, int]) -> str:
    return ", ".join(f"{count:,} {part}" for part, count in parts.items()) or "none"


def _say_days(days: Sequence[Mapping[str, Any]]) -> str:
    dates: list[date] = [day["feed_date"] for day in days]
    shown = ", ".join(map(str, dates[:5]))
    return f"{shown} and {len(dates) - 5} more, to {dates[-1]}" if len(dates) > 5 else shown
