"""What the site costs: all pages of a history, then those of a day more, for several days in turn.

``python -m tests.benchmarks.site [--papers 20000] [--adds 7]``

Seven days hold one that ends a week: then the shares of every topic have a period more, and their
charts are drawn anew.
"""

import shutil
import tempfile
from datetime import date
from pathlib import Path
from statistics import median

import click

from flows.cli.output import say, show_table
from tests.benchmarks.increment import Grown
from tests.benchmarks.processes import Measured, ingest, measure, python
from tests.benchmarks.samples import LOOKS_PER_DAY

_PAPERS_A_DAY = 27


@click.command()
@click.option("--papers", default=20_000, show_default=True, help="Papers of the history, about.")
@click.option("--adds", default=7, show_default=True, help="Days to add, one after another.")
@click.option("--folder", type=click.Path(path_type=Path), help="Keep the captures for next time.")
def main(papers: int, adds: int, folder: Path | None) -> None:
    """Publish the site of a history, then after each day more."""
    with tempfile.TemporaryDirectory() as temporary:
        place = folder or Path(temporary)
        place.mkdir(parents=True, exist_ok=True)
        captures = papers // _PAPERS_A_DAY * LOOKS_PER_DAY
        grown = Grown.prepare(place, captures, _PAPERS_A_DAY, adds)
        home = shutil.copytree(grown.home, Path(temporary) / "grown")
        publish = python("flows.cli.main", "--home", home, "publish")
        runs = [("all", measure([*publish, "--anew"]))]
        for capture in grown.later:
            measure(ingest(home, capture))
            runs.append((_name_day(capture), measure(publish)))
    show_table(
        ["publish", "wall s", "processor s", "peak MB", "files"],
        [_row(name, run) for name, run in runs],
    )
    days = [run.wall_seconds for _, run in runs[1:]]
    whole = runs[0][1].wall_seconds
    say(f"a day more: median {median(days):.1f} s, {median(days) / whole:.3f} of all")


def _name_day(capture: Path) -> str:
    return f"{date.fromisoformat(capture.parent.name):%a %d %b}"


def _row(name: str, run: Measured) -> tuple[str, ...]:
    return (
        name,
        f"{run.wall_seconds:.1f}",
        f"{run.cpu_seconds:.1f}",
        f"{run.peak_mb:.0f}",
        run.output.partition(" ")[0],
    )


if __name__ == "__main__":
    main()
