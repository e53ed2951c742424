"""The verb ``demo``: its options, and what it prints."""

import shlex
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from flows.cli.options import DateType, json_option, prefect_option

if TYPE_CHECKING:
    from flows.demo.synthetic.planted import Planted
    from flows.report import Report
    from flows.workspace import Workspace

_SEARCHED_WEEKS = 8
"""So many whole weeks a search for bursts needs at least."""


@click.command(epilog="Example: paperstrata demo")
@click.option(
    "--as-of",
    type=DateType(),
    help="The day on which the sample ends, as if it were that day. Without it, today (UTC).",
)
@prefect_option
@json_option
@click.pass_context
def command(ctx: click.Context, as_of: date | None, prefect: bool, as_json: bool) -> None:
    """Write a small synthetic sample of captures and run the whole pipeline on it.

    The papers do not exist; the newest are of yesterday. Planted in them: two bursts, duplicates,
    retitled papers, late looks, a missing day, a cut day, a misfiled list, and dirt. Exit code 0
    only if exactly the planted bursts, days and dirt were found. A demonstration of another day in
    the same home is replaced.
    """
    from config.settings import load_settings
    from flows.cli.exit_codes import Code, ExitCode
    from flows.cli.output import show_json, warn
    from flows.cli.start import run_ingest
    from flows.demo import demo
    from flows.pipeline.checks import check_candidate, quality_page, report_on
    from flows.site.after import site_after
    from flows.workspace import Workspace

    end = _find_end(as_of)
    home = ctx.obj["home"] or load_settings().home.folder / "demo"
    workspace = Workspace.open(Path(home))
    if demo.is_of_other_days(workspace, end):
        demo.start_over(workspace)
        workspace = Workspace.open(Path(home))
        warn(f"the demonstration of another day in {home} is replaced")
    planted = demo.write_captures(workspace, end)
    report = run_ingest(
        workspace,
        demo.inputs(workspace),
        is_orchestrated=prefect,
        verb="demo",
        quality_checks=check_candidate,
    )
    report = site_after(workspace, report_on(workspace, report))
    page = quality_page(workspace)
    if report.is_blocked:
        warn(f"nothing was published: a critical check failed; see {page}")
        raise ExitCode(Code.NOT_PUBLISHED)
    compared = demo.compare(workspace, planted, report)
    if as_json:
        show_json({**report.as_json(), "as_planted": compared.is_exact, "report": str(page)})
    else:
        _print(ctx, workspace, report, planted, page, is_as_planted=compared.is_exact)
    for difference in compared.differences:
        warn(difference)
    if report.warnings or not compared.is_exact:
        raise ExitCode(Code.PROBLEMS)


def _find_end(as_of: date | None) -> date:
    """Return the day before which the sample ends.

    Raises:
        click.UsageError: it lies ahead.
    """
    from flows.clock import now
    from flows.demo.demo import last_end

    latest = last_end(now())
    if as_of is not None and as_of > latest:
        raise click.UsageError(f"--as-of {as_of} lies ahead: {latest} is the latest day")
    return as_of or latest


def _print(
    ctx: click.Context,
    workspace: "Workspace",
    report: "Report",
    planted: "Planted",
    page: Path,
    *,
    is_as_planted: bool,
) -> None:
    """Print what is rising, the counts, what was planted, and what to do next."""
    from flows.cli.commands.trends import command as trends
    from flows.cli.output import say, warn
    from flows.cli.summary import print_counts

    for warning in report.warnings:
        warn(warning)
    ctx.obj["home"] = workspace.settings.home.folder
    ctx.invoke(trends, limit=8)
    say()
    say("This is a sample of papers that do not exist. What went in:")
    print_counts(report)
    _print_planted(planted, is_found=is_as_planted)
    _print_next(workspace.settings.home.folder, page)


def _print_planted(planted: "Planted", *, is_found: bool) -> None:
    from flows.cli.output import say

    say()
    say("Planted, and found by the pipeline:" if is_found else "Planted:")
    for burst in planted.bursts:
        say(f"  rising        {burst.topic_id} from {burst.onset} on")
    say(f"  missing       {planted.missing_day}: no look was taken")
    say(f"  cut           {planted.truncated_day}: the list ends at the page limit")
    say(f"  refused       {len(planted.refused)} files that hold no list")
    for one in planted.misplaced:
        say(
            f"  held          a list given as that of {one.feed_date}: it says itself that it is of"
            f" {one.own_date}"
        )
    say(f"  rejected      {len(planted.rejected_entries)} entries")
    say(f"  made null     {len(planted.nulled_values)} values that cannot be")
    if is_found:
        say("The pipeline found these, and no other of any of these kinds.")


def _print_next(home: Path, page: Path) -> None:
    """Print commands that run as they stand."""
    from config.settings import load_settings
    from flows.cli.output import say
    from flows.clock import now
    from flows.program import program
    from warehouse.migrate import read_query

    start = program()
    ours = f"{start} --home {shlex.quote(str(home))}"
    site = home / "site" / "index.html"
    say()
    if site.exists():
        say(f"the page to open      {site}")
    say(f"the quality report    {page}")
    say()
    say("Look next at")
    say(f"  {ours} trends --topic world-models")
    say(f"  {ours} sql '{' '.join(read_query('most_voted').split())}'")
    say(f"  {ours} status")
    say(f"  {ours} captures list --state held")
    usual = load_settings().home.folder
    is_ours = usual.resolve() == home.resolve()
    other = f" --home {shlex.quote(str(home.with_name(home.name + '-real')))}" if is_ours else ""
    today = now().date()
    monday = today - timedelta(days=today.weekday())
    first, last = monday - timedelta(weeks=_SEARCHED_WEEKS), today - timedelta(days=1)
    say(f"Then real papers, from the network, into a home of their own: {_SEARCHED_WEEKS} weeks,")
    say("the fewest that are searched for what is rising")
    say(f"  {start}{other} backfill hf-daily --from {first} --to {last}")
    say(f"  {start}{other} trends")
    say(f"  {start}{other} trends --papers")
