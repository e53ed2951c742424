"""How fast captures become a warehouse, beside two peers that fill the same tables.

``python -m tests.benchmarks.ingest [--captures 1000] [--papers 51] [--runs 3]``
"""

import json
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import click
import duckdb

from flows.cli.output import say, show_json, show_table
from tests.benchmarks.processes import Measured, ingest, measure, python
from tests.benchmarks.samples import make_captures, make_terms

TABLES = (
    "raw.capture",
    "raw.entry",
    "raw.content",
    "core.identifier",
    "core.paper",
    "core.paper_version",
    "core.feed_day",
    "core.paper_topic",
    "mart.feed_coverage",
    "mart.topic_period",
)
GROWTH = 10
"""The product also loads a sample of a tenth of the size."""


@dataclass(frozen=True)
class Contest:
    """Where one benchmark reads and writes, and who takes part."""

    folder: Path
    captures: Path
    terms: Path
    contenders: tuple[str, ...]

    def warehouse(self, contender: str) -> Path:
        """Return the file that a contender fills."""
        return self.folder / contender / "warehouse.duckdb"

    def run(self, contender: str) -> Measured:
        """Let a contender load all captures into a new warehouse."""
        home = self.warehouse(contender).parent
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir()
        if contender == "product":
            return measure(ingest(home, self.captures))
        inputs = (self.captures, self.warehouse(contender), self.terms)
        if contender == "floor":
            return measure(python("tests.benchmarks.floor", *inputs))
        return measure(python("tests.benchmarks.pandas_peer", *inputs, contender))


@click.command()
@click.option("--captures", default=1000, show_default=True, help="Files; 10000 takes minutes.")
@click.option("--papers", default=51, show_default=True, help="Entries of each file.")
@click.option("--runs", default=3, show_default=True, help="Of each contender, by turns.")
@click.option("--without-pandas", is_flag=True, help="Leave out the pandas peers.")
@click.option("--folder", type=click.Path(path_type=Path), help="Keep samples here for next time.")
@click.option("--json", "as_json", is_flag=True, help="One object.")
def main(
    captures: int, papers: int, runs: int, without_pandas: bool, folder: Path | None, as_json: bool
) -> None:
    """Time the product and its peers, as whole processes, by turns."""
    with tempfile.TemporaryDirectory() as temporary:
        samples = folder or Path(temporary)
        samples.mkdir(parents=True, exist_ok=True)
        pandas = () if without_pandas else ("pandas", "pandas-normalize")
        contest = Contest(
            Path(temporary),
            make_captures(samples, captures, papers),
            make_terms(Path(temporary)),
            ("product", "floor", *pandas),
        )
        small = make_captures(samples, captures // GROWTH, papers)
        smaller = Contest(contest.folder, small, contest.terms, ("product",))
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
        "tables": {name: _count_rows(contest.warehouse(name)) for name in contest.contenders},
    }


def _numbers(run: Measured) -> dict[str, Any]:
    return {
        "wall_seconds": round(run.wall_seconds, 3),
        "cpu_seconds": round(run.cpu_seconds, 3),
        "peak_mb": round(run.peak_mb, 1),
        "seconds": _seconds(run),
    }


def _seconds(run: Measured) -> dict[str, float]:
    told = json.loads(run.output)
    seconds: dict[str, float] = told.get("seconds", told)
    return seconds


def _ratios(walls: dict[str, list[float]]) -> dict[str, list[float]]:
    """Return the ratios of runs that followed each other: others had the machine to share alike."""
    pandas = [(name, "product") for name in walls if name.startswith("pandas")]
    return {
        f"{name}/{other}": [
            round(wall / beside, 2) for wall, beside in zip(walls[name], walls[other], strict=True)
        ]
        for name, other in [("product", "floor"), *pandas]
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


def _count_rows(warehouse: Path) -> dict[str, int]:
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        counted = [
            connection.execute(f"select count(*) from {table}").fetchall() for table in TABLES
        ]
    return {table: rows[0][0] for table, rows in zip(TABLES, counted, strict=True)}


def show_result(result: dict[str, Any]) -> None:
    """Print tables, or tab-separated lines in a pipe."""
    entries, runs = result["entries"], result["runs"]
    say(f"{result['captures']:,} captures, {entries:,} entries; seconds of whole processes")
    show_table(
        ["contender", "min", "median", "max", "CPU", "peak MB", "entries/s"],
        [_summary(name, taken, entries) for name, taken in runs.items()],
    )
    say("\nratios of wall seconds, run by run")
    show_table(
        ["ratio", "median", "runs"],
        [
            (name, f"{median(found):.2f}", " ".join(map(str, found)))
            for name, found in result["ratios"].items()
        ],
    )
    say(f"\nstages of the product, median seconds; times what a {GROWTH}th of the entries takes")
    show_table(
        ["stage", f"{entries // GROWTH:,}", f"{entries:,}", "growth"],
        [
            (row["stage"], f"{row['before']:.3f}", f"{row['now']:.3f}", _times(row))
            for row in result["stages"]
        ],
    )
    say("\nrows that each contender made")
    show_table(
        ["table", *result["tables"]],
        [(table, *(rows[table] for rows in result["tables"].values())) for table in TABLES],
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
