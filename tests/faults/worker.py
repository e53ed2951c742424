"""Runs command lines in forked children, each with at most one fault at a system call.

Started with the shim preloaded. Everything that a run imports is imported once, before the first
fork, and what is slow at its first use is used: a child then costs the work of its command alone.
Polars is not used before a fork, for it would leave its threads behind; DuckDB once, in this thread
alone, for the empty warehouse of which new files are copies. Points
come as JSON lines on standard input, what became of them goes as JSON lines to standard output.
"""

import ctypes
import importlib
import json
import os
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

MODULES = (
    "flows.admin.erasure",
    "flows.admin.rebuild",
    "flows.cli.commands.captures",
    "flows.cli.commands.daily",
    "flows.cli.commands.ingest",
    "flows.cli.commands.rebuild",
    "flows.cli.known",
    "flows.cli.main",
    "flows.cli.progress",
    "flows.cli.start",
    "flows.cli.summary",
    "flows.out.feeds",
    "flows.pipeline.burst_phrases",
    "flows.pipeline.fetch",
    "flows.pipeline.ingest",
    "flows.schedule.daily",
    "flows.site.build",
    "great_expectations",
    "pandera.backends.polars.builtin_checks",
    "transforms.contracts",
    "transforms.topics",
    "transforms.topics.suggest",
    "transforms.topics.terms",
    "warehouse.checks.quality.expectations",
    "warehouse.checks.quality.run",
    "warehouse.digest",
    "warehouse.report.page",
)
OPERATIONS = 4
ERASED = "Ada Example"
"""Whom the sweep over an erasure erases."""


def main() -> None:
    shim = ctypes.CDLL(os.environ["LD_PRELOAD"])
    for name in MODULES:
        importlib.import_module(name)
    use_once(ERASED)
    for line in sys.stdin:
        print(json.dumps(run_point(shim, json.loads(line))), flush=True)


def use_once(name: str) -> None:
    """Lay an empty warehouse; compile the patterns of a name, and templates of the Data Docs."""
    import great_expectations.expectations as gxe
    import pandas as pd

    from transforms.redact.names import Names
    from warehouse.checks.data_docs import Context
    from warehouse.empty import empty_warehouse

    empty_warehouse()
    Names([name]).erase(f"{name}, and forenames of others")
    with TemporaryDirectory() as folder:
        context = Context(Path(folder))
        frame = pd.DataFrame({"row": [1]})
        expected = [gxe.ExpectColumnValuesToBeBetween(column="row", min_value=2)]
        context.validate("warm", frame, expected, ["row"])
        context.build_docs([])
        context.close()


def run_point(shim: Any, point: dict[str, Any]) -> dict[str, Any]:
    """Run one command line in a child; return its exit code, output and counted calls."""
    ours, theirs = os.pipe()
    child = os.fork()
    if not child:
        os.close(ours)
        result = run_here(shim, point)
        os.write(theirs, json.dumps(result).encode())
        os._exit(0)
    os.close(theirs)
    with os.fdopen(ours, "rb") as pipe:
        result = pipe.read()
    _, status = os.waitpid(child, 0)
    return json.loads(result) if result else {"code": -status, "output": "", "fired": True}


def run_here(shim: Any, point: dict[str, Any]) -> dict[str, Any]:
    """Arm the fault and run the command line in this process."""
    from flows.cli.main import run

    os.environ.update(point["environment"])
    output = Path(point["output"])
    with output.open("w") as file, redirect_stdout(file), redirect_stderr(file):
        folder = str(point["folder"]).encode()
        shim.fault_arm(folder, point["operation"], ctypes.c_long(point["at"]), point["error"])
        code = run(point["arguments"])
        counts = [shim.fault_count(operation) for operation in range(OPERATIONS)]
        fired = bool(shim.fault_has_fired())
        shim.fault_arm(b"", -1, ctypes.c_long(0), 0)
    return {"code": code, "output": output.read_text(), "counts": counts, "fired": fired}


if __name__ == "__main__":
    main()
