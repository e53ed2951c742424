"""The types of options."""

import os
from pathlib import Path

import click
import pytest

from config.settings import Home
from flows.cli.main import run
from flows.cli.options import EndType, refuse_output
from warehouse.home_marker import mark


def test_a_date_means_the_whole_of_that_day() -> None:
    end = EndType().convert("2025-06-30", None, None)
    assert str(end) == "2025-06-30 23:59:59.999999"
    assert str(EndType().convert("2025-06-30T12:00:00Z", None, None)) == "2025-06-30 12:00:00"


def test_a_rebuild_to_standard_output_is_refused_and_does_not_replace_the_warehouse(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["--home", str(tmp_path), "rebuild", "--output", "-"]) == 2
    assert "a warehouse is a file" in capsys.readouterr().err


@pytest.mark.parametrize("seconds", ["nan", "inf", "1e300", "0", "-1"])
def test_a_limit_of_time_is_a_number_that_can_be_waited_for(
    seconds: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["--home", str(tmp_path), "sql", "--timeout", seconds, "select 1"]) == 2
    assert "Invalid value for '--timeout'" in capsys.readouterr().err


@pytest.mark.parametrize("is_forced", [False, True])
def test_no_output_takes_the_place_of_a_pipe_or_a_device(tmp_path: Path, is_forced: bool) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for output in (pipe, Path("/dev/null")):
        with pytest.raises(click.UsageError, match="no regular file"):
            refuse_output(output, Home(folder=tmp_path / "home"), is_forced=is_forced)


@pytest.mark.parametrize(
    "output",
    [
        "home/new.csv",
        "home/../home/new.csv",
        "link/new.csv",
        "home/warehouse.duckdb",
        "home/journal/new.csv",
        "disk/journal/run.ndjson",
        "disk/journal/new.csv",
        "disk/looks/new.parquet",
        "disk/warehouse.duckdb",
        "to_warehouse.csv",
    ],
)
def test_no_output_lies_in_a_home_by_any_of_its_names_nor_where_its_links_lead(
    output: str, tmp_path: Path
) -> None:
    home, disk = tmp_path / "home", tmp_path / "disk"
    for folder in (home / "landing", disk / "journal", disk / "looks"):
        folder.mkdir(parents=True)
    for file in (disk / "journal" / "run.ndjson", disk / "warehouse.duckdb"):
        file.touch()
    (tmp_path / "link").symlink_to(home)
    (home / "journal").symlink_to(disk / "journal")
    (home / "landing" / "looks").symlink_to(disk / "looks")
    (home / "warehouse.duckdb").symlink_to(disk / "warehouse.duckdb")
    (tmp_path / "to_warehouse.csv").symlink_to(home / "warehouse.duckdb")
    with pytest.raises(click.UsageError, match="lies in the home folder"):
        refuse_output(tmp_path / output, Home(folder=home), is_forced=True)
    refuse_output(disk / "mine.csv", Home(folder=home), is_forced=False)


@pytest.mark.parametrize(
    "output", ["warehouse.duckdb", "lock", "journal/new.csv", "landing/looks", "site"]
)
def test_no_output_is_a_part_of_another_home(output: str, tmp_path: Path) -> None:
    other = tmp_path / "other"
    mark(other)
    (other / "journal").mkdir()
    (tmp_path / "link").symlink_to(other / output)
    for place in (other / output, tmp_path / "link", tmp_path / "link" / "x.csv"):
        with pytest.raises(click.UsageError, match="is a part of another home"):
            refuse_output(place, Home(folder=tmp_path / "home"), is_forced=True)
    refuse_output(other / "mine.csv", Home(folder=tmp_path / "home"), is_forced=False)


def test_no_output_takes_the_place_of_a_link_that_leads_nowhere_without_force(
    tmp_path: Path,
) -> None:
    link = tmp_path / "link.csv"
    link.symlink_to(tmp_path / "gone")
    with pytest.raises(click.UsageError, match="is there"):
        refuse_output(link, Home(folder=tmp_path / "home"), is_forced=False)
    refuse_output(link, Home(folder=tmp_path / "home"), is_forced=True)


@pytest.mark.parametrize(
    "words",
    [
        ("captures", "hold", "1f0c", "--reason", "caf\udce9"),
        ("sql", "select 'caf\udce9'"),
        ("search", "caf\udce9"),
        ("rejects", "show", "caf\udce9"),
    ],
)
def test_a_text_whose_bytes_are_no_utf_8_is_refused(
    words: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["--home", str(tmp_path), *words]) == 2
    assert "holds bytes that are no UTF-8" in capsys.readouterr().err
