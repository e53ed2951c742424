"""Whole processes, measured: wall time, processor time and memory."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]
LAYOUT = "{origin}/{feed_date}/{captured_at}.json"


@dataclass(frozen=True)
class Measured:
    """One process, from its start to its end."""

    wall_seconds: float
    cpu_seconds: float
    peak_mb: float
    """The largest resident set of the process, 10**6 bytes."""
    output: str


def python(module: str, *arguments: str | Path) -> list[str]:
    """Return the command that runs a module with this interpreter."""
    return [sys.executable, "-m", module, *map(str, arguments)]


def ingest(home: Path, captures: Path) -> list[str]:
    """Return the command by which the product loads captures."""
    layout = ("--layout", LAYOUT, "--json")
    return python("flows.cli.main", "--home", home, "ingest", captures, *layout)


def measure(command: Sequence[str]) -> Measured:
    """Run a command in the checkout, without a Prefect server and without the site of the home.

    Raises:
        RuntimeError: it failed; the message holds what it wrote.
    """
    environment = {name: value for name, value in os.environ.items() if name != "PREFECT_API_URL"}
    environment["PAPERSTRATA_PUBLISH_SITE"] = "false"
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=CHECKOUT, env=environment, stdout=output, stderr=errors
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall_seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        for file in (output, errors):
            file.seek(0)
        if process.returncode:
            shown = " ".join(map(str, command))
            raise RuntimeError(f"{shown}: exit code {process.returncode}: {errors.read().decode()}")
        return Measured(
            wall_seconds,
            usage.ru_utime + usage.ru_stime,
            usage.ru_maxrss * 1024 / 1e6,
            output.read().decode(),
        )
