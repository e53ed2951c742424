"""Exports: whole or not there, true to their manifest, never over files of others."""

import csv
import json
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import polars as pl
import pytest

from flows.out.formulas import escape_formulas, is_formula
from flows.out.parquet import GROUP_ROWS, write_parquet
from tests.flows.out.conftest import HOSTILE, Told
from warehouse.visible import visible


def test_texts_that_a_spreadsheet_takes_for_formulas_are_told_from_numbers() -> None:
    texts = ["=A1", "+1", "-1.5%", "-x", "@sum", "", None, "a=1", "\tx", "-", "+49 30 1"]
    told = [text is not None and is_formula(text) for text in texts]
    assert told == [True, False, False, True, True, False, False, False, True, True, True]
    signs = ["=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20"]
    before = ["", " ", "\t", "\r", "\u00a0", "\u200b\ufeff", "\x1f "]
    hidden = [f"{blank}{sign}A1" for sign in signs for blank in before]
    assert [text for text in hidden if not is_formula(text)] == []
    assert not is_formula(" -5 ")
    texts, told = [*texts, *hidden, " -5 "], [*told, *[True] * len(hidden), False]
    escaped = escape_formulas(pl.DataFrame({"text": texts, "number": range(len(texts))}))
    assert escaped["text"].to_list() == [
        f"'{text}" if is_told else text for text, is_told in zip(texts, told, strict=True)
    ]


def test_batches_of_rows_share_the_row_groups_of_a_parquet_file(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.table({"number": range(GROUP_ROWS + 20_000)})
    rows = write_parquet(tmp_path / "file", table.to_reader(max_chunksize=10_000))
    written = pq.ParquetFile(tmp_path / "file")
    assert (rows, written.num_row_groups) == (table.num_rows, 2)
    assert written.read() == table


def test_rows_for_which_too_little_memory_is_left_are_refused_before_they_are_written(
    tmp_path: Path,
) -> None:
    import pyarrow as pa

    table = pa.table({"number": range(3 * GROUP_ROWS)})
    left = iter((10**9, 10**9, 10**6))
    with pytest.raises(MemoryError):
        write_parquet(tmp_path / "file", table.to_reader(max_chunksize=10_000), lambda: next(left))
    assert (tmp_path / "file").read_bytes()[:4] == b"PAR1"
    assert (tmp_path / "file").read_bytes()[-4:] != b"PAR1"


@pytest.mark.slow
@pytest.mark.skipif(
    sys.platform != "linux" or not Path("/proc/self/status").exists(),
    reason="the system does not tell or bound what a process has",
)
def test_what_writes_parquet_reserves_no_memory_that_counts_against_a_bound(
    tmp_path: Path,
) -> None:
    # in a process of its own, for the first to load Arrow decides how it allocates
    script = """
import sys
from pathlib import Path
from flows.cli.query_bounds import bounded_data, room_left
from flows.out.parquet import prepare_parquet, write_parquet
prepare_parquet()
import pyarrow as pa
table = pa.table({f"c{number}": range(5_000) for number in range(300)})
with bounded_data("200MB"):
    write_parquet(Path(sys.argv[1]), table.to_reader(), room_left)
"""
    command = [sys.executable, "-c", script, str(tmp_path / "file")]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")


@pytest.mark.slow
@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_an_export_holds_what_its_manifest_says(told: Told, tmp_path: Path, form: str) -> None:
    from frictionless import Package  # takes two seconds, which the quick tests need not wait

    folder = tmp_path / "out"
    assert told.bench.run("export", "--output", folder, "--format", form).code == 0
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    files = {table["file"]: table for table in manifest["tables"]}
    assert {path.name for path in folder.iterdir()} == {
        *files, "manifest.json", "datapackage.json"
    }  # fmt: skip
    for name, table in files.items():
        body = (folder / name).read_bytes()
        assert (sha256(body).hexdigest(), len(body)) == (table["sha256"], table["bytes"])
    marts = told.bench.rows(
        "select 'mart.' || table_name from duckdb_tables() where schema_name = 'mart' union"
        " select 'mart.' || view_name from duckdb_views() where schema_name = 'mart'"
    )
    assert {name for (name,) in marts} <= {table["name"] for table in manifest["tables"]}
    package = Package(str(folder / "datapackage.json"))
    assert len(package.resources) == len(files)
    if form == "csv":
        # every value is of the type that is declared
        report = package.validate()
        assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "message"])[:5]
        with (folder / "mart.paper.csv").open(encoding="utf-8", newline="") as file:
            titles = {row["title"] for row in csv.DictReader(file)}
        assert any(title.startswith("'=Bcc: <img") for title in titles), visible(HOSTILE)
    else:
        papers = pl.read_parquet(folder / "mart.paper.parquet")
        assert papers.height == files["mart.paper.parquet"]["rows"] == 8
    # the same publication gives the same bytes, in the place of the export that is there
    assert told.bench.run("export", "--output", folder, "--format", form).code == 0
    again = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert again == manifest


@pytest.mark.slow
def test_dates_cut_papers_and_periods_and_leave_what_has_none(told: Told, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    arguments = ("export", "--output", folder, "--since", "2025-06-23", "--json")
    manifest = told.bench.run(*arguments).report
    rows = {table["name"]: table["rows"] for table in manifest["tables"]}
    assert rows["mart.paper"] == rows["raw.content"] == 4
    assert rows["core.feed"] == told.bench.rows("select count(*) from core.feed")[0][0]
    assert min(pl.read_parquet(folder / "core.feed_day.parquet")["feed_date"]).day == 23


@pytest.mark.slow
def test_files_of_others_stay_unless_forced_and_folders_always(told: Told, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "mine.txt").write_text("mine", encoding="utf-8")
    ending = told.bench.run("export", "--output", folder)
    assert ending.code == 2
    assert "holds what no export wrote (mine.txt)" in ending.err
    (folder / "deep").mkdir()
    assert told.bench.run("export", "--output", folder, "--force").code == 2
    (folder / "deep").rmdir()
    assert told.bench.run("export", "--output", folder, "--force").code == 0
    assert not (folder / "mine.txt").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out"]
    assert told.bench.run("export", "--output", told.bench.home / "x").code == 2
    assert told.bench.run("export", "--output", tmp_path / "no" / "x").code == 2
