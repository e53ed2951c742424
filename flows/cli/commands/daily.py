"""The verb ``daily``: its options, and what it prints."""

from datetime import datetime
from functools import partial

import click

from flows.cli.options import EndType, json_option, prefect_option

_YEARS = (1900, 9000)
"""Around these, the days and deadlines that are reckoned with are in the calendar of Python."""


@click.command(epilog="Example: paperstrata daily")
@click.option("--as-of", type=EndType(), help="What is due as at that moment; a date is its end.")
@click.option("--rescan", is_flag=True, help="Read again what of the inboxes has landed.")
@prefect_option
@json_option
@click.pass_context
def command(
    ctx: click.Context, as_of: datetime | None, rescan: bool, prefect: bool, as_json: bool
) -> None:
    """Load what lies in the inboxes, look at what is due, check, publish, write the reports."""
    from flows.cli.start import run_ingest
    from flows.cli.summary import end_run
    from flows.pipeline.inbox_memory import forget_inbox
    from flows.schedule.daily import daily
    from flows.workspace import Workspace

    if as_of is not None and not _YEARS[0] <= as_of.year <= _YEARS[1]:
        raise click.UsageError(f"--as-of: a year from {_YEARS[0]} to {_YEARS[1]}")
    workspace = Workspace.open(ctx.obj["home"])
    if rescan:
        forget_inbox(workspace.landing.folder)
    run = partial(run_ingest, workspace, is_orchestrated=prefect, verb="daily")
    end_run(daily(workspace, run, as_of), as_json)
