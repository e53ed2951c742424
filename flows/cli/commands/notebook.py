"""The verb ``notebook``: its options, and what it prints."""

import shlex
import sys
from importlib.util import find_spec
from pathlib import Path

import click

from flows.cli.options import GivenPath


@click.command(epilog="Example: paperstrata notebook rising.py")
@click.argument(
    "file", type=GivenPath(path_type=Path, dir_okay=False), default=Path("paperstrata_notebook.py")
)
@click.option("--force", is_flag=True, help="Let it replace a file of the same name.")
@click.pass_context
def command(ctx: click.Context, file: Path, force: bool) -> None:
    """Write a marimo notebook that reads the warehouse: what is rising, and how sure that is.

    FILE is paperstrata_notebook.py where none is given. marimo comes with the extra `notebook`.
    """
    from flows.cli.exit_codes import QueryError
    from flows.cli.options import refuse_output
    from flows.cli.output import say
    from flows.demo.notebook import write_notebook
    from flows.workspace import Workspace
    from warehouse.connection import open_published
    from warehouse.errors import NotPublishedError

    home = Workspace.open(ctx.obj["home"]).settings.home
    refuse_output(file, home, is_forced=force, option="FILE")
    try:
        with open_published(home.published):  # says so where there is none
            write_notebook(file, home.published.absolute())
    except NotPublishedError:  # an OSError too
        raise
    except OSError as error:
        raise QueryError(f"FILE {file}: {error.strerror or error}") from error
    say(f"written: {file}")
    python = shlex.quote(sys.executable)
    if find_spec("marimo") is None:
        say("marimo is not installed yet; install it with")
        say(f"  {python} -m pip install marimo")
    say("open it with")
    say(f"  {python} -m marimo edit {shlex.quote(str(file))}")
