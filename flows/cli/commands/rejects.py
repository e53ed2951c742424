"""The verb ``rejects``: its options, and what it prints."""

import json

import click

from flows.cli.options import json_option


@click.group(epilog="Example: paperstrata rejects list")
def command() -> None:
    """List and show rejected entries."""


@command.command("list", epilog="Example: paperstrata rejects list --json")
@json_option
@click.pass_context
def list_rejects(ctx: click.Context, as_json: bool) -> None:
    """List every rejected entry with its rule, field and reason."""
    from config.settings import load_settings
    from flows.cli.output import say, show_json, show_table
    from warehouse import published
    from warehouse.connection import open_published

    with open_published(load_settings(ctx.obj["home"]).home.published) as connection:
        rejects = published.list_rejects(connection)
    if as_json:
        show_json({"rejects": rejects})
        return
    shown = [{**row, "capture_id": row["capture_id"][:12]} for row in rejects]
    show_table(published.REJECT_COLUMNS, [tuple(row.values()) for row in shown])
    say(f"{len(rejects)} rejected entries")


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
