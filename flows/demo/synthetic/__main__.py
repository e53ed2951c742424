"""The generator on the command line: ``python -m flows.demo.synthetic FOLDER``."""

import sys
from datetime import datetime
from pathlib import Path

import click

from flows.demo.synthetic import SampleSize, write_sample

_DEFAULT = SampleSize()


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--days", default=_DEFAULT.days, show_default=True, help="Calendar days.")
@click.option(
    "--papers-per-day", default=_DEFAULT.papers_per_day, show_default=True, help="Length of a list."
)
@click.option(
    "--looks-per-day", default=_DEFAULT.looks_per_day, show_default=True, help="Captures of a list."
)
@click.option(
    "--start",
    type=click.DateTime(["%Y-%m-%d"]),
    default=_DEFAULT.start.isoformat(),
    show_default=True,
    help="The first day.",
)
@click.option(
    "--seed", default=_DEFAULT.seed, show_default=True, help="Another seed, other papers."
)
@click.option(
    "--clean",
    is_flag=True,
    help="No dirt and no weekends: exactly days x looks captures of papers-per-day entries.",
)
def main(
    folder: Path,
    days: int,
    papers_per_day: int,
    looks_per_day: int,
    start: datetime,
    seed: int,
    clean: bool,
) -> None:
    """Write captures of synthetic papers to FOLDER, in the shapes of the daily_papers API.

    The papers do not exist; their texts are composed from templates. The same options write the
    same bytes. Two topics rise in the middle of the sample. Without --clean the sample also has
    weekends, a missing day, late looks, changed titles, older shapes, a search page, wrong values
    and unreadable files.

    Example: python -m flows.demo.synthetic sample --days 60
    """
    try:
        size = SampleSize(days, papers_per_day, looks_per_day, start.date(), seed, dirt=not clean)
        with click.progressbar(length=days, file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
            planted = write_sample(folder, size, lambda _done, _days: bar.update(1))
    except (ValueError, FileExistsError) as error:
        raise click.UsageError(str(error)) from error
    click.echo(
        f"{folder}: {planted.captures} captures with {planted.entries} entries"
        f" of {planted.papers} synthetic papers, {len(planted.refused)} unreadable files"
    )


if __name__ == "__main__":
    main()
