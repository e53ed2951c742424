"""The verb ``backfill``: its options, and what it prints."""

from datetime import date
from typing import TYPE_CHECKING

import click

from flows.cli.options import DateType, json_option, prefect_option

if TYPE_CHECKING:
    from flows.workspace import Workspace


@click.command(
    epilog="Example: paperstrata backfill hf-daily --from 2025-06-01 --to 2025-06-30 --dry-run"
)
@click.argument("feeds", metavar="FEED...", nargs=-1, required=True)
@click.option("--from", "first", type=DateType(), required=True, help="The first day.")
@click.option("--to", "last", type=DateType(), required=True, help="The last day.")
@click.option(
    "--only",
    type=click.Choice(["missing", "failed", "all"]),
    default="missing",
    help="Days without a usable look (the default), failed ones, or every day.",
)
@click.option("--dry-run", is_flag=True, help="Print day by day what would run, and why.")
@prefect_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    feeds: tuple[str, ...],
    first: date,
    last: date,
    only: str,
    dry_run: bool,
    prefect: bool,
    as_json: bool,
) -> None:
    """Look at past days of feeds, in bounded runs that publish; again, after a crash, to go on."""
    from flows.cli.known import check_feed
    from flows.cli.start import run_backfill
    from flows.cli.summary import end_run
    from flows.workspace import Workspace

    if first > last:
        raise click.UsageError(f"--from {first} lies after --to {last}")
    workspace = Workspace.open(ctx.obj["home"])
    for feed in feeds:
        check_feed(feed, workspace.feeds)
    if dry_run:
        preview(workspace, feeds, first, last, only, as_json)
        return
    end_run(run_backfill(workspace, feeds, first, last, only, is_orchestrated=prefect), as_json)


def preview(
    workspace: "Workspace",
    feeds: tuple[str, ...],
    first: date,
    last: date,
    only: str,
    as_json: bool,
) -> None:
    """Print the fetches that would be made, and when a backfill began that this one continues."""
    from flows.cli.output import say, show_json, show_table
    from flows.cli.pager import paged
    from flows.schedule.backfill import FETCHES_PER_PUBLICATION, plan_backfill, resumed_since
    from warehouse.counted import say_count

    asked = list(dict.fromkeys(feeds))
    due = [fetch for feed in asked for fetch in plan_backfill(workspace, feed, first, last, only)]
    begun = {feed: resumed_since(workspace, feed, first, last, only) for feed in asked}
    if as_json:
        fetches = [{"feed_id": d.feed_id, "feed_date": d.feed_date, "why": d.why} for d in due]
        show_json({"due": fetches, "resumed_since": begun})
        return
    with paged():
        show_table(("feed", "day", "why"), [(d.feed_id, d.feed_date, d.why) for d in due])
    for feed, since in begun.items():
        if since:
            say(f"{feed}: goes on with the backfill begun at {since:%Y-%m-%d %H:%M} UTC")
    if not due and only == "missing":
        say("no expected day is without a usable look; cut or early ones count: try --only all")
    elif not due:
        say("no day is wanted" if only == "all" else "no day is held or lost to an outage")
    looks = say_count(len(due), "look")
    say(f"{looks} would be taken, published after every {FETCHES_PER_PUBLICATION}")
