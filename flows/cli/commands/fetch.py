"""The verb ``fetch``: its options, and what it prints."""

from datetime import date

import click

from flows.cli.options import DateType, json_option, prefect_option


@click.command(epilog="Example: paperstrata fetch hf-daily --date 2025-06-30")
@click.argument("feed")
@click.option("--date", "feed_date", type=DateType(), help="The date of the list, else today.")
@prefect_option
@json_option
@click.pass_context
def command(
    ctx: click.Context, feed: str, feed_date: date | None, prefect: bool, as_json: bool
) -> None:
    """Look at a feed now, land, load and publish.

    A source that shows only what is there now, such as announcements and rankings, cannot be asked
    for another day.
    """
    from flows.cli.known import check_feed
    from flows.cli.start import run_ingest
    from flows.cli.summary import end_run
    from flows.clock import now
    from flows.pipeline.inputs import DueFetch
    from flows.site.after import site_after
    from flows.sources.registry import answers_for_past_days
    from flows.workspace import Workspace

    workspace = Workspace.open(ctx.obj["home"])
    check_feed(feed, workspace.feeds)
    declared = workspace.feeds[feed]
    if declared.source is None:
        fetched = [f.feed_id for f in workspace.feeds.values() if f.source]
        raise click.UsageError(f"feed {feed!r} has no source; {', '.join(fetched)} have")
    calendar = workspace.calendar(feed)
    today = calendar.day_of(now()) if calendar else None
    if feed_date not in (None, today) and not answers_for_past_days(declared.source):
        able = [
            f.feed_id
            for f in workspace.feeds.values()
            if f.source and answers_for_past_days(f.source)
        ]
        raise click.UsageError(
            f"feed {feed!r} shows only what is there now (source {declared.source}), not the list"
            f" of {feed_date}; {', '.join(able)} can be asked for a day"
        )
    feed_date = feed_date or today
    due = [DueFetch(feed, feed_date, "asked for")]
    report = run_ingest(workspace, [], due, is_orchestrated=prefect, verb="fetch")
    end_run(site_after(workspace, report), as_json)
