"""The verb ``rejects``: its options, and what it prints."""

import json

import click

from flows.cli.listing import Listing, list_options, read_options, show_list
from flows.cli.nearest import NamingGroup
from flows.cli.options import json_option


@click.group(cls=NamingGroup, epilog="Example: paperstrata rejects list")
def command() -> None:
    """List and show rejected entries."""


@command.command("list", epilog="Example: paperstrata rejects list --json")
@list_options(None)
@click.pass_context
def list_rejects(
    ctx: click.Context, limit: int | None, form: str, as_json: bool, keep_formulas: bool
) -> None:
    """List every rejected entry with its rule, field and reason.

    Whole files that were refused are listed by captures refused.
    """
    from config.settings import load_settings
    from flows.cli.output import is_narrower_than
    from warehouse import published
    from warehouse.connection import open_published

    with open_published(load_settings(ctx.obj["home"]).home.published) as connection:
        rejects = published.list_rejects(connection)
    options = read_options(limit, form, as_json=as_json, keep_formulas=keep_formulas)
    columns = published.REJECT_COLUMNS
    rows = [[row[name] for name in columns] for row in options.cut(rejects)]
    # on a narrow terminal what the reason says again is left out
    kept = (0, 1, 2, 6) if is_narrower_than(110) else range(len(columns))
    lines = [[([row[0][:12], *row[1:]])[place] for place in kept] for row in rows]
    headings = [columns[place] for place in kept]
    show_list(Listing("rejects", columns, rows, len(rejects), headings, lines), options)


@command.command("show", epilog="Example: paperstrata rejects show 1f0c9a 3")
@click.argument("capture")
@click.argument("position", type=int, required=False)
@json_option
@click.pass_context
def show_reject(ctx: click.Context, capture: str, position: int | None, as_json: bool) -> None:
    """Show the rejects of a capture (the beginning of its id is enough) with their payload."""
    from config.settings import load_settings
    from flows.cli.output import say, show_json
    from warehouse import published
    from warehouse.connection import open_published

    with open_published(load_settings(ctx.obj["home"]).home.published) as connection:
        rejects = published.find_rejects(connection, capture, position)
    if not rejects:
        raise click.UsageError(f"no reject of a capture {capture!r} at that place")
    for reject in rejects:
        reject["payload"] = json.loads(reject["payload"])
    if as_json:
        show_json({"rejects": rejects})
        return
    for reject in rejects:
        say(f"{reject['capture_id']} entry {reject['position']}: {reject['reason']}")
        say(json.dumps(reject["payload"], indent=2, ensure_ascii=False))


@command.command("replay", epilog="Example: paperstrata rejects replay")
@click.argument("capture", default="")
@json_option
@click.pass_context
def replay(ctx: click.Context, capture: str, as_json: bool) -> None:
    """Read rejects again, by today's rules (of all captures, or of one), and publish."""
    from flows.admin.replay import replay_rejects
    from flows.cli.summary import end_run
    from flows.site.after import site_after
    from flows.workspace import Workspace

    workspace = Workspace.open(ctx.obj["home"])
    end_run(site_after(workspace, replay_rejects(workspace, capture)), as_json)
