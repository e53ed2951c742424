"""Which query ``sql`` is to answer: of its argument, a file, standard input, or a saved one."""

import json
import sys
from collections.abc import Iterable
from pathlib import Path

import click

from flows.cli.nearest import not_there
from flows.cli.output import say, show_json, show_table
from flows.cli.pager import paged
from warehouse.saved import Value, read_value, saved_queries

_MOST_READ = 2_000_000
"""Characters of a file: a query that is longer than what is answered is refused by its length."""


def find_query(
    query: str | None, file: Path | None, saved: str | None, params: Iterable[str]
) -> tuple[str, dict[str, Value]]:
    """Return the one query that is asked for, with the values of its parameters.

    Raises:
        click.UsageError: there is none or several, or a parameter is missing or unknown.
    """
    values = dict(_read_param(param) for param in params)
    if query is None and file is None and saved is None and sys.stdin and not sys.stdin.isatty():
        query = "-"
    given = [name for name in (query, file, saved) if name is not None]
    if len(given) != 1:
        raise click.UsageError("give one query: as QUERY, or by --file, or by --saved")
    if saved is not None:
        return _find_saved(saved, values)
    if query is not None and query != "-":
        return query, values
    return _read_file(file or Path("-")), values


def list_saved(*, as_json: bool) -> None:
    """Print the saved queries, their parameters, and what they answer."""
    queries = list(saved_queries().values())
    if as_json:
        show_json(
            {
                "queries": [
                    {
                        "name": q.name,
                        "description": q.description,
                        "required": q.required,
                        "defaults": q.defaults,
                    }
                    for q in queries
                ]
            }
        )
        return
    with paged():
        rows = []
        for one in queries:
            defaults = [f"{name}={_shown(value)}" for name, value in one.defaults.items()]
            needed = [f"{name}=..." for name in one.required]
            rows.append((one.name, " ".join([*needed, *defaults]), one.description))
        show_table(("name", "parameters", "answers"), rows)
        say("`sql --saved NAME --param NAME=VALUE`; null means any; ... must be given")


def _find_saved(name: str, values: dict[str, Value]) -> tuple[str, dict[str, Value]]:
    queries = saved_queries()
    if name not in queries:
        raise not_there("saved query", name, queries)
    found = queries[name]
    for parameter in values:
        if parameter not in {*found.defaults, *found.required}:
            raise not_there(f"parameter of {name}", parameter, {*found.defaults, *found.required})
    missing = [parameter for parameter in found.required if parameter not in values]
    if missing:
        needed = " ".join(f"--param {parameter}=..." for parameter in missing)
        raise click.UsageError(f"the saved query {name} needs {needed}")
    return found.sql, {**found.defaults, **values}


def _read_param(param: str) -> tuple[str, Value]:
    name, sign, value = param.partition("=")
    if not sign or not name.isidentifier():
        raise click.UsageError(f"--param {param!r} is not like name=value")
    return name, read_value(value)


def _read_file(path: Path) -> str:
    try:
        if path == Path("-"):
            text = sys.stdin.read(_MOST_READ)
            # in the locales C and POSIX other bytes come through as halves of characters
            text.encode()
            return text
        with path.open(encoding="utf-8-sig") as file:
            return file.read(_MOST_READ)
    except (OSError, UnicodeError) as error:
        raise click.UsageError(f"{path}: {error}") from error


def _shown(value: Value) -> str:
    return value if isinstance(value, str) else json.dumps(value)
