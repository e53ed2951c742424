"""``paperstrata status``: coverage, gaps, late, open and held days, the last runs."""

from typing import Any

import click

from flows.verbs.options import json_option


@click.command(epilog="Example: paperstrata status")
@json_option
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """Show which days of which feed are known, and say in one line whether all is well."""
    from flows.clock import now
    from flows.house import House
    from flows.ledger import describe_feeds
    from flows.show import say, show_json, show_table
    from warehouse.connection import open_published

    house = House.open(ctx.obj["home"])
    with open_published(house.settings.home.published) as connection:
        feeds = describe_feeds(connection, house, now())
        days = connection.execute(
            "select feed_id, feed_date, state from core.feed_day order by feed_id, feed_date"
        ).fetchall()
        held = connection.execute(
            "select capture_id, feed_id, feed_date, reason from raw.capture where state = 'held'"
            " order by capture_id"
        ).fetchall()
    runs = house.journal.read("run")
    if as_json:
        show_json({"feeds": feeds, "last_run": runs[-1] if runs else None})
        return
    from flows.picture import draw_calendar

    for feed in feeds:
        of_feed = [(day, state) for feed_id, day, state in days if feed_id == feed["feed_id"]]
        draw_calendar(feed["feed_id"], of_feed)
    show_table(
        ("feed", "newest look (UTC)", "days by state", "overdue"),
        [
            (
                feed["feed_id"],
                feed["newest_captured_at"],
                ", ".join(f"{count} {state}" for state, count in feed["days"].items()),
                len(feed["overdue"]),
            )
            for feed in feeds
        ],
    )
    for capture_id, feed_id, feed_date, reason in held:
        say(f"held {capture_id[:12]} {feed_id} {feed_date or 'without a date'}: {reason}")
    if runs:
        last = runs[-1]
        say(f"last run: {last['verb']} {last['state']} at {str(last['finished_at'])[:19]} UTC")
    say(_in_one_line(feeds))


def _in_one_line(feeds: list[dict[str, Any]]) -> str:
    late = [feed for feed in feeds if not feed["ok"]]
    if not late:
        return "all is well: no expected day is overdue"
    parts = []
    for feed in late:
        first, last = feed["overdue"][0]["feed_date"], feed["overdue"][-1]["feed_date"]
        parts.append(f"{feed['feed_id']} {len(feed['overdue'])} days from {first} to {last}")
    return "overdue: " + "; ".join(parts)
