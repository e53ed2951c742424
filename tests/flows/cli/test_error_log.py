"""Errors that nobody foresaw: one line for people, the traceback in the log."""

from pathlib import Path

import pytest

from flows.cli.error_log import write_log
from tests.flows.captures import Bench, api_page, write
from tests.flows.cli.processes import start

BROKEN = "import hashlib\nhashlib.file_digest = None\n"


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """Return a home whose runs find a standard library that fails where nobody foresees it."""
    broken = write(tmp_path / "broken" / "sitecustomize.py", BROKEN).parent
    monkeypatch.setenv("PYTHONPATH", str(broken))
    monkeypatch.setattr("hashlib.file_digest", None)
    return Bench(tmp_path, monkeypatch)


def test_6_for_an_error_of_ours_on_one_line_with_the_place_of_the_log(bench: Bench) -> None:
    ending = bench.run("ingest", write(bench.home.parent / "page.json", api_page()))
    assert (ending.code, ending.out) == (6, "")
    begins, line = ending.err.strip().splitlines()
    assert begins == f"a new home begins in {bench.home}"
    assert line.startswith("paperstrata: TypeError")
    log = bench.home / "errors.log"
    assert str(log) in line
    assert "Traceback (most recent call last)" in log.read_text()


def test_an_error_begins_no_home_where_the_folder_may_be_mistyped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    told = write_log(ValueError("unforeseen"), ["--home", str(tmp_path / "mistyped"), "status"])
    assert not (tmp_path / "mistyped").exists()
    assert "unforeseen" in Path(told.removeprefix("the traceback is in ")).read_text()


@pytest.mark.slow
def test_the_log_is_in_the_home_that_was_given_and_debug_shows_the_traceback(
    bench: Bench, tmp_path: Path
) -> None:
    home, page = tmp_path / "given", str(write(tmp_path / "page.json", api_page()))
    ending = start("--home", str(home), "ingest", page)
    assert ending.returncode == 6
    assert (home / "errors.log").exists()
    assert not (bench.home / "errors.log").exists()
    debugged = start("--home", str(home), "--debug", "ingest", page)
    assert debugged.returncode != 0
    assert "Traceback (most recent call last)" in debugged.stderr


@pytest.mark.slow
def test_the_log_is_in_the_home_that_was_given_with_an_equals_sign(
    bench: Bench, tmp_path: Path
) -> None:
    home, page = tmp_path / "given", str(write(tmp_path / "page.json", api_page()))
    assert start(f"--home={home}", "ingest", page).returncode == 6
    assert (home / "errors.log").exists()


@pytest.mark.slow
def test_debug_keeps_the_exit_code(bench: Bench, tmp_path: Path) -> None:
    page = str(write(tmp_path / "page.json", api_page()))
    assert start("--debug", "ingest", page).returncode == 6
