"""The verb ``ingest``: its options, and what it prints."""

from datetime import date, datetime
from pathlib import Path

import click

from flows.cli.options import DateType, GivenPath, TimeType, json_option, prefect_option

_KINDS = ("daily_list", "search", "trending", "harvest")


@click.command(
    epilog="Example: paperstrata ingest captures --layout '{origin}/{feed_date}/{captured_at}.json'"
)
@click.argument(
    "paths", nargs=-1, required=True, type=GivenPath(path_type=Path, exists=True, readable=False)
)
@click.option("--feed", help="The feed, where the layout does not say.")
@click.option("--kind", type=click.Choice(_KINDS), help="Another kind than the feed's.")
@click.option("--feed-date", type=DateType(), help="The date of the list.")
@click.option("--captured-at", type=TimeType(), help="When the looks were taken; UTC.")
@click.option("--layout", help="Facts from the end of the path; {_} matches anything.")
@click.option("--jobs", type=click.IntRange(1, 256), help="Threads of the database.")
@click.option("--dry-run", is_flag=True, help="Print how each file would be read; load nothing.")
@prefect_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    paths: tuple[Path, ...],
    feed: str | None,
    kind: str | None,
    feed_date: date | None,
    captured_at: datetime | None,
    layout: str | None,
    jobs: int | None,
    dry_run: bool,
    prefect: bool,
    as_json: bool,
) -> None:
    """Load captures: recognised by content, never by file name.

    Without --layout or --feed-date the day of a list is the one that its content states.
    """
    from flows.cli.known import check_feed
    from flows.cli.start import run_ingest
    from flows.cli.summary import end_run
    from flows.pipeline.inputs import Inputs, Stated
    from flows.pipeline.path_template import PathTemplate
    from flows.site.after import site_after
    from flows.workspace import Workspace

    workspace = Workspace.open(ctx.obj["home"])
    check_feed(feed, workspace.feeds)
    if jobs:
        workspace.settings = workspace.settings.model_copy(update={"duckdb_threads": jobs})
    stated = Stated(feed, kind, feed_date, captured_at, PathTemplate(layout) if layout else None)
    inputs = Inputs(paths, stated)
    if dry_run:
        from flows.cli.previews import show_previews

        show_previews(workspace, inputs, as_json=as_json)
        return
    report = run_ingest(workspace, [inputs], is_orchestrated=prefect)
    end_run(site_after(workspace, report), as_json)
