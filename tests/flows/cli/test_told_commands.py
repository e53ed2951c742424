"""That a command which a message tells to run is one for the home at hand."""

from pathlib import Path

import pytest

from flows.cli.main import run


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
    assert "is a folder: move it away" in capsys.readouterr().err
    monkeypatch.setenv("PAPERSTRATA_HOME", str(home))
    assert run(["status"]) == 5
    assert "`paperstrata rebuild`" in capsys.readouterr().err
