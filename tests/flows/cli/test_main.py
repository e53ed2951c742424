"""The command line tells how it is used, and is quick about it."""

import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

import flows.cli.commands
from flows.cli.main import cli
from flows.cli.options import EndType
from flows.cli.verbs import VERBS

README = Path(__file__).parents[3] / "README.md"


def commands() -> list[tuple[str, click.Command]]:
    """Return every verb and every verb below a verb."""
    context = click.Context(cli)
    found: list[tuple[str, click.Command]] = []
    for verb in VERBS:
        command = cli.get_command(context, verb)
        assert command is not None
        found.append((verb, command))
        if isinstance(command, click.Group):
            found += [(f"{verb} {name}", below) for name, below in command.commands.items()]
    return found


@pytest.mark.parametrize("verb, command", commands(), ids=[verb for verb, _ in commands()])
def test_every_verb_has_help_with_an_example(verb: str, command: click.Command) -> None:
    assert command.help
    assert command.epilog is not None
    assert command.epilog.startswith(f"Example: paperstrata {verb.split()[0]}")


def test_every_module_of_commands_is_a_verb_and_has_a_description() -> None:
    modules = {module.name for module in pkgutil.iter_modules(flows.cli.commands.__path__)}
    assert modules == set(VERBS)
    assert all(VERBS.values())


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_stands_in_the_readme(verb: str) -> None:
    assert re.search(rf"paperstrata (--home \S+ )?{verb}\b", README.read_text(encoding="utf-8"))


def test_neither_help_nor_sql_imports_what_they_do_not_need() -> None:
    code = (
        "import sys; from flows.cli.main import run; run(['--help']);"
        "import flows.cli.commands.sql, warehouse.connection, config.settings;"
        "print([m for m in ('polars', 'pandera', 'prefect', 'great_expectations', 'pandas')"
        " if m in sys.modules])"
    )
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert printed.stdout.splitlines()[-1] == "[]", printed.stderr


def test_a_direct_run_needs_no_prefect() -> None:
    code = (
        "import sys; import flows.cli.start, flows.cli.summary, flows.cli.commands.ingest;"
        "import flows.cli.commands.daily, flows.schedule.daily;"
        "print('prefect' in sys.modules)"
    )
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert printed.stdout.strip() == "False", printed.stderr


def test_a_date_means_the_whole_of_that_day() -> None:
    end = EndType().convert("2025-06-30", None, None)
    assert str(end) == "2025-06-30 23:59:59.999999"
    assert str(EndType().convert("2025-06-30T12:00:00Z", None, None)) == "2025-06-30 12:00:00"
