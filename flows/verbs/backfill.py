"""``paperstrata backfill``: history, previewed and resumable."""

from collections.abc import Sequence
from datetime import date

import click

from flows.verbs.options import DateType, json_option, prefect_option


@click.command(
    epilog="Example: paperstrata backfill hf-daily --from 2025-06-01 --to 2025-06-30 --dry-run"
)
@click.argument("feeds", nargs=-1, required=True)
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
    from flows.backfill import backfill, plan_backfill
    from flows.due import DueLook
    from flows.house import House
    from flows.report import Report
    from flows.running import end_run, run_ingest
    from flows.show import say, show_json, show_table

    if first > last:
        raise click.UsageError(f"--from {first} lies after --to {last}")
    house = House.open(ctx.obj["home"])
    if dry_run:
        due = [look for feed in feeds for look in plan_backfill(house, feed, first, last, only)]
        rows = [(look.feed_id, look.feed_date, look.why) for look in due]
        if as_json:
            keys = ("feed_id", "feed_date", "why")
            show_json({"due": [dict(zip(keys, row, strict=True)) for row in rows]})
        else:
            show_table(("feed", "day", "why"), rows)
            say(f"{len(rows)} looks would be taken")
        return

    def take(due: Sequence[DueLook]) -> Report:
        return run_ingest(house, [], due, is_orchestrated=prefect, verb="backfill")

    total = Report("backfill")
    for feed in feeds:
        total.add(backfill(house, feed, first, last, only, take))
    end_run(total, as_json)
