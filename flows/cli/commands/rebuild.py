"""The verb ``rebuild``: its options, and what it prints."""

from datetime import datetime
from pathlib import Path

import click
from click.core import ParameterSource

from flows.cli.options import EndType, json_option, output_option, refuse_output


@click.command(epilog="Example: paperstrata rebuild --as-of 2025-03-10 --output past.duckdb")
@click.option(
    "--as-of", type=EndType(), help="Only what was seen by then; a date is the whole day."
)
@output_option
@click.option(
    "--accept-loss",
    is_flag=True,
    help="Give up what the landing has lost: packs that are damaged or gone.",
)
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    as_of: datetime | None,
    output: Path | None,
    force: bool,
    accept_loss: bool,
    as_json: bool,
) -> None:
    """Derive everything anew from the captures; with --output into a file of its own."""
    from flows.admin.rebuild import build_file, rebuild
    from flows.cli.exit_codes import Code, ExitCode
    from flows.cli.output import say, show_json, warn
    from flows.cli.summary import end_run
    from flows.cli.told_commands import with_home
    from flows.site.after import site_after
    from flows.workspace import Workspace
    from warehouse.connection import open_published
    from warehouse.digest import digest_content
    from warehouse.errors import NotPublishedError

    if output is None and ctx.get_parameter_source("output") is ParameterSource.COMMANDLINE:
        raise click.UsageError("--output -: a warehouse is a file, name one")
    if as_of is not None and output is None:
        raise click.UsageError("--as-of needs --output FILE: the published warehouse stays whole")
    if accept_loss and output is not None:
        raise click.UsageError("--accept-loss is for the published warehouse, not for --output")
    workspace = Workspace.open(ctx.obj["home"])
    if accept_loss:
        workspace.expect_home()
    if output is not None:
        refuse_output(output, workspace.settings.home, is_forced=force, is_ours=_is_output)
    is_lost = accept_loss or workspace.landing.find_problems()
    if workspace.landing.captures().is_empty() and not is_lost:
        raise NotPublishedError(f"nothing has landed in {workspace.settings.home.folder} yet")
    if output is None:
        report = rebuild(workspace, is_loss_accepted=accept_loss)
        end_run(site_after(workspace, report), as_json)
        return
    report = build_file(workspace, output.absolute(), as_of)
    with open_published(output) as connection:
        content = digest_content(connection)
    if as_json:
        show_json({**report.as_json(), "output": str(output), "content_digest": content})
    else:
        say(f"{output}: {report.captures['loaded']:,} captures, as of {as_of or 'now'}")
        say(f"digest of its content: {content}")
        for warning in report.warnings:
            warn(with_home(warning))
    if report.warnings:
        raise ExitCode(Code.PROBLEMS)


def _is_output(path: Path) -> bool:
    """Tell whether a file is a warehouse that an earlier ``rebuild --output`` wrote."""
    from warehouse.connection import open_published
    from warehouse.errors import WarehouseError
    from warehouse.published import was_published

    if not path.is_file():
        return False
    try:
        with open_published(path) as connection:
            return not was_published(connection)
    except WarehouseError:
        return False
