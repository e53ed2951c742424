"""The verb ``sql``: its options, and what it prints."""

import sys
from io import StringIO
from pathlib import Path

import click

from flows.cli.asked_query import find_query, list_saved
from flows.cli.bounded_query import LAYERS, limited, refuse_others
from flows.cli.formats import FORMATS
from flows.cli.interruptible import run_interruptibly
from flows.cli.options import GivenPath, SecondsType, output_option, refuse_output
from flows.cli.pager import paged
from flows.cli.query_output import Asked, writing
from warehouse.files import temporary_beside

_SECONDS = 600.0


@click.command(epilog='Example: paperstrata sql "select title, votes from mart.paper limit 5"')
@click.argument("query", required=False)
@click.option(
    "--file",
    "file",
    type=GivenPath(path_type=Path, exists=True, dir_okay=False, allow_dash=True),
    help="Read the query from a file; - is standard input.",
)
@click.option("--saved", metavar="NAME", help="A query of this package; list shows them.")
@click.option("--param", "params", multiple=True, metavar="NAME=VALUE", help="A value for $NAME.")
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    help="table, csv, json (an array of objects), ndjson or parquet; without it as the name of"
    " --output ends, else a table.",
)
@output_option
@click.option("as_json", "--json", is_flag=True, help="The same as --format json.")
@click.option(
    "--all",
    "shows_all",
    is_flag=True,
    help="All rows and columns on a terminal (more than 9,999 as lines with tabs).",
)
@click.option(
    "--timeout",
    type=SecondsType(),
    default=_SECONDS,
    help="Give up after so many seconds (600).",
)
@click.option(
    "--keep-formulas", is_flag=True, help="Write texts like =A1 as they are, without an apostrophe."
)
@click.pass_context
def command(
    ctx: click.Context,
    query: str | None,
    file: Path | None,
    saved: str | None,
    params: tuple[str, ...],
    form: str | None,
    output: Path | None,
    force: bool,
    as_json: bool,
    shows_all: bool,
    timeout: float,
    keep_formulas: bool,
) -> None:
    """Answer one query; it can neither change anything nor reach other files.

    QUERY - is standard input. Tables of mart, core, raw and ops need no schema before their name:
    `show tables` lists them, `describe paper` the columns of one. It may use duckdb_memory of
    settings.toml; Ctrl-C stops it.
    """
    from config.settings import load_settings
    from warehouse.connection import open_published

    if saved == "list":
        list_saved(as_json=as_json or form == "json")
        return
    form = "json" if as_json else form or _form_of(output)
    if form == "parquet" and output is None:
        raise click.UsageError("--format parquet needs --output FILE")
    sql, values = find_query(query, file, saved, params)
    settings = load_settings(ctx.obj["home"])
    if output:
        refuse_output(output, settings.home, is_forced=force)
    memory = settings.duckdb_memory
    with open_published(settings.home.published, memory, search_path=LAYERS) as connection:
        kind = refuse_others(sql)
        asked = Asked(connection, sql, values or None, kind, form, keep_formulas)
        drawn = StringIO()
        write = writing(asked, output, drawn, shows_all=shows_all)
        with limited(connection, timeout, memory):
            unfinished = temporary_beside(output) if output else None
            run_interruptibly(connection, write, timeout, unfinished)
    # here, not beside the query: a pager has a terminal and Ctrl-C of its own, and takes its time
    with paged(is_wide=shows_all):
        sys.stdout.write(drawn.getvalue())


def _form_of(output: Path | None) -> str:
    """Return the format that the name of a file says, else that of a table."""
    ending = output.suffix.removeprefix(".").lower() if output else ""
    return ending if ending in FORMATS else "table"
