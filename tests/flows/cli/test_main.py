"""The command line imports no more than it needs."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import click
import polars as pl
import pytest

from flows.cli.exit_codes import Code
from flows.cli.main import cli, run
from tests.flows.captures import DAY, api_page


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


@pytest.mark.slow
def test_a_run_imports_neither_pandas_nor_what_judges_and_orchestrates(tmp_path: Path) -> None:
    code = (
        "import sys; from flows.cli.main import run; code = run(sys.argv[1:]);"
        "print(code, [m for m in ('pandas', 'prefect', 'great_expectations') if m in sys.modules])"
    )
    capture = tmp_path / "capture.json"
    capture.write_bytes(api_page())
    arguments = ("--home", str(tmp_path / "home"), "ingest", str(capture), "--feed-date", DAY)
    printed = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, "PAPERSTRATA_PUBLISH_SITE": "false"},
    )
    assert printed.stdout.splitlines()[-1] == "0 []", printed.stderr


def test_a_panic_of_polars_is_an_error_of_ours_as_any_other(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fail() -> None:
        raise pl.exceptions.PanicException("not yet implemented")

    monkeypatch.setenv("PAPERSTRATA_HOME", str(tmp_path))
    monkeypatch.setattr(cli, "get_command", lambda *_: click.Command("fail", callback=fail))
    assert run(["fail"]) == Code.INTERNAL
    assert "not yet implemented" in (tmp_path / "errors.log").read_text()


@pytest.mark.parametrize("number", [errno.EROFS, errno.EACCES])
def test_what_a_read_only_disk_or_the_rights_of_a_file_forbid_is_no_error_of_ours(
    number: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise OSError(number, os.strerror(number), "/srv/home/lock")

    monkeypatch.setattr(cli, "get_command", lambda *_: click.Command("fail", callback=fail))
    assert run(["fail"]) == Code.NOT_PUBLISHED
    assert f"/srv/home/lock cannot be read or written: {os.strerror(number)}" in (
        capsys.readouterr().err
    )


@pytest.mark.timeout(60)
def test_a_pipe_where_a_file_of_a_home_should_be_is_not_waited_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pipes = ("runs.log", ".paperstrata", "journal/run.ndjson", "landing/looks/a.parquet")
    for name in (*pipes, "warehouse.duckdb"):
        pipe = tmp_path / name
        pipe.parent.mkdir(parents=True, exist_ok=True)
        os.mkfifo(pipe)
        for verb in ("status", "rebuild", "papers") if name == "warehouse.duckdb" else ("status",):
            assert run(["--home", str(tmp_path), verb]) == Code.NOT_PUBLISHED
            assert f"{pipe} is no regular file: move it away" in capsys.readouterr().err
        pipe.unlink()


def test_a_journal_that_has_grown_beyond_any_memory_is_named_and_not_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = tmp_path / "journal" / "run.ndjson"
    line.parent.mkdir()
    line.touch()
    os.truncate(line, 10 << 30)
    assert run(["--home", str(tmp_path), "status"]) == Code.NOT_PUBLISHED
    assert f"{line} has 10,737,418,240 bytes" in capsys.readouterr().err


def test_a_damaged_warehouse_is_told_whatever_its_folder_is_called(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "blocks"
    home.mkdir()
    (home / "warehouse.duckdb").write_bytes(bytes(20_000))
    assert run(["--home", str(home), "papers"]) == Code.NOT_PUBLISHED
    assert "rebuild" in capsys.readouterr().err
