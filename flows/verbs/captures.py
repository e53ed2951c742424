"""``paperstrata captures``: looks at feeds, and decisions about them."""

import getpass
from datetime import date

import click

from flows.verbs.options import DateType, json_option

_COLUMNS = (
    "capture_id",
    "feed_id",
    "feed_date",
    "captured_at",
    "state",
    "entries_seen",
    "entries_accepted",
    "entries_rejected",
    "is_truncated",
    "reason",
)


@click.group(epilog="Example: paperstrata captures list --state held")
def command() -> None:
    """List and show captures, and decide about them."""


@command.command(
    "list", epilog="Example: paperstrata captures list --feed hf-daily --date 2025-06-30"
)
@click.option("--feed", help="One feed.")
@click.option("--date", "feed_date", help="One feed date, such as 2025-06-30.")
@click.option("--state", type=click.Choice(["loaded", "held"]), help="One state.")
@json_option
@click.pass_context
def list_captures(
    ctx: click.Context,
    feed: str | None,
    feed_date: str | None,
    state: str | None,
    as_json: bool,
) -> None:
    """List captures."""
    from config.settings import load_settings
    from flows.show import say, show_json, show_table
    from warehouse.connection import open_published

    with open_published(load_settings(ctx.obj["home"]).home.published) as connection:
        rows = connection.execute(
            f"select {', '.join(_COLUMNS)} from raw.capture"
            " where (?::varchar is null or feed_id = ?)"
            " and (?::varchar is null or feed_date::varchar = ?)"
            " and (?::varchar is null or state = ?)"
            " order by feed_id, feed_date nulls first, captured_at nulls first, capture_id",
            [feed, feed, feed_date, feed_date, state, state],
        ).fetchall()
    if as_json:
        show_json({"captures": [dict(zip(_COLUMNS, row, strict=True)) for row in rows]})
        return
    show_table(_COLUMNS, [(row[0][:12], *row[1:]) for row in rows])
    say(f"{len(rows)} captures")


@command.command("show", epilog="Example: paperstrata captures show 1f0c9a")
@click.argument("capture")
@json_option
@click.pass_context
def show_capture(ctx: click.Context, capture: str, as_json: bool) -> None:
    """Show one capture: its facts, its origins, its rejects and issues."""
    from config.settings import load_settings
    from flows.show import say, show_json, show_table
    from warehouse.connection import open_published

    with open_published(load_settings(ctx.obj["home"]).home.published) as connection:
        cursor = connection.execute(
            "select * from raw.capture where starts_with(capture_id, ?)", [capture]
        )
        columns = [column[0] for column in cursor.description or []]
        found = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
        if len(found) != 1:
            raise click.UsageError(f"{len(found)} captures have an id that begins with {capture!r}")
        shown = found[0]
        for name, table in (("origins", "ops.capture_origin"), ("issues", "raw.issue")):
            cursor = connection.execute(
                f"select * from {table} where capture_id = ? order by all", [shown["capture_id"]]
            )
            columns = [column[0] for column in cursor.description or []]
            shown[name] = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    if as_json:
        show_json(shown)
        return
    origins, issues = shown.pop("origins"), shown.pop("issues")
    show_table(("fact", "value"), list(shown.items()))
    for origin in origins:
        say(f"found at {origin['path']}")
    for issue in issues:
        say(f"entry {issue['position']} {issue['field']}: {issue['reason']}")


def _decision(name: str, what: str) -> click.Command:
    """Return the verb of one decision."""

    @command.command(
        name, help=what, epilog=f"Example: paperstrata captures {name} 1f0c --reason R"
    )
    @click.argument("captures", nargs=-1, required=True)
    @click.option("--reason", required=True, help="Why; kept with the decision.")
    @click.option("--by", default=getpass.getuser, help="Who decides.")
    @json_option
    @click.pass_context
    def decide_so(
        ctx: click.Context, captures: tuple[str, ...], reason: str, by: str, as_json: bool
    ) -> None:
        _decide(ctx, captures, name, reason, by, None, as_json)

    return decide_so


retract = _decision("retract", "Undo captures: everything derived is as if they had never been.")
hold = _decision("hold", "Keep captures out of everything derived, until they are released.")
release = _decision("release", "Let held captures in, whatever holds them; withdraw a decision.")


@command.command(
    "restate", epilog="Example: paperstrata captures restate 1f0c --feed-date 2025-06-03 --reason R"
)
@click.argument("captures", nargs=-1, required=True)
@click.option("--feed-date", type=DateType(), required=True, help="The date of the list.")
@click.option("--reason", required=True, help="Why; kept with the decision.")
@click.option("--by", default=getpass.getuser, help="Who decides.")
@json_option
@click.pass_context
def restate(
    ctx: click.Context,
    captures: tuple[str, ...],
    feed_date: date,
    reason: str,
    by: str,
    as_json: bool,
) -> None:
    """Say which day's list captures are; their identity stays."""
    _decide(ctx, captures, "restate", reason, by, feed_date, as_json)


def _decide(
    ctx: click.Context,
    captures: tuple[str, ...],
    decision: str,
    reason: str,
    by: str,
    feed_date: date | None,
    as_json: bool,
) -> None:
    from flows.decide import decide
    from flows.house import House
    from flows.running import end_run

    house = House.open(ctx.obj["home"])
    report = decide(house, list(captures), decision, reason, by, feed_date)
    # what a person decided is nothing new to them
    report.newly.clear()
    end_run(report, as_json)
