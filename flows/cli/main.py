"""The command line, and the one place where an error ends it with an exit code.

The codes: 0 done; 1 something was newly refused, held or rejected (all else is published);
2 usage; 3 a source or a configured server could not be reached; 4 another writer is at work;
5 not published, a critical check failed; 6 an error of ours.
"""

import os
import shlex
import sys
from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from typing import NoReturn

import click
from click.core import ParameterSource

from flows.cli.exit_codes import Code, ExitCode, QueryError, code_of, is_out_of_memory
from flows.cli.options import GivenPath
from flows.cli.streams import (
    code_of_stop,
    discard_output,
    flush_streams,
    forget_interrupt,
    ignore_signals,
    install_signals,
    prepare_streams,
)
from flows.cli.told_commands import remember_home, with_home
from flows.cli.verbs import Verbs
from flows.program import NAME, program
from flows.stopped import end_undisturbed, is_stop, notes_of, raise_if_stopped
from warehouse.files import (
    file_without_space,
    is_of_full_disk,
    say_in_the_way,
    say_not_allowed,
    say_too_long,
)
from warehouse.visible import on_one_line, visible

_PANIC = "PanicException"
"""How Polars tells an error of its own, as of a damaged file: no ``Exception`` to Python."""


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--home",
    type=GivenPath(path_type=Path, file_okay=False),
    help="The folder of landing, journal, warehouse and reports (or PAPERSTRATA_HOME).",
)
@click.option("--debug", is_flag=True, help="Show the traceback of an error of ours.")
@click.version_option(package_name="paperstrata")
@click.pass_context
def cli(ctx: click.Context, home: Path | None, debug: bool) -> None:
    """What is rising in research, since when, and how sure one can be.

    Example: paperstrata demo
    """
    ctx.obj = {"home": home, "debug": debug}
    is_given = ctx.get_parameter_source("home") is ParameterSource.COMMANDLINE
    remember_home(home if is_given else None)


def main() -> None:
    """Run the command line and end the process with a code of the contract."""
    # small matrices only: threads of a numeric library wait for each other longer than they work
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    prepare_streams()
    install_signals()
    try:
        code = run(sys.argv[1:])
        if code != code_of_stop():
            raise_if_stopped()
    except KeyboardInterrupt:  # when the command had ended, or it went on in spite of a signal
        _print_error("stopped")
        code = code_of_stop()
    ignore_signals()
    _leave(flush_streams(code))


def _leave(code: int) -> NoReturn:
    """End the process; where Prefect's server was lost, at once."""
    orchestrate = sys.modules.get("flows.orchestrate")
    if orchestrate is not None and orchestrate.was_server_lost():
        # Prefect's services would wait at the exit of Python for the server that is gone
        os._exit(code)
    forget_interrupt()
    sys.exit(code)


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code."""
    try:
        cli.main(arguments, prog_name=NAME, standalone_mode=False)
    except ExitCode as ending:
        return ending.code
    except click.exceptions.Exit as ending:
        return ending.exit_code
    except click.Abort as error:
        return _say_stopped(error, arguments)
    except click.ClickException as error:
        shown = StringIO()
        error.show(shown)
        print(visible(shown.getvalue()), file=sys.stderr, end="")  # noqa: T201
        return Code.USAGE
    except (BrokenPipeError, SystemExit):
        # click leaves so where the reader of a pipe has left: that is no error
        discard_output()
    except BaseException as error:
        if is_stop(error):
            return _say_stopped(error, arguments)
        if not isinstance(error, Exception) and type(error).__name__ != _PANIC:
            raise
        return _explain(error, arguments)
    return Code.DONE


def _say_stopped(error: BaseException, arguments: Sequence[str]) -> int:
    """Say after a signal what was kept of a run, and how to go on; return the exit code."""
    end_undisturbed()
    notes = notes_of(error)
    for note in notes:
        _print_error(note)
    if notes:
        _print_error(f"to go on: {program()} {shlex.join(arguments)}")
    _print_error("stopped")
    return code_of_stop()


def _explain(error: BaseException, arguments: Sequence[str]) -> Code:
    """Say on one line what went wrong, and return its exit code."""
    code = code_of(error)
    if "--debug" in arguments:
        import traceback

        traceback.print_exception(error)
    elif isinstance(error, QueryError):
        _print_lines(str(error))
    elif code is not Code.INTERNAL:
        _print_error(with_home(str(error)))
    elif (told := say_too_long(error)) is not None:
        _print_error(told)
        return Code.USAGE
    elif is_out_of_memory(error):
        told = str(error).partition("\n")[0]
        _print_error(f"more is needed than duckdb_memory of settings.toml allows: {told}")
        return Code.USAGE
    elif (told := say_in_the_way(error)) is not None:
        _print_error(f"{told}, then give the command again")
        return Code.NOT_PUBLISHED
    elif (told := say_not_allowed(error)) is not None:
        _print_error(told)
        return Code.NOT_PUBLISHED
    elif (file := file_without_space(error)) is not None:
        place = f"write {file}" if file else "work in the home folder"
        _print_error(f"no space is left to {place}: free some, then give the command again")
    else:
        from flows.cli.error_log import write_log

        first_line = str(error).splitlines()[0] if str(error) else ""
        place = write_log(error, arguments)
        _print_error(f"{type(error).__name__}: {first_line} ({place})")
    # what is wrong then is the disk of the output, not the command line
    is_disk = code is Code.USAGE and is_of_full_disk(error.__cause__)
    return Code.INTERNAL if is_disk else code


def _print_lines(message: str) -> None:
    """Print what DuckDB says of a query: the line that it shows has a mark below it."""
    print(f"{NAME}: {visible(message).strip()}", file=sys.stderr)  # noqa: T201


def _print_error(message: str) -> None:
    print(f"{NAME}: {on_one_line(message)}", file=sys.stderr)  # noqa: T201 - errors go to standard error


if __name__ == "__main__":
    main()
