"""The verb ``mcp``: its options, and what it prints."""

import shlex
import sys
from functools import partial

import click

from flows.cli.options import SecondsType


@click.command(epilog="Example: paperstrata mcp")
@click.option(
    "--timeout",
    type=SecondsType(),
    default=60.0,
    help="Give up a query after so many seconds.",
)
@click.pass_context
def command(ctx: click.Context, timeout: float) -> None:
    """Answer agents by the Model Context Protocol on standard input and output, until it ends.

    Its tools only read: search, paper, topic, trends, sql and tables. A client starts it by the
    command `paperstrata mcp`. It needs the extra `mcp`.
    """
    from flows.admin.rebuild import past_warehouse
    from flows.cli.commands.sql import answer_rows
    from flows.cli.exit_codes import QueryError
    from flows.cli.streams import stop_at_once
    from flows.workspace import Workspace

    try:
        from flows.out.agent_messages import serve
        from flows.out.agents import Access, Answers, make_server
    except ModuleNotFoundError as error:
        if error.name is None or not error.name.startswith("mcp"):
            raise
        pip = f"{shlex.quote(sys.executable)} -m pip install '.[mcp]'"
        raise click.UsageError(f"install the extra first, in the checkout: {pip}") from error
    workspace = Workspace.open(ctx.obj["home"])
    settings = workspace.settings
    ask = partial(answer_rows, settings.home.published, settings.duckdb_memory, timeout)
    access = Access(partial(past_warehouse, workspace), ask, (QueryError,))
    stop_at_once()
    serve(make_server(Answers(workspace, access)))
