"""Errors that nobody foresaw: one line for people, the traceback in the log."""

from pathlib import Path

import pytest

from tests.flows.captures import Bench, write
from tests.flows.cli.processes import start


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """Return an empty home beside an empty folder of captures."""
    return Bench(tmp_path, monkeypatch)


def test_6_for_an_error_of_ours_on_one_line_with_the_place_of_the_log(bench: Bench) -> None:
    write(bench.home / "warehouse.duckdb", b"no database" * 1_000)
    ending = bench.run("sql", "select 1")
    assert (ending.code, ending.out) == (6, "")
    (line,) = ending.err.strip().splitlines()
    assert line.startswith("paperstrata: IOException")
    log = bench.home / "errors.log"
    assert str(log) in line
    assert "Traceback (most recent call last)" in log.read_text()


def test_the_log_is_in_the_home_that_was_given_and_debug_shows_the_traceback(
    bench: Bench, tmp_path: Path
) -> None:
    home = tmp_path / "given"
    write(home / "warehouse.duckdb", b"no database" * 1_000)
    ending = start("--home", str(home), "sql", "select 1")
    assert ending.returncode == 6
    assert (home / "errors.log").exists()
    assert not (bench.home / "errors.log").exists()
    debugged = start("--home", str(home), "--debug", "sql", "select 1")
    assert debugged.returncode != 0
    assert "Traceback (most recent call last)" in debugged.stderr


def test_the_log_is_in_the_home_that_was_given_with_an_equals_sign(
    bench: Bench, tmp_path: Path
) -> None:
    home = tmp_path / "given"
    write(home / "warehouse.duckdb", b"no database" * 1_000)
    assert start(f"--home={home}", "sql", "select 1").returncode == 6
    assert (home / "errors.log").exists()


def test_debug_keeps_the_exit_code(bench: Bench) -> None:
    write(bench.home / "warehouse.duckdb", b"no database" * 1_000)
    assert start("--debug", "sql", "select 1").returncode == 6
