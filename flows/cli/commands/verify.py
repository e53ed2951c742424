"""The verb ``verify``: its options, and what it prints."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from flows.cli.options import json_option
from flows.cli.output import say, show_json, show_table, warn
from flows.cli.told_commands import with_home
from warehouse.counted import say_count

if TYPE_CHECKING:
    from flows.admin.verify import Verification


@click.command(epilog="Example: paperstrata verify --digests")
@click.option("--digests", is_flag=True, help="The digests alone, without the rebuild.")
@click.option(
    "--deep",
    is_flag=True,
    help="Read all: packs and bodies of the landing, tables, pages of the site.",
)
@json_option
@click.pass_context
def command(ctx: click.Context, digests: bool, deep: bool, as_json: bool) -> None:
    """Tell whether the warehouse is what its captures say: exit 0 only if it is."""
    from flows.cli.exit_codes import Code, ExitCode
    from flows.workspace import Workspace

    workspace = Workspace.open(ctx.obj["home"])
    if digests:
        _show_digests(workspace.settings.home.published, as_json=as_json)
        return
    from flows.admin.verify import verify

    verified = verify(workspace, is_deep=deep)
    if as_json:
        _show_json(verified)
    else:
        _show(verified)
    if not verified.equal or verified.damage:
        raise ExitCode(Code.LOCKED if verified.was_disturbed else Code.PROBLEMS)


def _show_digests(published: Path, *, as_json: bool) -> None:
    """Print what each table holds now; whether it should is not told."""
    from warehouse.connection import open_published
    from warehouse.digest import digest_tables

    with open_published(published) as connection:
        tables = digest_tables(connection)
    if as_json:
        show_json({"equal": None, "stale": [], "tables": tables})
    else:
        _show_tables(tables)


def _show_json(verified: "Verification") -> None:
    show_json(
        {
            "equal": verified.equal,
            "is_whole": verified.is_whole,
            "tables_compared": verified.compared,
            "stale": verified.stale,
            "not_loaded": verified.not_loaded,
            "configuration_changed": verified.is_configuration_new,
            "made_by_earlier_version": verified.is_older,
            "tables": verified.tables,
            "differing": verified.differing,
            "damage": verified.damage,
            "another_writer": verified.was_disturbed,
        }
    )


def _show(verified: "Verification") -> None:
    """Print the tables, what differs or waits, and in one line whether all is equal."""
    _show_tables(verified.tables)
    for name in verified.differing:
        warn(f"{name} differs from what its captures say")
    if verified.stale:
        waiting = say_count(len(verified.stale), "capture")
        warn(f"to be read anew, by today's parser and rules: {waiting}; any run does it")
    if verified.not_loaded:
        waiting = say_count(len(verified.not_loaded), "capture")
        warn(f"landed, and not loaded: {waiting}; any run loads them")
    if verified.is_configuration_new:
        warn("feeds, topics or corrections changed since; any run brings that in")
    if verified.is_older:
        warn("an earlier version of paperstrata made it: a run that publishes renews it")
    for found in verified.damage:
        warn(with_home(found))
    if verified.was_disturbed and (not verified.equal or verified.damage):
        warn("another writer was at work meanwhile, and this may be its work: verify again")
    say(_in_one_line(verified))


def _in_one_line(verified: "Verification") -> str:
    if verified.differing:
        return with_home("not equal: `paperstrata rebuild` makes it what its captures say")
    if not verified.equal:
        return "not equal"
    if verified.is_whole:
        return "equal"
    compared = f"{verified.compared} of {len(verified.tables)} tables"
    told = f"what can be compared is equal: {compared}; `paperstrata rebuild` makes all comparable"
    return with_home(told)


def _show_tables(tables: dict[str, dict[str, int | str]]) -> None:
    rows = [(name, table["rows"], table["digest"]) for name, table in tables.items()]
    show_table(("table", "rows", "digest"), rows)
