"""The verb ``demo``: its options, and what it prints."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from flows.cli.options import json_option, prefect_option

if TYPE_CHECKING:
    from flows.demo.synthetic.planted import Planted
    from flows.report import Report
    from flows.workspace import Workspace


@click.command(epilog="Example: paperstrata demo")
@prefect_option
@json_option
@click.pass_context
def command(ctx: click.Context, prefect: bool, as_json: bool) -> None:
    """Write a small synthetic sample of captures and run the whole pipeline on it.

    The papers do not exist. Planted in them: two bursts, duplicates, retitled papers, late looks,
    a missing day, and dirt. Exit code 0 only if exactly the planted dirt was refused.
    """
    from config.settings import load_settings
    from flows.cli.exit_codes import Code, ExitCode
    from flows.cli.output import say, show_json, warn
    from flows.cli.start import run_ingest
    from flows.demo import demo
    from flows.pipeline.checks import check_candidate, quality_page, report_on
    from flows.site.after import site_after
    from flows.workspace import Workspace

    home = ctx.obj["home"] or load_settings().home.folder / "demo"
    workspace = Workspace.open(Path(home))
    planted = demo.write_captures(workspace)
    if not as_json:
        say(f"a synthetic sample: {planted.captures} captures in {demo.captures_folder(workspace)}")
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
        _print(ctx, workspace, report, planted, page)
    for difference in compared.differences:
        warn(difference)
    if report.warnings or not compared.is_exact:
        raise ExitCode(Code.PROBLEMS)


def _print(
    ctx: click.Context, workspace: "Workspace", report: "Report", planted: "Planted", page: Path
) -> None:
    """Print the counts, what is rising, what was planted, and where all of it lies."""
    from flows.cli.commands.trends import command as trends
    from flows.cli.output import say, warn
    from flows.cli.summary import print_counts

    for warning in report.warnings:
        warn(warning)
    print_counts(report)
    say()
    ctx.obj["home"] = workspace.settings.home.folder
    ctx.invoke(trends, limit=8)
    say()
    say("planted: " + "; ".join(f"{b.topic_id} from {b.onset} on" for b in planted.bursts))
    dirt = f"{len(planted.refused)} files, {len(planted.rejected_entries)} entries"
    say(f"planted dirt: {dirt}; `rejects list` shows what was kept of it")
    home = workspace.settings.home.folder
    say()
    say(f"warehouse       {workspace.settings.home.published}")
    say(f"quality report  {page}")
    if workspace.settings.publish_site:
        say(f"site            {workspace.settings.home.site / 'index.html'}")
    say("look next at")
    for what in ("status", 'sql "from mart.paper limit 5"', "rejects list", "captures list"):
        say(f"  paperstrata --home {home} {what}")
