"""The verb ``papers``: its options, and what it prints."""

from dataclasses import asdict, fields
from datetime import date
from typing import TYPE_CHECKING

import click

from flows.cli.known import check_list, find_topic
from flows.cli.listing import Listing, list_options, read_options, show_list
from flows.cli.options import DateType
from flows.cli.paper_lines import paper_headings, paper_line

if TYPE_CHECKING:
    from warehouse.lists import Sort


@click.command(epilog="Example: paperstrata papers --top --topic world-models --since 2025-06-01")
@click.option("--top", is_flag=True, help="Those with the most votes.")
@click.option("--gaining", is_flag=True, help="Those that gained votes between their newest looks.")
@click.option("--topic", help="One topic, by id or name.")
@click.option("--feed", help="One daily list.")
@click.option("--since", type=DateType(), help="On a list (or published) on this date or later.")
@list_options(20)
@click.pass_context
def command(
    ctx: click.Context,
    top: bool,
    gaining: bool,
    topic: str | None,
    feed: str | None,
    since: date | None,
    limit: int,
    form: str,
    as_json: bool,
    keep_formulas: bool,
) -> None:
    """List papers: the newest first, or with --top or --gaining by votes.

    A gain is what the newest look of a daily list at a paper of at most 30 days shows more than the
    look before it.
    """
    from config.settings import load_settings
    from warehouse.connection import open_published
    from warehouse.lists import ListedPaper, list_papers

    if top and gaining:
        raise click.UsageError("--top and --gaining: give one of them")
    options = read_options(limit, form, as_json=as_json, keep_formulas=keep_formulas)
    with open_published(load_settings(ctx.obj["home"]).home.published) as connection:
        check_list(connection, feed)
        topic_id = find_topic(connection, topic) if topic is not None else None
        sort: Sort = "votes" if top else "gain" if gaining else "date"
        found = list_papers(connection, sort, topic=topic_id, feed=feed, since=since, limit=limit)
    rows = [asdict(paper) for paper in found.papers]
    lines = [
        paper_line(
            (paper.title, paper.paper_id),
            paper.paper_date,
            paper.votes,
            paper.primary_topic_id,
            (paper.gained, paper.gained_in_hours) if gaining else None,
        )
        for paper in found.papers
    ]
    listing = Listing(
        "papers",
        [one.name for one in fields(ListedPaper)],
        [list(row.values()) for row in rows],
        found.papers_found,
        paper_headings(has_gain=gaining),
        lines,
    )
    show_list(listing, options, papers_found=found.papers_found)
