"""The verb ``trends``: its options, and what it prints."""

from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from flows.cli.known import check_list, find_topic
from flows.cli.options import DateType, EndType, GivenPath, json_option
from flows.cli.trend_grain import GRAINS, NAMES, Chosen, choose_lists, grain_of
from flows.cli.trend_papers import show_climbing
from flows.cli.trend_plot import check_plot, draw_plot

if TYPE_CHECKING:
    import duckdb

    from warehouse.trend_answers import Evidence
    from warehouse.trend_values import Life

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
    "expected",
    "is_testable",
    "coverage_share",
    "complete_share",
    "is_rising",
)


@click.command(epilog="Example: paperstrata trends --grain month --as-of 2025-03-10")
@click.option("--as-of", type=EndType(), help="What was known then; a date is the whole day.")
@click.option(
    "--grain",
    type=click.Choice(GRAINS),
    help="Periods; without it, for each list the shortest in which a burst is more than chance.",
)
@click.option("--topic", help="One topic, by id or name: its bursts, periods and papers.")
@click.option("--feed", help="One feed; without it, all daily lists, each for itself.")
@click.option("--since", type=DateType(), help="Also bursts that ended on this date or later.")
@click.option("--papers", is_flag=True, help="The papers that climb, against the usual votes.")
@click.option(
    "--plot",
    type=GivenPath(path_type=Path, dir_okay=False),
    help="Draw the shares to a file: .svg, .png or .html.",
)
@click.option("--force", is_flag=True, help="Let --plot replace a file.")
@click.option("--limit", type=click.IntRange(1), default=15, help="How many lines of a list.")
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    as_of: datetime | None,
    grain: str | None,
    topic: str | None,
    feed: str | None,
    since: date | None,
    papers: bool,
    plot: Path | None,
    force: bool,
    limit: int,
    as_json: bool,
) -> None:
    """Show what rises in each daily list: since when, how surely, why, and on which papers.

    A topic rises where its share stands above its baseline by more than noise explains. Periods
    that are not over, or of which too few days were seen, are not compared, nor is across a gap.
    """
    from flows.workspace import Workspace

    if papers and (grain or topic or since or plot):
        raise click.UsageError("--papers goes with --feed, --limit, --as-of and --json only")
    workspace = Workspace.open(ctx.obj["home"])
    if plot is not None:
        check_plot(plot, workspace.settings.home, is_forced=force)
    asked = _Asked(as_of, grain, topic, feed, since, papers, plot, limit, as_json)
    if as_of is None:
        _show(workspace.settings.home.published, asked)
        return
    from flows.admin.rebuild import past_warehouse

    with past_warehouse(workspace, as_of) as path:
        _show(path, asked)


class _Asked(NamedTuple):
    """The options."""

    as_of: datetime | None
    grain: str | None
    topic: str | None
    feed: str | None
    since: date | None
    papers: bool
    plot: Path | None
    limit: int
    as_json: bool


def _show(path: Path, asked: _Asked) -> None:
    from warehouse.connection import open_published

    with open_published(path) as connection:
        topic = find_topic(connection, asked.topic) if asked.topic is not None else None
        check_list(connection, asked.feed)
        if asked.papers:
            show_climbing(connection, asked.feed, asked.limit, as_json=asked.as_json)
            return
        told = _read(connection, asked, topic)
    if asked.as_json:
        _show_json(told, asked)
    elif told.topics:
        _print(told, asked)
    else:
        from flows.cli.trend_text import say_nothing

        say_nothing(told.listed, topic, asked.feed, is_general=told.is_general)


class _Told(NamedTuple):
    """What was asked for, as read."""

    chosen: list[Chosen]
    topics: list[dict[str, Any]]
    """Rows of mart.topic_period."""
    papers: "list[Evidence]"
    lives: "list[Life]"
    listed: int
    """Papers in daily lists, counted where there are no rows."""
    is_general: bool


def _read(connection: "duckdb.DuckDBPyConnection", asked: _Asked, topic: str | None) -> _Told:
    from flows.pipeline.burst_phrases import add_phrases
    from warehouse import published
    from warehouse.trend_answers import is_general, list_feeds, read_evidence
    from warehouse.trend_details import read_lives

    chosen = choose_lists(connection, asked.grain, asked.feed, topic, asked.since)
    grains = {one.trends.feed_id: one.trends.grain for one in chosen}
    if asked.plot is not None:
        drawn = [topic] if topic else _topics_of(chosen)
        draw_plot(connection, asked.plot, grains, asked.grain or GRAINS[0], drawn, asked.feed)
    chosen = [
        one._replace(trends=add_phrases(connection, one.trends, asked.limit)) for one in chosen
    ]
    topics = [
        row
        for feed in ([asked.feed] if asked.feed else list_feeds(connection))
        for row in published.read_trends(
            connection, grains.get(feed, asked.grain or GRAINS[0]), feed, topic
        )
    ]
    papers = [paper for one in chosen for burst in one.trends.bursts for paper in burst.evidence]
    if topic and not papers and topics:
        feed = topics[0]["feed_id"]
        papers = read_evidence(connection, feed, topic, date(1, 1, 1), date(9999, 12, 31))
    return _Told(
        chosen,
        [{key: row.get(key) for key in _KEYS} for row in topics],
        papers,
        read_lives(connection, topic, asked.feed) if topic else [],
        0 if topics else published.count_listed(connection, asked.feed),
        is_general(connection, topic),
    )


def _show_json(told: _Told, asked: _Asked) -> None:
    """Print one object; ``grain`` is null where daily lists are told by different ones."""
    from flows.cli.output import show_json

    show_json(
        {
            "as_of": asked.as_of,
            "grain": grain_of(told.chosen, asked.grain or GRAINS[0]),
            "feeds": [asdict(one.trends) for one in told.chosen],
            "topics": told.topics,
            "papers": [asdict(paper) for paper in told.papers],
            "lives": [asdict(life) for life in told.lives],
        }
    )


def _topics_of(chosen: list[Chosen]) -> list[str]:
    return sorted({burst.topic_id for one in chosen for burst in one.trends.bursts})


def _print(told: _Told, asked: _Asked) -> None:
    from flows.cli.output import say, show_table
    from flows.cli.trend_life import print_life
    from flows.cli.trend_text import print_list, print_papers

    if not told.chosen:
        period = NAMES[asked.grain or GRAINS[0]]
        say(f"nothing to compare: no period ({period}) is over of which enough days were seen")
    for one in told.chosen:
        print_list(one, asked.limit, told.topics[0]["name"] if asked.topic else None, asked.since)
    if asked.topic:
        for life in told.lives:
            print_life(life)
        columns = ("feed", "period", "papers", "share", "growth (95 %)", "days seen", "")
        show_table(columns, [_row(row) for row in told.topics[: asked.limit]])
        if not any(one.trends.bursts for one in told.chosen):
            print_papers(told.papers)


def _row(row: dict[str, Any]) -> tuple[Any, ...]:
    growth = "not compared"
    if row["growth"] is not None:
        growth = f"{row['growth']:.2f} ({row['growth_low']:.2f} to {row['growth_high']:.2f})"
    coverage = row["coverage_share"]
    return (
        row["feed_id"],
        row["period_start"],
        f"{row['papers']} of {row['observed']}",
        f"{row['share']:.1%}",
        growth,
        "" if coverage is None else f"{coverage:.0%}",
        "rising" if row["is_rising"] else "",
    )
