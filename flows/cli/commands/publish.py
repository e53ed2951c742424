"""The verb ``publish``: its options, and what it prints."""

from datetime import datetime, time
from typing import TYPE_CHECKING

import click

from flows.cli.options import EndType, json_option

if TYPE_CHECKING:
    from flows.workspace import Workspace


def _refuse_no_past(workspace: "Workspace", as_of: datetime) -> None:
    """Refuse an instant that has not come yet, but for the end of this day, and one at which
    nothing was known.
    """
    now = workspace.now()
    # the whole of a day ends with its last microsecond
    if as_of > now and as_of != datetime.combine(now.date(), time.max):
        raise click.UsageError(
            f"--as-of: {as_of:%Y-%m-%d %H:%M} has not come yet: the archive is of the past"
        )
    first = workspace.landing.captures()["captured_at"].min()
    if not isinstance(first, datetime):
        raise click.UsageError("--as-of: no look says when it was taken")
    if as_of < first:
        when = f"{first:%Y-%m-%d %H:%M} UTC"
        raise click.UsageError(f"--as-of: nothing was known then: the first look is of {when}")


@click.command(epilog="Example: paperstrata publish --as-of 2025-03-10")
@click.option("--as-of", type=EndType(), help="Also what was known then; a date is the whole day.")
@click.option("--anew", is_flag=True, help="Write every page, also those that are unchanged.")
@json_option
@click.pass_context
def command(ctx: click.Context, as_of: datetime | None, anew: bool, as_json: bool) -> None:
    """Write the site: static pages in the home folder, of what is published.

    Pages whose content is unchanged stay as they are. Open index.html in a browser, or put the
    folder on any web server. With --as-of the same pages as of a past day are added to its archive.
    """
    from flows.cli.output import say, show_json
    from flows.out.feeds import write_feeds
    from flows.site.publish import publish_past, publish_site
    from flows.site.store import refuse_others
    from flows.workspace import Workspace

    workspace = Workspace.open(ctx.obj["home"])
    folder, past = workspace.settings.home.site, None
    refuse_others(folder)
    if as_of is not None:
        from flows.admin.rebuild import past_warehouse

        _refuse_no_past(workspace, as_of)
        with past_warehouse(workspace, as_of) as path:
            folder, past = publish_past(workspace, path, as_of, is_anew=anew)
    # the site names the feeds that are there
    write_feeds(workspace)
    written = publish_site(workspace, is_anew=anew)
    written = written if past is None else written + past
    if as_json:
        show_json({"site": str(folder / "index.html"), **vars(written)})
        return
    files = "file" if written.written == 1 else "files"
    say(
        f"{written.written:,} {files} written, {written.kept:,} as they were,"
        f" {written.removed:,} removed"
    )
    say(str(folder / "index.html"))
