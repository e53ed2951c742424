"""What orchestration adds to a backfill: the same looks directly and as a Prefect flow.

``python -m tests.benchmarks.orchestration [--looks 600] [--papers 27] [--runs 3]``

A server of ours, in a process of its own, answers each day's list at once, without the pauses that
a real one asks for: so orchestration has the least work to hide behind. A Prefect server with its
own port and a temporary PREFECT_HOME is up before anything is timed. Both ways are whole processes
of the command line, by turns, each into an empty home; the first turn is not counted.
"""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import parse_qs, urlsplit

import click

from flows.cli.output import say, show_json, show_table
from tests.benchmarks.processes import CHECKOUT, Measured, measure, python

FIRST = date(2023, 1, 2)
AT_MOST = 0.2
"""The share of the work that orchestration may cost."""
_STARTUP_SECONDS = 120


@click.command()
@click.option("--looks", default=600, show_default=True, help="Days of the backfill.")
@click.option("--papers", default=27, show_default=True, help="Entries of each; so real ones have.")
@click.option("--runs", default=3, show_default=True, help="Of each way, by turns.")
@click.option("--json", "as_json", is_flag=True, help="One object.")
@click.option("--serve", type=click.Path(path_type=Path), hidden=True)
def main(looks: int, papers: int, runs: int, as_json: bool, serve: Path | None) -> None:
    """Time a backfill directly and under Prefect."""
    if serve:
        answer_from(serve)
        return
    runs_of: dict[str, list[Measured]] = {"direct": [], "orchestrated": []}
    with tempfile.TemporaryDirectory() as temporary, ExitStack() as servers:
        folder = Path(temporary)
        lists = servers.enter_context(serve_lists(folder, looks, papers))
        api = servers.enter_context(serve_prefect(folder / "prefect"))
        for number in range(runs + 1):
            for way, address in (("direct", None), ("orchestrated", api)):
                taken = time_backfill(folder / f"{way}-{number}", looks, lists, address)
                if number:  # the first of each warms files and caches
                    runs_of[way].append(taken)
    result = compare(runs_of, looks)
    show_json(result) if as_json else show_result(result)


@contextmanager
def serve_lists(folder: Path, looks: int, papers: int) -> Iterator[str]:
    """Write a list for every day and run a server of them; yield its address."""
    lists, days = folder / "lists", (last_day(looks) - FIRST).days + 1
    size = ("--days", days, "--papers-per-day", papers, "--looks-per-day", 1, "--start", FIRST)
    command = python("flows.demo.synthetic", lists, *map(str, size), "--clean")
    subprocess.run(command, cwd=CHECKOUT, check=True, capture_output=True)
    command = python("tests.benchmarks.orchestration", "--serve", lists / "synthetic")
    process = subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
    finally:
        process.kill()
        process.wait()


def answer_from(lists: Path) -> None:
    """Serve the lists of a folder until killed; print the address first."""
    bodies = {day.name: next(day.iterdir()).read_bytes() for day in lists.iterdir()}

    class Lists(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 1 << 20  # head and body leave together: no wait for an acknowledgement

        def do_GET(self) -> None:
            body = bodies[parse_qs(urlsplit(self.path).query)["date"][0]]
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Lists)
    say(f"http://127.0.0.1:{server.server_address[1]}")
    sys.stdout.flush()
    server.serve_forever()


@contextmanager
def serve_prefect(home: Path) -> Iterator[str]:
    """Run a Prefect server of its own; yield the address of its API."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    api = f"http://127.0.0.1:{port}/api"
    environment = {
        **os.environ,
        "PREFECT_HOME": str(home),
        "PREFECT_API_URL": api,
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
    }
    command = python("prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port))
    with (home.parent / "server.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        await_health(f"{api}/health")
        yield api
    finally:
        process.terminate()
        process.wait()


def await_health(address: str) -> None:
    """Return when an address answers.

    Raises:
        RuntimeError: it does not, for two minutes.
    """
    until = time.monotonic() + _STARTUP_SECONDS
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    raise RuntimeError(f"{address} does not answer")


def time_backfill(home: Path, looks: int, lists: str, api: str | None) -> Measured:
    """Measure one backfill, as a whole process.

    Raises:
        RuntimeError: it did not load every day.
    """
    days = ("--from", str(FIRST), "--to", str(last_day(looks)), "--json")
    command = python("flows.cli.main", "--home", home, "backfill", "hf-daily", *days)
    variables = {"HF_ENDPOINT": lists, "PREFECT_HOME": str(home / "prefect")}
    if api:
        # measure() itself keeps the address from the process
        variables["PREFECT_API_URL"] = api
    run = measure(["env", *(f"{name}={value}" for name, value in variables.items()), *command])
    if json.loads(run.output)["captures"]["loaded"] != looks:
        raise RuntimeError(f"not every day was loaded: {run.output[:500]}")
    return run


def last_day(looks: int) -> date:
    """Return the day that ends so many weekdays, the first of them a Monday."""
    weeks, days = divmod(looks - 1, 5)
    return FIRST + timedelta(days=weeks * 7 + days)


def compare(runs_of: dict[str, list[Measured]], looks: int) -> dict[str, Any]:
    """Return medians, and what orchestration adds as a share of the direct run."""
    result: dict[str, Any] = {"looks": looks, "at_most": AT_MOST}
    for measure_name in ("wall_seconds", "cpu_seconds"):
        taken = {way: [getattr(run, measure_name) for run in runs] for way, runs in runs_of.items()}
        direct, orchestrated = median(taken["direct"]), median(taken["orchestrated"])
        result[measure_name] = {
            "direct": round(direct, 2),
            "orchestrated": round(orchestrated, 2),
            "ratio": round(orchestrated / direct, 3),
            "share": round(orchestrated / direct - 1, 3),
            "runs": {way: [round(seconds, 2) for seconds in all_] for way, all_ in taken.items()},
        }
    return result


def show_result(result: dict[str, Any]) -> None:
    """Print a table, or tab-separated lines in a pipe."""
    say(f"a backfill of {result['looks']} looks, whole processes, medians (and all runs)")
    names = {"wall_seconds": "wall", "cpu_seconds": "processor, without the server's"}
    show_table(
        ["seconds", "direct", "orchestrated", "ratio", "orchestration adds", "asked"],
        [
            (
                shown,
                *(
                    f"{result[name][way]:.1f} ({' '.join(map(str, result[name]['runs'][way]))})"
                    for way in ("direct", "orchestrated")
                ),
                f"{result[name]['ratio']:.2f}",
                f"{result[name]['share']:.0%}",
                f"{result['at_most']:.0%}",
            )
            for name, shown in names.items()
        ],
    )


if __name__ == "__main__":
    main()
