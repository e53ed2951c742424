"""The verb ``verify``: its options, and what it prints."""

import click

from flows.cli.options import json_option


@click.command(epilog="Example: paperstrata verify --digests")
@click.option("--digests", is_flag=True, help="The digests alone, without the rebuild.")
@click.option("--deep", is_flag=True, help="Hash every pack and every body of the landing.")
@json_option
@click.pass_context
def command(ctx: click.Context, digests: bool, deep: bool, as_json: bool) -> None:
    """Tell whether the warehouse is what its captures say: exit 0 only if it is."""
    from flows.cli.exit_codes import Code, ExitCode
    from flows.cli.output import say, show_json, warn
    from flows.workspace import Workspace

    workspace = Workspace.open(ctx.obj["home"])
    if digests:
        from warehouse.connection import open_published
        from warehouse.digest import digest_tables

        with open_published(workspace.settings.home.published) as connection:
            tables = digest_tables(connection)
        if as_json:
            show_json({"equal": None, "stale": [], "tables": tables})
        else:
            _show(tables)
        return
    from flows.admin.verify import verify

    verified = verify(workspace, is_deep=deep)
    if as_json:
        show_json(
            {
                "equal": verified.equal,
                "stale": verified.stale,
                "not_loaded": verified.not_loaded,
                "configuration_changed": verified.is_configuration_new,
                "tables": verified.tables,
                "differing": verified.differing,
                "damage": verified.damage,
            }
        )
    else:
        _show(verified.tables)
        for name in verified.differing:
            warn(f"{name} differs from what its captures say")
        if verified.stale:
            warn(f"{len(verified.stale)} captures are read differently today; any run replays them")
        if verified.not_loaded:
            warn(
                f"{len(verified.not_loaded)} captures landed and are not loaded; any run loads them"
            )
        if verified.is_configuration_new:
            warn("feeds, topics or corrections changed since; any run brings that in")
        for found in verified.damage:
            warn(found)
        say("equal" if verified.equal else "not equal")
    if not verified.equal or verified.damage:
        raise ExitCode(Code.PROBLEMS)


def _show(tables: dict[str, dict[str, int | str]]) -> None:
    from flows.cli.output import show_table

    rows = [(name, table["rows"], table["digest"]) for name, table in tables.items()]
    show_table(("table", "rows", "digest"), rows)
