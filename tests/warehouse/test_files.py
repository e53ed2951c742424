"""Errors of the system, and the files that they are of."""

from errno import EIO, ENOENT, ENOSPC, EXDEV
from pathlib import Path

import duckdb
import polars as pl
import pytest

from warehouse.files import file_without_space, half_beside, naming, say_in_the_way

FILE = Path("/home/landing/pack")


@pytest.mark.parametrize(
    "error",
    [
        OSError(ENOSPC, "No space left on device"),
        pl.exceptions.ComputeError("parquet: IO error: No space left on device (os error 28)"),
        duckdb.IOException(f'IO Error: Could not write file "{FILE}": No space left on device'),
    ],
)
def test_a_full_disk_is_told_with_its_file_whoever_writes(error: Exception) -> None:
    try:
        with naming(FILE):
            raise error
    except Exception as named:
        later = OSError(ENOSPC, "No space left on device", "/home/journal/run.ndjson")
        later.__context__ = named
        assert file_without_space(later) == str(FILE)


def test_what_duckdb_cannot_put_aside_has_no_file_and_another_error_is_no_full_disk() -> None:
    aside = duckdb.OutOfMemoryException("set by the 'max_temp_directory_size' setting")
    assert file_without_space(aside) == ""
    assert file_without_space(OSError(EIO, "Input/output error", str(FILE))) is None


def test_a_link_that_leads_nowhere_is_told_and_a_file_that_is_not_there_is_not(
    tmp_path: Path,
) -> None:
    link = tmp_path / "lock"
    link.symlink_to("/nowhere/lock")
    told = f"{link} is a link that leads nowhere: move it away"
    assert say_in_the_way(FileNotFoundError(ENOENT, "No such file", str(link))) == told
    absent = FileNotFoundError(ENOENT, "No such file", str(tmp_path / "absent"))
    assert say_in_the_way(absent) is None


def test_a_folder_that_leads_to_another_disk_is_told(tmp_path: Path) -> None:
    work, published = tmp_path / "work" / "warehouse.duckdb", tmp_path / "warehouse.duckdb"
    error = OSError(EXDEV, "Invalid cross-device link", str(work), None, str(published))
    told = f"{work.parent} is on another disk than {published}: move it away"
    assert say_in_the_way(error) == told


def test_half_a_file_is_removed_when_a_signal_or_a_full_disk_ends_its_writing(
    tmp_path: Path,
) -> None:
    for error in (KeyboardInterrupt(), OSError(ENOSPC, "No space left on device")):
        with pytest.raises(type(error)), half_beside(tmp_path / "page.html") as half:
            half.write_bytes(b"half")
            raise error
        assert list(tmp_path.iterdir()) == []
    with half_beside(tmp_path / "page.html") as half:
        half.write_bytes(b"whole")
        half.rename(tmp_path / "page.html")
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]
