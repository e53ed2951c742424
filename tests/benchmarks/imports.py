"""How long the command line takes to start, beside a bare Python that imports DuckDB.

``python -m tests.benchmarks.imports [--runs 11]``
"""

import sys
import tempfile
from pathlib import Path
from statistics import median

import click

from flows.cli.output import show_json, show_table
from tests.benchmarks.processes import ingest, measure, python
from tests.benchmarks.samples import make_captures

BARE = "import duckdb; duckdb.connect().execute('select 1').fetchall()"
TARGETS = {"--help": 3.0, "sql 'select 1'": 4.0}


@click.command()
@click.option("--runs", default=11, show_default=True, help="Of each command, by turns.")
@click.option("--json", "as_json", is_flag=True, help="One object.")
def main(runs: int, as_json: bool) -> None:
    """Time ``--help`` and ``sql "select 1"`` as whole processes."""
    with tempfile.TemporaryDirectory() as temporary:
        home = Path(temporary) / "home"
        measure(ingest(home, make_captures(Path(temporary), 2, 3)))
        commands = {
            "bare": [sys.executable, "-c", BARE],
            "--help": python("flows.cli.main", "--help"),
            "sql 'select 1'": python("flows.cli.main", "--home", home, "sql", "select 1"),
        }
        walls: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(runs):
            for name, command in commands.items():
                walls[name].append(measure(command).wall_seconds)
    bare = median(walls["bare"])
    result = {
        name: {
            "median_seconds": round(median(taken), 3),
            "ratio": round(median(taken) / bare, 2),
            "at_most": TARGETS.get(name),
        }
        for name, taken in walls.items()
    }
    if as_json:
        show_json(result)
    else:
        rows = [(name, *numbers.values()) for name, numbers in result.items()]
        show_table(["command", "median seconds", "times bare", "at most"], rows)


if __name__ == "__main__":
    main()
