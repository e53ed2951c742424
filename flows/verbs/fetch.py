"""``paperstrata fetch``: look at a feed now."""

from datetime import date

import click

from flows.verbs.options import DateType, json_option, prefect_option


@click.command(epilog="Example: paperstrata fetch hf-daily --date 2025-06-30")
@click.argument("feed")
@click.option("--date", "feed_date", type=DateType(), help="The date of the list, else today.")
@prefect_option
@json_option
@click.pass_context
def command(
    ctx: click.Context, feed: str, feed_date: date | None, prefect: bool, as_json: bool
) -> None:
    """Look at a feed now, land, load and publish."""
    from flows.clock import now
    from flows.due import DueLook
    from flows.house import House
    from flows.running import end_run, run_ingest

    house = House.open(ctx.obj["home"])
    declared = house.feeds.get(feed)
    if declared is None or declared.source is None:
        fetched = [f.feed_id for f in house.feeds.values() if f.source]
        raise click.UsageError(f"feed {feed!r} has no source; {', '.join(fetched)} have")
    calendar = house.calendar(feed)
    if calendar and feed_date is None:
        feed_date = calendar.day_of(now())
    due = [DueLook(feed, feed_date, "asked for")]
    end_run(run_ingest(house, [], due, is_orchestrated=prefect, verb="fetch"), as_json)
