"""What one more capture costs, beside a small and a large warehouse.

``python -m tests.benchmarks.increment [--small 1000] [--large 10000] [--adds 5]``

Copying the file, rebuilding the marts and checking whole tables grow with the warehouse by design;
the rest should not.
"""

import json
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import click

from flows.cli.output import say, show_json, show_table
from tests.benchmarks.processes import ingest, measure
from tests.benchmarks.samples import LOOKS_PER_DAY, make_captures

GROWING = ("copy", "marts", "check")
"""The stages that may grow with the warehouse."""


@dataclass(frozen=True)
class Grown:
    """A warehouse of many captures, and captures of later days to add one by one."""

    home: Path
    later: list[Path]

    @classmethod
    def prepare(cls, folder: Path, captures: int, papers: int, adds: int) -> "Grown":
        """Load all but the last days of a sample, once for all runs that keep the folder."""
        home, later = folder / f"home-{captures}x{papers}", folder / f"later-{captures}x{papers}"
        if not later.exists():
            shutil.rmtree(home, ignore_errors=True)
            sample = make_captures(folder, captures + adds * LOOKS_PER_DAY, papers)
            days = sorted(path for path in sample.glob("*/*") if path.is_dir())
            for day in days[-adds:]:
                place = later / day.relative_to(sample)
                place.parent.mkdir(parents=True, exist_ok=True)
                day.rename(place)
            measure(ingest(home, sample))
            shutil.rmtree(sample)
        ends = [max(day.glob("*.json")) for day in sorted(later.glob("*/*"))]
        return cls(home, ends[:adds])


@click.command()
@click.option("--small", default=1000, show_default=True, help="Captures of the small warehouse.")
@click.option("--large", default=10000, show_default=True, help="Captures of the large one.")
@click.option("--papers", default=51, show_default=True, help="Entries of each capture.")
@click.option("--adds", default=5, show_default=True, help="Captures to add, one after another.")
@click.option("--folder", type=click.Path(path_type=Path), help="Keep warehouses for next time.")
@click.option("--json", "as_json", is_flag=True, help="One object.")
def main(
    small: int, large: int, papers: int, adds: int, folder: Path | None, as_json: bool
) -> None:
    """Add single captures to two warehouses by turns, and show each stage side by side."""
    with tempfile.TemporaryDirectory() as temporary:
        place = folder or Path(temporary)
        place.mkdir(parents=True, exist_ok=True)
        grown = [Grown.prepare(place, captures, papers, adds) for captures in (small, large)]
        homes = [Path(temporary) / warehouse.home.name for warehouse in grown]
        for warehouse, home in zip(grown, homes, strict=True):
            if warehouse.home != home:
                shutil.copytree(warehouse.home, home)
        added: list[list[dict[str, float]]] = [[], []]
        for number in range(adds):
            for stages, warehouse, home in zip(added, grown, homes, strict=True):
                stages.append(add_capture(home, warehouse.later[number]))
    result = {
        "entries": {"small": small * papers, "large": large * papers},
        "stages": compare_stages(*added),
    }
    show_json(result) if as_json else show_result(result)


def add_capture(home: Path, capture: Path) -> dict[str, float]:
    """Load one capture; return the seconds of each stage and of the process around them."""
    run = measure(ingest(home, capture))
    told = json.loads(run.output)
    if told["captures"]["loaded"] != 1:
        raise RuntimeError(f"{capture.name} was not loaded: {told['captures']}")
    seconds: dict[str, float] = told["seconds"]
    return {**seconds, "start and end": run.wall_seconds - seconds["total"]}


def compare_stages(
    small: list[dict[str, float]], large: list[dict[str, float]]
) -> list[dict[str, Any]]:
    """Return a row per stage with its medians, then the sums of those that may grow or not."""
    for run in (*small, *large):
        run["may grow"] = sum(run.get(name, 0.0) for name in GROWING)
        run["the rest"] = run.pop("total") - run["may grow"]
    names = sorted(small[0], key=lambda name: (name in ("may grow", "the rest"), name in GROWING))
    return [
        {
            "stage": name,
            "may_grow": name in GROWING or name == "may grow",
            "small": round(median(run[name] for run in small), 4),
            "large": round(median(run[name] for run in large), 4),
        }
        for name in names
    ]


def show_result(result: dict[str, Any]) -> None:
    """Print a table, or tab-separated lines in a pipe."""
    small, large = result["entries"]["small"], result["entries"]["large"]
    say("one more capture, median seconds")
    show_table(
        ["stage", f"beside {small:,} entries", f"beside {large:,}", "ratio", "may grow"],
        [
            (
                row["stage"],
                f"{row['small']:.3f}",
                f"{row['large']:.3f}",
                f"{row['large'] / row['small']:.2f}" if row["small"] else "",
                "yes" if row["may_grow"] else "",
            )
            for row in result["stages"]
        ],
    )


if __name__ == "__main__":
    main()
