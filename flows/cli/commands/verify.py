"""The verb ``verify``: its options, and what it prints."""

from typing import TYPE_CHECKING

import click

from flows.cli.options import json_option

if TYPE_CHECKING:
    from flows.admin.verify import Verification


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
                "is_whole": verified.is_whole,
                "tables_compared": verified.compared,
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
        if verified.is_older:
            warn("an earlier version of paperstrata made it: a run that publishes renews it")
        for found in verified.damage:
            warn(found)
        say(_in_one_line(verified))
    if not verified.equal or verified.damage:
        raise ExitCode(Code.PROBLEMS)


def _in_one_line(verified: "Verification") -> str:
    from flows.cli.told_commands import with_home

    if not verified.equal:
        return "not equal"
    if verified.is_whole:
        return "equal"
    compared = f"{verified.compared} of {len(verified.tables)} tables"
    told = f"what can be compared is equal: {compared}; all after `paperstrata rebuild`"
    return with_home(told)


def _show(tables: dict[str, dict[str, int | str]]) -> None:
    from flows.cli.output import show_table

    rows = [(name, table["rows"], table["digest"]) for name, table in tables.items()]
    show_table(("table", "rows", "digest"), rows)
