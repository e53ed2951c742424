"""That a command which a message tells to run is one for the home at hand."""

from pathlib import Path

import pytest

from flows.cli.main import run
from flows.cli.told_commands import remember_home, told, with_home


def test_a_told_command_names_the_home_that_the_command_line_gave(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "my home"
    home.mkdir()
    (home / "warehouse.duckdb").write_bytes(b"no database")
    assert run(["--home", str(home), "status"]) == 5
    assert f"`paperstrata --home '{home}' rebuild`" in capsys.readouterr().err
    (home / "warehouse.duckdb").unlink()
    (home / "warehouse.duckdb").mkdir()
    assert run(["--home", str(home), "status"]) == 5
    assert "is a folder where a file should be: move it away" in capsys.readouterr().err
    monkeypatch.setenv("PAPERSTRATA_HOME", str(home))
    assert run(["status"]) == 5
    assert "`paperstrata rebuild`" in capsys.readouterr().err


def test_a_told_command_names_the_program_as_a_shell_starts_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "bin" / "paperstrata"
    program.parent.mkdir()
    program.write_text("")
    program.chmod(0o755)
    remember_home(None)
    monkeypatch.setattr("sys.argv", [str(program)])
    monkeypatch.setenv("PATH", str(tmp_path))
    assert told("status") == f"{program} status"
    assert with_home("try `paperstrata rebuild`") == f"try `{program} rebuild`"
    monkeypatch.setenv("PATH", str(program.parent))
    assert told("sql", "select 1", home=Path("a b")) == "paperstrata --home 'a b' sql 'select 1'"
    monkeypatch.setattr("sys.argv", ["/somewhere/flows/cli/__main__.py"])
    assert told("status").split()[1:] == ["-m", "flows.cli", "status"]
