"""What the marts of trends cost as the history grows: papers of 150 topics in five years of weeks.

``python -m tests.benchmarks.bench_trends [--papers 25000 250000 2500000]``. The first figure
searches everything, the second has nothing new to search, as on most days. CPU seconds, of all
threads; the tables are made first, and not counted.
"""

import argparse
import resource
import tempfile
import time
from functools import partial
from pathlib import Path

import duckdb

from flows.clock import now
from flows.pipeline.derive import rebuild_marts, rebuild_trends
from flows.pipeline.trends import search_all
from flows.workspace import Workspace
from warehouse.connection import open_work
from warehouse.load import begin_load
from warehouse.migrate import migrate

FILL = Path(__file__).with_name("bench_trends.sql")


def fill(work: duckdb.DuckDBPyConnection, papers: int) -> None:
    """Put so many papers into an empty work file: 260 weeks, two of 150 topics a paper."""
    work.execute("set variable papers = ?::bigint", [papers])
    work.execute(FILL.read_text(encoding="utf-8"))


def measure(papers: int) -> tuple[float, float, float]:
    """Return the CPU seconds of the first and of the second refresh, and the peak memory in MiB."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace.open(Path(folder) / "home")
        (Path(folder) / "home").mkdir(exist_ok=True)
        with open_work(Path(folder) / "work.duckdb", workspace.limits) as work:
            migrate(work)
            begin_load(work, "benchmark", now())
            fill(work, papers)
            seconds = []
            for _ in range(2):
                start = time.process_time()
                searches = rebuild_marts(work)
                rebuild_trends(work, searches, partial(search_all, searches))
                seconds.append(time.process_time() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return seconds[0], seconds[1], peak


def main() -> None:
    """Print a line per number of papers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--papers", type=int, nargs="+", default=[25_000, 250_000])
    print("papers\tfirst refresh CPU s\tnothing new CPU s\tpeak MiB so far")
    for papers in parser.parse_args().papers:
        first, second, peak = measure(papers)
        print(f"{papers}\t{first:.2f}\t{second:.2f}\t{peak:.0f}")


if __name__ == "__main__":
    main()
