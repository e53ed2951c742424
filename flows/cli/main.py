"""The command line: verbs, and the one place where errors become exit codes.

Exit codes: 0 done; 1 something was newly refused, held or rejected (all else is published);
2 usage; 3 a source or a configured server could not be reached; 4 another writer is at work;
5 not published, a critical check failed; 6 an error of ours.
"""

import os
import sys
import traceback
from importlib import import_module
from pathlib import Path

import click

from flows.cli.exit_codes import ExitCode

VERBS = (
    "demo",
    "ingest",
    "fetch",
    "daily",
    "backfill",
    "serve",
    "status",
    "trends",
    "sql",
    "quality",
    "rejects",
    "captures",
    "verify",
    "rebuild",
)


class Verbs(click.Group):
    """Imports a verb when it is called, so that --help and sql are quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the verbs in the order in which a newcomer meets them."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one verb."""
        if cmd_name not in VERBS:
            return None
        command = import_module(f"flows.cli.commands.{cmd_name}").command
        assert isinstance(command, click.Command)  # noqa: S101 - tells the type
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what each verb does, without importing any."""
        with formatter.section("Verbs"):
            formatter.write_dl(
                [
                    ("demo", "a small sample of our own making, all the way, in a minute"),
                    ("ingest", "load captures: files or folders, any known format"),
                    ("fetch", "look at a feed now"),
                    ("daily", "the scheduled run: inboxes, looks that are due, checks, reports"),
                    ("backfill", "history, previewed and resumable"),
                    ("serve", "the schedules of the configuration, until stopped"),
                    ("status", "the day ledger: coverage, gaps, late and open days, last run"),
                    ("trends", "what is rising, with evidence"),
                    ("sql", "one query on the published warehouse, read only"),
                    ("quality", "run all checks, write the reports"),
                    ("rejects", "entries that broke the contract: list, show, replay"),
                    ("captures", "looks at feeds: list, show, decide, erase"),
                    ("verify", "is the warehouse what its captures say? digests"),
                    ("rebuild", "the warehouse anew from the landing"),
                ]
            )


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
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


def main() -> None:
    """Run the command line and end the process with a code of the contract."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command line and return its exit code."""
    try:
        cli.main(arguments, prog_name="paperstrata", standalone_mode=False)
    except ExitCode as ending:
        return ending.code
    except click.exceptions.Exit as ending:
        return ending.exit_code
    except click.Abort:
        _say("stopped")
        return 130
    except click.ClickException as error:
        error.show()
        return 2
    except (BrokenPipeError, SystemExit):
        # click leaves so where the reader of a pipe has left: that is no error
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        return _explain(error, "--debug" in arguments)
    return 0


def _explain(error: Exception, debug: bool) -> int:
    """Say on one line what went wrong, and return its exit code."""
    known = {
        "ConfigError": 2,
        "TaxonomyError": 2,
        "PathTemplateError": 2,
        "NotPublishedError": 2,
        "QueryError": 2,
        "OtherCapturesError": 2,
        "NoSuchFeedError": 2,
        "UnreachableError": 3,
        "LockedError": 4,
    }
    names = [kind.__name__ for kind in type(error).__mro__]
    code = next((known[name] for name in names if name in known), 6)
    if debug:
        traceback.print_exception(error)
        return code
    if code != 6:
        _say(str(error))
        return code
    log = _write_log(error)
    _say(f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''} ({log})")
    return code


def _write_log(error: Exception) -> str:
    """Add the traceback to the log of the home folder; say where, or that it could not be."""
    from config.settings import load_settings

    try:
        log = load_settings(_home_argument()).home.log
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8") as file:
            file.writelines(traceback.format_exception(error))
    except Exception as failure:
        return f"no log could be written: {failure}; try --debug"
    return f"the traceback is in {log}"


def _home_argument() -> Path | None:
    context = click.get_current_context(silent=True)
    home = context.obj.get("home") if context and context.obj else None
    for word, following in zip(sys.argv, [*sys.argv[1:], ""], strict=True):
        if home is None and word == "--home":
            home = Path(following)
        elif home is None and word.startswith("--home="):
            home = Path(word.removeprefix("--home="))
    return home


def _say(message: str) -> None:
    print(f"paperstrata: {message}", file=sys.stderr)  # noqa: T201 - the one voice for errors


if __name__ == "__main__":
    main()
