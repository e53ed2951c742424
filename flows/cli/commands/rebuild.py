"""The verb ``rebuild``: its options, and what it prints."""

from datetime import datetime
from pathlib import Path

import click

from flows.cli.options import EndType, json_option


@click.command(epilog="Example: paperstrata rebuild --as-of 2025-03-10 --output past.duckdb")
@click.option(
    "--as-of", type=EndType(), help="Only what was seen by then; a date is the whole day."
)
@click.option(
    "--output", type=click.Path(path_type=Path, dir_okay=False), help="A file of its own."
)
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
    accept_loss: bool,
    as_json: bool,
) -> None:
    """Derive everything anew from the captures; with --output into a file of its own."""
    from flows.admin.rebuild import build_file, rebuild
    from flows.cli.output import say, show_json
    from flows.cli.summary import end_run
    from flows.workspace import Workspace
    from warehouse.errors import NotPublishedError

    if as_of is not None and output is None:
        raise click.UsageError("--as-of needs --output FILE: the published warehouse stays whole")
    if accept_loss and output is not None:
        raise click.UsageError("--accept-loss is for the published warehouse, not for --output")
    workspace = Workspace.open(ctx.obj["home"])
    if output is not None:
        _refuse_target(output.absolute(), workspace.settings.home.published)
    if workspace.landing.captures().is_empty() and not accept_loss:
        raise NotPublishedError(f"nothing has landed in {workspace.settings.home.folder} yet")
    if output is None:
        report = rebuild(workspace, is_loss_accepted=accept_loss)
        end_run(report, as_json)
        return
    report = build_file(workspace, output.absolute(), as_of)
    if as_json:
        show_json({**report.as_json(), "output": str(output)})
    else:
        say(f"{output}: {report.captures['loaded']:,} captures, as of {as_of or 'now'}")


def _refuse_target(target: Path, published: Path) -> None:
    """Refuse to write over anything but an older output."""
    if target.resolve() == published.resolve():
        raise click.UsageError(
            "--output names the published warehouse: leave it out to rebuild that"
        )
    if not target.parent.is_dir():
        raise click.UsageError(f"--output: there is no folder {target.parent}")
    if target.exists() and (not target.is_file() or not _is_database(target)):
        raise click.UsageError(f"--output: {target} is there, and is no DuckDB database")


def _is_database(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(12)[8:] == b"DUCK"
