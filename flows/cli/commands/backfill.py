"""``paperstrata backfill``: history, previewed and resumable."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

import click

from flows.cli.options import DateType, json_option, prefect_option

if TYPE_CHECKING:
    from flows.run import Progress
    from flows.schedule.backfill import Told
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
    help="Days without a usable look (the default), failed ones, or every expected day.",
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
    from flows.cli.summary import end_run
    from flows.pipeline.ingest import ingest
    from flows.schedule.backfill import backfill_feeds
    from flows.workspace import Workspace

    if first > last:
        raise click.UsageError(f"--from {first} lies after --to {last}")
    workspace = Workspace.open(ctx.obj["home"])
    if dry_run:
        preview(workspace, feeds, first, last, only, as_json)
        return
    with show_fetches() as (progress, told):
        if prefect or workspace.settings.is_api_configured:
            from flows.orchestrate import run_as_flow, run_as_one_task

            take = partial(run_as_one_task, workspace, progress=progress)
            work = partial(backfill_feeds, workspace, feeds, first, last, only, take, told)
            asked = {"feeds": feeds, "first": first, "last": last, "only": only}
            total = run_as_flow(
                workspace, "backfill", {**asked, "home": str(workspace.settings.home.folder)}, work
            )
        else:
            take = partial(ingest, workspace, (), verb="backfill", progress=progress)
            total = backfill_feeds(workspace, feeds, first, last, only, take, told)
    end_run(total, as_json)


def preview(
    workspace: "Workspace",
    feeds: tuple[str, ...],
    first: date,
    last: date,
    only: str,
    as_json: bool,
) -> None:
    """Print the looks that would be taken, and since when what is not done again."""
    from flows.cli.output import say, show_json, show_table
    from flows.schedule.backfill import FETCHES_PER_PUBLICATION, plan_backfill, resumed_since

    asked = list(dict.fromkeys(feeds))
    due = [fetch for feed in asked for fetch in plan_backfill(workspace, feed, first, last, only)]
    begun = {feed: resumed_since(workspace, feed, first, last, only) for feed in asked}
    if as_json:
        fetches = [{"feed_id": d.feed_id, "feed_date": d.feed_date, "why": d.why} for d in due]
        show_json({"due": fetches, "resumed_since": begun})
        return
    show_table(("feed", "day", "why"), [(d.feed_id, d.feed_date, d.why) for d in due])
    for feed, since in begun.items():
        if since:
            say(f"{feed}: goes on with the backfill begun at {since:%Y-%m-%d %H:%M} UTC")
    if not due and only == "missing":
        say("no expected day is without a usable look; cut or early ones count: try --only all")
    elif not due:
        say("no expected day is wanted" if only == "all" else "no day is held or lost to an outage")
    say(f"{len(due)} looks would be taken, published after every {FETCHES_PER_PUBLICATION}")


@contextmanager
def show_fetches() -> Iterator[tuple["Progress", "Told"]]:
    """Show looks done, looks in all and the time left on a terminal; stay quiet in a pipe."""
    from flows.run import quiet
    from flows.schedule.backfill import say_nothing

    if not sys.stderr.isatty():
        yield quiet, say_nothing
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("looks"),
        TimeRemainingColumn(),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("backfill", total=None)

        def told(where: str, done: int, total: int) -> None:
            bar.update(task, description=where, completed=done, total=total)

        yield (lambda pages, _: bar.advance(task, pages)), told
