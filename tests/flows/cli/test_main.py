"""The command line imports no more than it needs."""

import subprocess
import sys

import pytest


def test_neither_help_nor_sql_imports_what_they_do_not_need() -> None:
    code = (
        "import sys; from flows.cli.main import run; run(['--help']);"
        "import flows.cli.commands.sql, warehouse.connection, config.settings;"
        "print([m for m in ('polars', 'pandera', 'prefect', 'great_expectations', 'pandas')"
        " if m in sys.modules])"
    )
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert printed.stdout.splitlines()[-1] == "[]", printed.stderr


@pytest.mark.slow
def test_a_direct_run_needs_no_prefect() -> None:
    code = (
        "import sys; import flows.cli.start, flows.cli.summary, flows.cli.commands.ingest;"
        "import flows.cli.commands.daily, flows.schedule.daily;"
        "print('prefect' in sys.modules)"
    )
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert printed.stdout.strip() == "False", printed.stderr
