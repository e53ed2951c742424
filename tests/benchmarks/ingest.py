"""How fast captures become a warehouse, beside peers that fill the same tables, or three of them.

``python -m tests.benchmarks.ingest [--captures 1000] [--papers 51] [--runs 3] [--beside NAME]...``
"""

import json
import tempfile
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

import click
from platformdirs import user_cache_dir

from flows.cli.output import say, show_json, show_table
from tests.benchmarks.contest import ALL_TABLES, TABLES, THREE_TABLES, Contest
from tests.benchmarks.peers.environment import make_environment
from tests.benchmarks.processes import Measured
from tests.benchmarks.samples import make_captures, make_terms

PEERS = ("bare", "floor", "dbt-duckdb", "dlt", "sqlite-utils")
GROWTH = 10
"""The product also loads a sample of a tenth of the size."""


@click.command()
@click.option("--captures", default=1000, show_default=True, help="Files; 10000 takes minutes.")
@click.option("--papers", default=51, show_default=True, help="Entries of each file.")
@click.option("--runs", default=3, show_default=True, help="Of each contender, by turns.")
@click.option(
    "--beside",
    multiple=True,
    default=PEERS,
    show_default=True,
    type=click.Choice([*THREE_TABLES, *ALL_TABLES]),
    help="A peer; may be given more than once.",
)
@click.option(
    "--peers-folder",
    type=click.Path(path_type=Path),
    default=Path(user_cache_dir("paperstrata"), "benchmark-peers"),
    show_default="in the cache of the user",
    help="The virtual environment of the peers; made where there is none.",
)
@click.option("--folder", type=click.Path(path_type=Path), help="Keep samples here for next time.")
@click.option("--json", "as_json", is_flag=True, help="One object.")
def main(
    captures: int,
    papers: int,
    runs: int,
    beside: tuple[str, ...],
    peers_folder: Path,
    folder: Path | None,
    as_json: bool,
) -> None:
    """Time the product and its peers, as whole processes, by turns."""
    with tempfile.TemporaryDirectory() as temporary:
        samples = folder or Path(temporary)
        samples.mkdir(parents=True, exist_ok=True)
        others = any(name in THREE_TABLES for name in beside)
        interpreter = make_environment(peers_folder) if others else Path()
        contest = Contest(
            Path(temporary),
            make_captures(samples, captures, papers),
            make_terms(Path(temporary)),
            interpreter,
            ("product", *beside),
        )
        small = make_captures(samples, captures // GROWTH, papers)
        smaller = replace(contest, captures=small, contenders=("product",))
        result = {
            "captures": captures,
            "entries": captures * papers,
            **time_contest(contest, smaller, runs),
        }
    show_json(result) if as_json else show_result(result)


def time_contest(contest: Contest, smaller: Contest, runs: int) -> dict[str, Any]:
    """Return every run of every contender, the ratios run by run, and the tables' rows."""
    before = smaller.run("product")
    measured: dict[str, list[Measured]] = {name: [] for name in contest.contenders}
    for _ in range(runs):
        for name in contest.contenders:
            measured[name].append(contest.run(name))
    return {
        "runs": {name: [_numbers(run) for run in taken] for name, taken in measured.items()},
        "ratios": _ratios({n: [r.wall_seconds for r in taken] for n, taken in measured.items()}),
        "stages": _stages(before, measured["product"]),
        "tables": {name: contest.count_rows(name) for name in contest.contenders},
    }


def _numbers(run: Measured) -> dict[str, Any]:
    return {
        "wall_seconds": round(run.wall_seconds, 3),
        "cpu_seconds": round(run.cpu_seconds, 3),
        "peak_mb": round(run.peak_mb, 1),
        "seconds": _seconds(run),
    }


def _seconds(run: Measured) -> dict[str, float]:
    """Return the seconds of each stage or statement, of those who tell them."""
    if not run.output.startswith("{"):
        return {}
    told = json.loads(run.output)
    seconds: dict[str, float] = told.get("seconds", told)
    return seconds


def _ratios(walls: dict[str, list[float]]) -> dict[str, list[float]]:
    """Return the ratios of runs that followed each other: others had the machine to share alike."""
    return {
        f"product/{name}": [
            round(wall / beside, 2) for wall, beside in zip(walls["product"], taken, strict=True)
        ]
        for name, taken in walls.items()
        if name != "product"
    }


def _stages(before: Measured, runs: list[Measured]) -> list[dict[str, Any]]:
    """Return the median seconds of each stage of the product, here and at a tenth of the size."""
    small = _with_process(before)
    large = [_with_process(run) for run in runs]
    return [
        {"stage": name, "before": small.get(name, 0.0), "now": median(run[name] for run in large)}
        for name in large[0]
    ]


def _with_process(run: Measured) -> dict[str, float]:
    """Return the stages, what lies between them, and what the process took around them."""
    stages = dict(_seconds(run))
    total = stages.pop("total")
    return {
        **stages,
        "between the stages": total - sum(stages.values()),
        "start and end": run.wall_seconds - total,
        "whole process": run.wall_seconds,
        "peak MB": run.peak_mb,
    }


def show_result(result: dict[str, Any]) -> None:
    """Print tables, or tab-separated lines in a pipe."""
    entries, runs = result["entries"], result["runs"]
    say(f"{result['captures']:,} captures, {entries:,} entries; seconds of whole processes")
    show_table(
        ["contender", "min", "median", "max", "CPU", "peak MB", "entries/s"],
        [_summary(name, taken, entries) for name, taken in runs.items()],
    )
    say()
    say("ratios of wall seconds, run by run")
    show_table(
        ["ratio", "median", "runs"],
        [
            (name, f"{median(found):.2f}", " ".join(map(str, found)))
            for name, found in result["ratios"].items()
        ],
    )
    say()
    say(f"stages of the product, median seconds; times what a {GROWTH}th of the entries takes")
    show_table(
        ["stage", f"{entries // GROWTH:,}", f"{entries:,}", "growth"],
        [
            (row["stage"], f"{row['before']:.3f}", f"{row['now']:.3f}", _times(row))
            for row in result["stages"]
        ],
    )
    say()
    say("rows that each contender made")
    show_table(
        ["table", *result["tables"]],
        [(table, *(rows.get(table) for rows in result["tables"].values())) for table in TABLES],
    )


def _summary(name: str, runs: list[dict[str, Any]], entries: int) -> tuple[str, ...]:
    walls = [run["wall_seconds"] for run in runs]
    return (
        name,
        *(f"{pick(walls):.2f}" for pick in (min, median, max)),
        f"{median(run['cpu_seconds'] for run in runs):.2f}",
        f"{max(run['peak_mb'] for run in runs):,.0f}",
        f"{entries / median(walls):,.0f}",
    )


def _times(row: dict[str, float]) -> str:
    return f"{row['now'] / row['before']:.1f}" if row["before"] > 0.005 else ""


if __name__ == "__main__":
    main()
