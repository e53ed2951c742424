"""The verb ``serve``: its options, and what it prints."""

import os

import click


@click.command(epilog="Example: paperstrata serve")
@click.pass_context
def command(ctx: click.Context) -> None:
    """Serve the flows from this one process: daily on its schedule, the others from the UI.

    Needs a Prefect server (`prefect server start`), named in PREFECT_API_URL.
    """
    from flows.cli.output import warn
    from flows.cli.start import say_new_home
    from flows.cli.streams import leave_interrupts
    from flows.program import program_beside
    from flows.workspace import Workspace

    workspace = Workspace.open(ctx.obj["home"])
    say_new_home(workspace)
    workspace.refuse_foreign_folder()
    workspace.begin_home()
    if not workspace.settings.is_api_configured:
        raise click.UsageError(
            f"PREFECT_API_URL is not set: run `{program_beside('prefect')} server start`, and here"
            " `export PREFECT_API_URL=http://127.0.0.1:4200/api` before this again"
        )
    os.environ.setdefault("PREFECT_LOGGING_LEVEL", "INFO")
    from flows.orchestrate import reach, serve_deployments

    reach(str(workspace.settings.prefect_api_url))
    schedule = workspace.settings.schedule
    warn(f"serving daily at {schedule.cron} ({schedule.time_zone})")
    leave_interrupts()
    serve_deployments(workspace)
