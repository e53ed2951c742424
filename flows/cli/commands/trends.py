"""The verb ``trends``: its options, and what it prints."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from flows.cli.options import EndType, json_option

_KEYS = (
    "feed_id",
    "topic_id",
    "name",
    "grain",
    "period_start",
    "papers",
    "observed",
    "share",
    "share_low",
    "share_high",
    "growth",
    "growth_low",
    "growth_high",
    "growth_z",
    "coverage_share",
    "complete_share",
    "is_rising",
)


@click.command(epilog="Example: paperstrata trends --grain week --as-of 2025-03-10")
@click.option("--as-of", type=EndType(), help="What was known then; a date is the whole day.")
@click.option("--grain", type=click.Choice(["day", "week", "month"]), default="week")
@click.option("--topic", help="One topic: its periods, and the papers behind it.")
@click.option("--feed", help="One feed; without it, all daily lists.")
@click.option("--limit", type=click.IntRange(1), default=15, help="How many topics on a terminal.")
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    as_of: datetime | None,
    grain: str,
    topic: str | None,
    feed: str | None,
    limit: int,
    as_json: bool,
) -> None:
    """Show which topics grow in the newest period, how surely, and on which papers that rests."""
    from flows.workspace import Workspace

    workspace = Workspace.open(ctx.obj["home"])
    if as_of is None:
        _show(workspace.settings.home.published, None, grain, topic, feed, limit, as_json)
        return
    from flows.admin.rebuild import past_warehouse

    with past_warehouse(workspace, as_of) as path:
        _show(path, as_of, grain, topic, feed, limit, as_json)


def _show(
    path: Path,
    as_of: datetime | None,
    grain: str,
    topic: str | None,
    feed: str | None,
    limit: int,
    as_json: bool,
) -> None:
    from warehouse import published
    from warehouse.connection import open_published

    with open_published(path) as connection:
        if topic and not published.has_topic(connection, topic):
            raise click.UsageError(f"there is no topic {topic!r}; see core.topic")
        topics = published.read_trends(connection, grain, feed, topic)
        chosen = [row["topic_id"] for row in topics if row.get("is_rising")][:5]
        papers = published.read_topic_papers(connection, [topic] if topic else chosen)
        listed = 0 if topics else published.count_listed(connection, feed)
    topics = [{key: row.get(key) for key in _KEYS} for row in topics]
    if as_json:
        from flows.cli.output import show_json

        show_json({"as_of": as_of, "grain": grain, "topics": topics, "papers": papers})
    else:
        if not topics:
            _say_nothing(listed, topic)
            return
        _print(topics, papers, topic, grain, limit)


def _print(
    topics: list[dict[str, Any]],
    papers: list[dict[str, Any]],
    topic: str | None,
    grain: str,
    limit: int,
) -> None:
    from flows.cli.output import say, show_table

    show_table(
        ("topic", f"{grain} of", "papers", "share", "growth (95 %)", "days seen", ""),
        [_row(row) for row in topics[:limit]],
    )
    if not topic:
        rising = [row["name"] for row in topics if row["is_rising"]]
        period: date = topics[0]["period_start"]
        say(f"rising in the {grain} of {period}: {', '.join(rising) or 'nothing surely'}")
    for paper in papers:
        evidence = f"{paper['paper_id']}, listed {paper['first_feed_date']}, {paper['votes']} votes"
        say(f"  {paper['topic_id']}: {paper['title']} ({evidence})")


def _say_nothing(listed: int, topic: str | None) -> None:
    """Say why there is nothing to compare; ``listed`` is how many papers daily lists show."""
    from flows.cli.output import say

    if not listed:
        say("nothing to compare: no daily list with papers is loaded, or was known by then")
    elif topic:
        say(f"nothing to compare: of {listed} papers in daily lists, none has the topic {topic}")
    else:
        say(f"nothing to compare: of {listed} papers in daily lists, none has a topic")


def _row(row: dict[str, Any]) -> tuple[Any, ...]:
    growth = "new"
    if row["growth"] is not None:
        growth = f"{row['growth']:.2f} ({row['growth_low']:.2f} to {row['growth_high']:.2f})"
    coverage = row["coverage_share"]
    return (
        row["name"],
        row["period_start"],
        f"{row['papers']} of {row['observed']}",
        f"{row['share']:.1%}",
        growth,
        "" if coverage is None else f"{coverage:.0%}",
        "rising" if row["is_rising"] else "",
    )
