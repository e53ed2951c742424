"""The verb ``export``: its options, and what it prints."""

from datetime import date
from pathlib import Path
from typing import Literal

import click

from flows.cli.options import DateType, GivenPath, json_option, refuse_within
from warehouse.counted import say_count


@click.command(epilog="Example: paperstrata export --output papers --format csv --since 2025-06-01")
@click.option(
    "--output",
    type=GivenPath(path_type=Path, file_okay=False),
    required=True,
    help="The folder to write, new or from an earlier export.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["parquet", "csv"]),
    default="parquet",
    help="parquet (the default) or csv.",
)
@click.option(
    "--from", "--since", "first", type=DateType(), help="Papers and periods from then on."
)
@click.option("--to", "last", type=DateType(), help="Papers and periods until then.")
@click.option("--force", is_flag=True, help="Replace a folder with files of others.")
@click.option(
    "--keep-formulas", is_flag=True, help="Write texts like =A1 as they are, without an apostrophe."
)
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    output: Path,
    form: Literal["parquet", "csv"],
    first: date | None,
    last: date | None,
    force: bool,
    keep_formulas: bool,
    as_json: bool,
) -> None:
    """Write every mart, and the tables of core that people join to them, with a manifest.

    The folder appears when it is whole: manifest.json has rows and sha256 of every file, and of
    which publication they are; datapackage.json describes every column (Frictionless).
    """
    from config.settings import load_settings
    from flows.cli.output import say, show_json
    from flows.out.export import refuse_folder, write_export
    from warehouse.connection import open_published

    if first and last and first > last:
        raise click.UsageError(f"--from {first} lies after --to {last}")
    settings = load_settings(ctx.obj["home"])
    refuse_within(output, settings.home)
    folder = output.resolve()
    refuse_folder(folder, is_forced=force)
    with open_published(settings.home.published, settings.duckdb_memory, is_current=True) as asked:
        export = write_export(
            asked, folder, form, first, last, keeps_formulas=keep_formulas, is_forced=force
        )
    if as_json:
        show_json(export.as_manifest())
        return
    rows = sum(table.rows for table in export.tables)
    size = sum(table.bytes for table in export.tables) / 1e6
    tables = say_count(len(export.tables), "table")
    say(f"{tables}, {say_count(rows, 'row')}, {size:.1f} MB in {output}")
