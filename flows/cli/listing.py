"""Lists: a limit that says what it leaves out, a pager on a terminal, formats as of ``sql``."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import click

from flows.cli.formats import write_rows
from flows.cli.options import F
from flows.cli.output import say, show_json, show_table, warn
from flows.cli.pager import paged
from warehouse.counted import say_count

FORMATS = ("table", "csv", "json", "ndjson")


@dataclass(frozen=True)
class ListOptions:
    """How a list is to be shown; ``limit`` None: as long as it is."""

    limit: int | None
    form: str
    keeps_formulas: bool

    def cut(self, rows: Sequence[Any]) -> Sequence[Any]:
        """Return the rows within the limit."""
        return rows if self.limit is None else rows[: self.limit]


@dataclass(frozen=True)
class Listing:
    """Rows with all their columns, and how a table for people shows them."""

    name: str
    """What the rows are, in the plural: the key of the JSON object."""
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    count: int
    """How many rows there are, those beyond the limit among them."""
    headings: Sequence[str]
    lines: Sequence[Sequence[Any]]
    """The same rows for people."""
    notes: Sequence[str] = field(default=())
    """What a table says below, and the JSON object under this key."""


def list_options(default: int | None) -> Callable[[F], F]:
    """Add ``--limit``, ``--format``, ``--json`` and ``--keep-formulas``; see :func:`read_options`.

    ``default`` is the limit where none is given; None: the whole list, but for people 100 rows.
    """

    def add(command: F) -> F:
        shown = "100 for people, else all" if default is None else str(default)
        for option in (
            click.option("--keep-formulas", is_flag=True, help="Write texts like =A1 as they are."),
            click.option("--json", "as_json", is_flag=True, help="One JSON object."),
            click.option(
                "--format",
                "form",
                type=click.Choice(FORMATS),
                default="table",
                help="table (the default), csv, json (one object) or ndjson (a row a line).",
            ),
            click.option(
                "--limit",
                type=click.IntRange(1, 2**31 - 1),
                default=default,
                help=f"How many rows ({shown}).",
            ),
        ):
            command = option(command)
        return command

    return add


def read_options(
    limit: int | None, form: str, *, as_json: bool, keep_formulas: bool
) -> ListOptions:
    """Return the options of :func:`list_options` as they are meant."""
    form = "json" if as_json else form
    if limit is None and form == "table":
        limit = 100
    return ListOptions(limit, form, keep_formulas)


def show_list(listing: Listing, options: ListOptions, **facts: Any) -> None:
    """Print a list; ``facts`` stand beside the rows in JSON.

    What the limit leaves out is said below a table, else on standard error.
    """
    if options.form == "json":
        objects = [dict(zip(listing.columns, row, strict=True)) for row in listing.rows]
        show_json({**facts, listing.name: objects, "notes": list(listing.notes)})
    elif options.form in ("csv", "ndjson"):
        rows = map(tuple, listing.rows)
        keeps = options.keeps_formulas
        write_rows(options.form, listing.columns, rows, sys.stdout, keeps_formulas=keeps)
    else:
        with paged():
            _show_table(listing, options)
        return
    if len(listing.rows) < listing.count:
        warn(_total(listing, len(listing.rows)))


def _show_table(listing: Listing, options: ListOptions) -> None:
    shown = len(listing.lines)
    if shown and sys.stdout.isatty():
        show_table(listing.headings, listing.lines)
    elif shown:
        keeps = options.keeps_formulas
        rows = map(tuple, listing.lines)
        write_rows("table", listing.headings, rows, sys.stdout, keeps_formulas=keeps)
    for note in listing.notes:
        say(note)
    say(_total(listing, shown))


def _total(listing: Listing, shown: int) -> str:
    """Return how many rows there are, and how many of them are shown where that is less."""
    total = say_count(listing.count, listing.name.replace("_", " ").removesuffix("s"))
    return total if shown == listing.count else f"{total}, {shown:,} shown (--limit)"
