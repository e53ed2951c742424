"""The verb ``daily``: its options, and what it prints."""

from datetime import datetime
from functools import partial

import click

from flows.cli.options import EndType, begin_option, json_option, prefect_option


@click.command(epilog="Example: paperstrata daily")
@click.option("--as-of", type=EndType(), help="What is due as at that moment; a date is its end.")
@begin_option
@prefect_option
@json_option
@click.pass_context
def command(
    ctx: click.Context, as_of: datetime | None, begin: bool, prefect: bool, as_json: bool
) -> None:
    """Load what lies in the inboxes, look at what is due, check, publish, write the reports."""
    from flows.cli.start import begin_or_expect, run_ingest
    from flows.cli.summary import end_run
    from flows.schedule.daily import daily
    from flows.workspace import Workspace

    workspace = Workspace.open(ctx.obj["home"])
    begin_or_expect(workspace, begins=begin)
    run = partial(run_ingest, workspace, is_orchestrated=prefect, verb="daily")
    end_run(daily(workspace, run, as_of), as_json)
