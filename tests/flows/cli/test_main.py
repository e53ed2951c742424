"""The command line imports no more than it needs."""

import subprocess
import sys
from pathlib import Path

import click
import polars as pl
import pytest

from flows.cli.exit_codes import Code
from flows.cli.main import cli, run


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


def test_a_panic_of_polars_is_an_error_of_ours_as_any_other(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fail() -> None:
        raise pl.exceptions.PanicException("not yet implemented")

    monkeypatch.setenv("PAPERSTRATA_HOME", str(tmp_path))
    monkeypatch.setattr(cli, "get_command", lambda *_: click.Command("fail", callback=fail))
    assert run(["fail"]) == Code.INTERNAL
    assert "not yet implemented" in (tmp_path / "errors.log").read_text()
