"""What `bursts` prints, and how it ends."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from flows.cli.exit_codes import Code
from flows.cli.main import cli, run
from tests.transforms.trends.series import frame, week, with_burst


@pytest.fixture
def counts(tmp_path: Path) -> Path:
    """Return a file with one burst."""
    path = tmp_path / "counts.csv"
    frame("agents", with_burst(60, 9, 40, 47, 4, seed=1)).drop("is_testable").write_csv(path)
    return path


def test_bursts_are_printed_as_json(counts: Path):
    result = CliRunner().invoke(cli, ["bursts", str(counts), "--grain", "week", "--json"])
    assert result.exit_code == 0, result.output
    (burst,) = json.loads(result.output)["bursts"]
    assert list(burst) == ["series", "start", "confirmed", "peak", "end", "strength", "status"]
    assert burst["series"] == "agents"
    assert burst["start"] == str(week(40))
    assert burst["status"] == "ended"


def test_standard_input_gives_a_table(counts: Path):
    text = counts.read_text(encoding="utf-8")
    lines = CliRunner().invoke(cli, ["bursts", "-"], input=text).output.splitlines()
    assert lines[0].split("\t")[:2] == ["series", "start"]
    assert lines[1].startswith(f"agents\t{week(40)}")
    assert lines[2] == "1 burst in 1 series"


def test_a_series_that_is_a_formula_gets_an_apostrophe_unless_it_is_to_stay(counts: Path):
    text = counts.read_text(encoding="utf-8").replace("agents", "=1+1")
    for flags, name in (((), "'=1+1"), (("--keep-formulas",), "=1+1")):
        lines = CliRunner().invoke(cli, ["bursts", "-", *flags], input=text).output.splitlines()
        assert lines[1].split("\t")[0] == name


def test_bad_rows_and_files_are_mistakes_of_usage(counts: Path, capsys: pytest.CaptureFixture[str]):
    with counts.open("a", encoding="utf-8") as file:
        file.write("agents,2025-13-01,1,2\n")
    assert run(["bursts", str(counts)]) == Code.USAGE
    message = capsys.readouterr().err
    assert f"{counts}: row 62: 'period_start' must be a date" in message
    assert run(["bursts", str(counts.parent / "none.csv")]) == Code.USAGE
    counts.write_bytes(b"period_start,series,count,total\n2025-01-06,\xff,1,2\n")
    assert run(["bursts", str(counts)]) == Code.USAGE
    assert "the text is not UTF-8" in capsys.readouterr().err


def test_counts_without_a_total_are_said_to_be_unsearched(tmp_path: Path):
    path = tmp_path / "counts.csv"
    path.write_text("period_start,series,count,total\n2025-01-06,a,1,\n", encoding="utf-8")
    result = CliRunner().invoke(cli, ["bursts", str(path), "--json"])
    assert json.loads(result.stdout) == {"bursts": []}
    assert "no row has a count and a total above 0" in result.stderr
