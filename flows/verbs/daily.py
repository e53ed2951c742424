"""``paperstrata daily``: the scheduled run."""

from datetime import datetime
from functools import partial

import click

from flows.verbs.options import EndType, json_option, prefect_option


@click.command(epilog="Example: paperstrata daily")
@click.option("--as-of", type=EndType(), help="What is due as at that moment; a date is its end.")
@prefect_option
@json_option
@click.pass_context
def command(ctx: click.Context, as_of: datetime | None, prefect: bool, as_json: bool) -> None:
    """Load what lies in the inboxes, look at what is due, check, publish, write the reports."""
    from flows.daily import daily
    from flows.house import House
    from flows.running import end_run, run_ingest

    house = House.open(ctx.obj["home"])
    run = partial(run_ingest, house, is_orchestrated=prefect, verb="daily")
    end_run(daily(house, run, as_of), as_json)
