"""``paperstrata daily``: the scheduled run."""

import click

from flows.verbs.options import json_option, prefect_option


@click.command(epilog="Example: paperstrata daily")
@prefect_option
@json_option
@click.pass_context
def command(ctx: click.Context, prefect: bool, as_json: bool) -> None:
    """Load what lies in the inboxes that feeds.toml names, check, publish, write the reports."""
    from flows.daily import daily, deliveries_of
    from flows.house import House
    from flows.running import end_run, run_ingest
    from flows.show import warn

    house = House.open(ctx.obj["home"])
    if not deliveries_of(house):
        folders = [inbox.folder for feed in house.feeds.values() for inbox in feed.inbox]
        warn(f"no inbox is there: {', '.join(folders)} below {house.settings.home.folder}")
    report = daily(
        house,
        lambda deliveries, judge: run_ingest(
            house, deliveries, is_orchestrated=prefect, verb="daily", judge=judge
        ),
    )
    end_run(report, as_json)
