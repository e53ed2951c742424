"""The verb ``digest``: its options, and what it prints."""

from dataclasses import asdict
from datetime import datetime

import click

from flows.cli.options import TimeType, json_option


@click.command(epilog="Example: paperstrata digest --since 2025-06-30 --feed hf-daily")
@click.option("--since", type=TimeType(), help="From when on; without it, a week up to the newest.")
@click.option("--feed", help="One feed; without it, all of them.")
@click.option("--limit", type=click.IntRange(1), default=10, help="How many lines of a list.")
@json_option
@click.pass_context
def command(
    ctx: click.Context, since: datetime | None, feed: str | None, limit: int, as_json: bool
) -> None:
    """Tell what happened, as Markdown: what began to rise, what climbed, what is new on the
    watch-lists of watch.toml, what was retitled or withdrawn.

    Compared are the newest publication and the last one until --since (UTC).
    """
    from flows.cli.known import check_feed
    from flows.cli.output import say, show_json
    from flows.out.digest import read_digest
    from flows.workspace import Workspace
    from warehouse.connection import open_published

    workspace = Workspace.open(ctx.obj["home"])
    check_feed(feed, workspace.feeds)
    with open_published(workspace.settings.home.published, is_current=True) as connection:
        news = read_digest(connection, workspace.watch, since, None if feed is None else [feed])
    if feed is not None and not news.feeds:
        raise click.UsageError(f"feed {feed} is declared, but no run has published with it yet")
    if as_json:
        show_json(asdict(news))
        return
    from flows.out.rendering import render

    for line in render("digest.md.j2", news=news, limit=limit).strip().split("\n"):
        say(line)
