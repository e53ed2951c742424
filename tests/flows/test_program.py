"""A command that is printed begins as the program was started."""

import shlex
import sys
from pathlib import Path

import pytest

from flows.program import program, program_beside


@pytest.fixture
def script(tmp_path: Path) -> Path:
    """Return an installed script, which is on nobody's path."""
    script = tmp_path / "my venv" / "bin" / "paperstrata"
    script.parent.mkdir(parents=True)
    script.write_text("#!/bin/sh\n")
    script.chmod(0o755)
    return script


def test_it_is_the_name_where_the_shell_finds_it(
    script: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", [str(script)])
    monkeypatch.setenv("PATH", str(script.parent))
    assert program() == "paperstrata"


def test_it_is_the_path_where_the_shell_finds_another_or_none(
    script: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "argv", [str(script)])
    monkeypatch.setenv("PATH", str(tmp_path))
    assert shlex.split(program()) == [str(script)]
    monkeypatch.chdir(tmp_path)
    assert shlex.split(program()) == ["my venv/bin/paperstrata"]


def test_a_program_installed_beside_it_is_told_so_that_the_shell_finds_it(
    script: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(script.with_name("python")))
    script.with_name("prefect").write_text("#!/bin/sh\n")
    script.with_name("prefect").chmod(0o755)
    for path, told in (
        (script.parents[1], str(script.with_name("prefect"))),
        (script.parent, "prefect"),
    ):
        monkeypatch.setenv("PATH", str(path))
        assert shlex.split(program_beside("prefect")) == [told]


def test_it_is_the_module_where_python_runs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["/anywhere/flows/cli/__main__.py"])
    assert shlex.split(program())[1:] == ["-m", "flows.cli"]
