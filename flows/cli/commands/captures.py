"""The verb ``captures``: its options, and what it prints."""

import getpass
import sys
from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from flows.cli.listing import Listing, list_options, read_options, show_list
from flows.cli.nearest import NamingGroup
from flows.cli.options import DateType, json_option

if TYPE_CHECKING:
    from flows.admin.erasure import Erasure

_ERASURE = (
    "capture_id",
    "erased_at",
    "occurrences",
    "reason",
    "decided_by",
    "blob_id",
    "erased_blob_id",
)


@click.group(cls=NamingGroup, epilog="Example: paperstrata captures list --state held")
def command() -> None:
    """List and show captures, decide about them, erase names from them."""


@command.command(
    "list", epilog="Example: paperstrata captures list --feed hf-daily --date 2025-06-30"
)
@click.option("--feed", help="One feed.")
@click.option("--date", "feed_date", type=DateType(), help="One feed date, such as 2025-06-30.")
@click.option("--state", type=click.Choice(["loaded", "held"]), help="One state.")
@list_options(None)
@click.pass_context
def list_captures(
    ctx: click.Context,
    feed: str | None,
    feed_date: date | None,
    state: str | None,
    limit: int | None,
    form: str,
    as_json: bool,
    keep_formulas: bool,
) -> None:
    """List captures."""
    from config.settings import load_settings
    from flows.cli.known import check_feed
    from warehouse import published
    from warehouse.connection import open_published

    options = read_options(limit, form, as_json=as_json, keep_formulas=keep_formulas)
    with open_published(load_settings(ctx.obj["home"]).home.published) as connection:
        check_feed(feed, published.list_feeds(connection))
        captures = published.list_captures(connection, feed, feed_date, state)
    columns = published.CAPTURE_COLUMNS
    rows = [[row[name] for name in columns] for row in options.cut(captures)]
    headings, lines = _capture_lines(columns, rows)
    show_list(Listing("captures", columns, rows, len(captures), headings, lines), options)


