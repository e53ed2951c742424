"""What a daily run with nothing new costs on a home with many landed packs and old inbox files.

``python -m tests.benchmarks.idle [--files 50000] [--packs 5000] [--runs 3]``

The first run compacts the packs; what counts is the runs after it. No look is taken.
"""

import json
import os
import subprocess
import tempfile
from pathlib import Path

import click
import polars as pl

from flows.cli.output import say
from flows.workspace import Workspace
from tests.benchmarks.processes import CHECKOUT, measure, python
from warehouse.pack_proof import PackProblem

_LOOKS_PER_DAY = 50
_NO_LOOKS = '[[feed]]\nfeed_id = "hf-daily"\ndaily = false\n'


@click.command()
@click.option("--files", default=50_000, show_default=True, help="Files of the inbox.")
@click.option("--packs", default=5_000, show_default=True, help="Packs of the landing.")
@click.option("--runs", default=3, show_default=True, help="Daily runs after the first.")
def main(files: int, packs: int, runs: int) -> None:
    """Fill an inbox, land it, split the packs, then run `daily` again and again."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        home, config = folder / "home", folder / "config"
        config.mkdir()
        (config / "feeds.toml").write_text(_NO_LOOKS)
        os.environ["PAPERSTRATA_CONFIG"] = str(config)
        fill_inbox(home / "inbox" / "hf-daily", files)
        daily = python("flows.cli.main", "--home", home, "daily", "--json")
        told = json.loads(measure(daily).output)
        say(f"{told['captures']['loaded']:,} captures loaded")
        split_packs(home, packs)
        for number in range(runs + 1):
            run = measure(daily)
            told = json.loads(run.output)
            what = "packs made one" if number == 0 else "nothing new"
            say(
                f"{what}: {run.wall_seconds:.2f} s, processor {run.cpu_seconds:.2f} s,"
                f" {run.peak_mb:.0f} MB, {told['captures']['unchanged']:,} files as they were"
            )


def fill_inbox(inbox: Path, files: int) -> None:
    """Write captures of two papers each, many looks at every day."""
    inbox.parent.mkdir(parents=True)
    days = str(max(1, files // _LOOKS_PER_DAY))
    looks = ["--looks-per-day", str(_LOOKS_PER_DAY), "--papers-per-day", "2", "--clean"]
    command = python("flows.demo.synthetic", inbox, "--days", days, *looks)
    subprocess.run(command, cwd=CHECKOUT, check=True, capture_output=True)


def split_packs(home: Path, packs: int) -> None:
    """Let the captures lie in so many packs, as if each had come with a run of its own."""
    landing = Workspace.open(home).landing
    old = landing.find_packs("looks")
    captures = pl.read_parquet(old, glob=False)
    for part in captures.iter_slices(max(1, captures.height // packs)):
        landing.write("looks", part)
    for pack in old:
        pack.unlink()
    landing.give_up([PackProblem("looks", pack.stem, "missing") for pack in old])
    landing.remember_proof()


if __name__ == "__main__":
    main()
