"""``paperstrata demo``: a small sample of our own making, all the way."""

from pathlib import Path
from typing import Any

import click

from flows.verbs.options import json_option, prefect_option


@click.command(epilog="Example: paperstrata demo")
@prefect_option
@json_option
@click.pass_context
def command(ctx: click.Context, prefect: bool, as_json: bool) -> None:
    """Write a small synthetic sample of captures and run the whole pipeline on it.

    The papers do not exist. Planted in them: two bursts, duplicates, retitled papers, late looks,
    a missing day, and dirt. Exit code 0 only if exactly the planted dirt was refused.
    """
    from config.settings import load_settings
    from flows import demo
    from flows.exits import ExitCode
    from flows.house import House
    from flows.judge import judge_run, write_reports
    from flows.running import run_ingest
    from flows.show import say, show_json, warn

    home = ctx.obj["home"] or load_settings().home.folder / "demo"
    house = House.open(Path(home))
    planted = demo.write_captures(house)
    if not as_json:
        say(f"a synthetic sample: {planted.captures} captures in {demo.captures_folder(house)}")
    report = run_ingest(
        house, demo.deliveries(house), is_orchestrated=prefect, verb="demo", judge=judge_run
    )
    page = write_reports(house)
    if report.is_blocked:
        warn(f"nothing was published: a critical check failed; see {page}")
        raise ExitCode(5)
    compared = demo.compare(house, planted, report)
    if as_json:
        show_json({**report.as_json(), "as_planted": compared.is_exact, "report": str(page)})
    else:
        _tell(ctx, house, report, planted, page)
    for difference in compared.differences:
        warn(difference)
    if not compared.is_exact:
        raise ExitCode(1)


def _tell(ctx: click.Context, house: Any, report: Any, planted: Any, page: Path) -> None:
    from flows.show import say
    from flows.verbs.trends import command as trends

    for name, parts in report.counts().items():
        say(f"{name}: " + ", ".join(f"{value:,} {part}" for part, value in parts.items()))
    say()
    ctx.obj["home"] = house.settings.home.folder
    ctx.invoke(trends, limit=8)
    say()
    say("planted: " + "; ".join(f"{b.topic_id} from {b.onset} on" for b in planted.bursts))
    dirt = f"{len(planted.refused)} files, {len(planted.rejected_entries)} entries"
    say(f"planted dirt: {dirt}; `rejects list` shows what was kept of it")
    home = house.settings.home.folder
    say()
    say(f"warehouse       {house.settings.home.published}")
    say(f"quality report  {page}")
    say("look next at")
    for what in ("status", 'sql "from mart.paper limit 5"', "rejects list", "captures list"):
        say(f"  paperstrata --home {home} {what}")