def _capture_lines(
    columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> tuple[Sequence[str], list[list[Any]]]:
    """Return headings and rows for people: on a terminal those columns that fit."""
    if not sys.stdout.isatty():
        return columns, [[row[0][:12], *row[1:]] for row in rows]
    lines = []
    for name, feed, day, seen_at, state, seen, _, rejected, is_cut, reason in rows:
        entries = f"{seen:,}" + (f" ({rejected:,} rejected)" if rejected else "")
        said = reason or ("cut" if is_cut else "")
        lines.append([name[:12], f"{feed} {day or ''}", _minute(seen_at), state, entries, said])
    return ("capture", "list", "seen (UTC)", "state", "entries", ""), lines


def _minute(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else ""


@command.command("refused", epilog="Example: paperstrata captures refused")
@list_options(None)
@click.pass_context
def list_refused(
    ctx: click.Context, limit: int | None, form: str, as_json: bool, keep_formulas: bool
) -> None:
    """List the files of which nothing could land, and why; those refused last come first.

    What was refused once stays on the list, also where the file was mended since.
    """
    from flows.workspace import Workspace

    options = read_options(limit, form, as_json=as_json, keep_formulas=keep_formulas)
    workspace = Workspace.open(ctx.obj["home"])
    workspace.expect_home()
    refused = workspace.landing.refused().sort("seen_at", "path", descending=[True, False])
    rows = [list(row) for row in options.cut(refused.rows())]
    lines = [[path, _minute(seen_at), reason] for path, _, _, reason, seen_at in rows]
    headings = ("file", "refused at (UTC)", "reason")
    columns = refused.columns
    show_list(Listing("refused_files", columns, rows, refused.height, headings, lines), options)


@command.command("show", epilog="Example: paperstrata captures show 1f0c9a")
@click.argument("capture")
@json_option
@click.pass_context
def show_capture(ctx: click.Context, capture: str, as_json: bool) -> None:
    """Show one capture: its facts, its origins, its issues, and what was erased from it."""
    from config.settings import load_settings
    from flows.cli.output import say, show_json, show_table
    from warehouse import published
    from warehouse.connection import open_published
    from warehouse.landing import Landing

    home = load_settings(ctx.obj["home"]).home
    with open_published(home.published) as connection:
        found = published.find_captures(connection, capture)
        if len(found) != 1:
            raise click.UsageError(f"{len(found)} captures have an id that begins with {capture!r}")
        shown = found[0]
        shown["origins"] = published.list_origins(connection, shown["capture_id"])
        shown["issues"] = published.list_issues(connection, shown["capture_id"])
    erasures = Landing(home.landing).erasures().select(*_ERASURE)
    erasures = erasures.filter(erasures["capture_id"] == shown["capture_id"]).unique()
    shown["erasures"] = erasures.sort("erased_at").drop("capture_id").to_dicts()
    if as_json:
        show_json(shown)
        return
    origins, issues, erased = (shown.pop(name) for name in ("origins", "issues", "erasures"))
    show_table(("fact", "value"), list(shown.items()))
    for origin in origins:
        say(f"found at {origin['path']}")
    for issue in issues:
        say(f"entry {issue['position']} {issue['field']}: {issue['reason']}")
    for erasure in erased:
        how_often, by = f"{erasure['occurrences']} times", erasure["decided_by"]
        say(f"a name was erased, {how_often}, {erasure['erased_at']}, {by}: {erasure['reason']}")


def _decision(name: str, what: str) -> click.Command:
    """Return the verb that records one kind of decision."""

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


@command.command(
    "erase",
    epilog="Example: paperstrata captures erase --name 'Jane Doe' --name 'Doe, Jane' --reason R",
)
@click.option(
    "names", "--name", multiple=True, required=True, help="A name as written; repeatable."
)
@click.option("--reason", default="", help="Why; kept, so it must not tell the name.")
@click.option("--by", default=getpass.getuser, help="Who decides.")
@click.option("--dry-run", is_flag=True, help="List what holds the name, and change nothing.")
@json_option
@click.pass_context
def erase(
    ctx: click.Context, names: tuple[str, ...], reason: str, by: str, dry_run: bool, as_json: bool
) -> None:
    """Erase a person's name from captures, records, journal and reports, for good.

    Wherever the name stands, [erased] stands instead, the warehouse is built anew, and a record
    says what was changed, when, by whom and why, but not the name. A name is found whatever its
    case, white space, accents' encoding and the tags within it, but only whole: neither within a
    longer word nor joined to another by a hyphen (Mary-Jane Doe is another name). Initials, names
    of accounts (--name janedoe) and other spellings are names of their own.

    Captures that are given again stay erased. Not reached: backups (copy anew, with rsync
    --delete), files that were written elsewhere (rebuild --output, sql --output), config, inboxes,
    Prefect's database of parameters, the history of your shell, and the source: what it shows
    tomorrow has the name again, so give the command again then. Exit code 1: something that holds
    the name is left, and is named.
    """
    from flows.admin.erasure import erase_names, find_names
    from flows.workspace import Workspace
    from warehouse.errors import NotPublishedError

    if not reason and not dry_run:
        raise click.UsageError("Missing option '--reason'.")
    workspace = Workspace.open(ctx.obj["home"])
    if not workspace.landing.folder.exists():
        raise NotPublishedError(f"nothing has landed in {workspace.settings.home.folder} yet")
    found = find_names if dry_run else partial(erase_names, reason=reason, decided_by=by)
    _end_erasure(found(workspace, list(names)), as_json)


def _end_erasure(erasure: "Erasure", as_json: bool) -> None:
    from flows.cli.exit_codes import Code, ExitCode
    from flows.cli.output import say, show_json, show_table, warn
    from flows.cli.told_commands import with_home
    from warehouse.counted import say_count

    if as_json:
        show_json(erasure.as_json())
    else:
        columns = ("capture_id", "feed_id", "feed_date", "captured_at", "occurrences")
        rows = [tuple(capture.values()) for capture in erasure.captures.values()]
        show_table(columns, [(row[0][:12], *row[1:]) for row in rows])
        for place, count in sorted(erasure.places.items()):
            say(f"{place}: {say_count(count, 'time')}")
        for left in erasure.remaining:
            warn(f"left: {left['place']}: {left['reason']}")
        done = "erased" if erasure.report else "found, nothing was changed"
        times = say_count(erasure.occurrences, "time")
        say(f"{times} in all, {say_count(len(erasure.captures), 'capture')}: {done}")
    if erasure.report and erasure.report.is_blocked:
        warn("the warehouse was not built anew: a critical check failed")
        raise ExitCode(Code.NOT_PUBLISHED)
    is_in_warehouse = any(left["place"].startswith("warehouse") for left in erasure.remaining)
    if erasure.report and not erasure.report.is_published and is_in_warehouse:
        warn("the warehouse was not built anew: give the command again")
        raise ExitCode(Code.NOT_PUBLISHED)
    warnings = erasure.report.warnings if erasure.report else ()
    for warning in warnings:
        warn(with_home(warning))
    if erasure.remaining or warnings:
        raise ExitCode(Code.PROBLEMS)


def _decide(
    ctx: click.Context,
    captures: tuple[str, ...],
    decision: str,
    reason: str,
    by: str,
    feed_date: date | None,
    as_json: bool,
) -> None:
    from flows.admin.decisions import decide
    from flows.cli.summary import end_run
    from flows.site.after import site_after
    from flows.workspace import Workspace

    if not reason.strip():
        raise click.UsageError("--reason is empty: it is kept with the decision")
    workspace = Workspace.open(ctx.obj["home"])
    report = decide(workspace, list(captures), decision, reason, by, feed_date)
    end_run(site_after(workspace, report), as_json)
