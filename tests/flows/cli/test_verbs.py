"""The verbs: each is described, has help with an example, and stands in the README."""

import pkgutil
import re
from pathlib import Path

import click
import pytest

import flows.cli.commands
from flows.cli.main import cli
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
