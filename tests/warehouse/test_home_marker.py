"""The mark that tells a home from any other folder."""

from pathlib import Path

import pytest

from tests.flows.captures import write
from warehouse.home_marker import MARKER, find_foreign, is_home, mark


@pytest.mark.parametrize("damage", [None, b"", b"\xff\x00", b"A home of paper"])
def test_a_mark_that_is_gone_or_damaged_is_written_anew_and_the_home_stays_one(
    tmp_path: Path, damage: bytes | None
) -> None:
    write(tmp_path / "notes.txt", "mine")
    assert (is_home(tmp_path), find_foreign(tmp_path)) == (False, ["notes.txt"])
    mark(tmp_path)
    whole = (tmp_path / MARKER).read_bytes()
    (tmp_path / "landing").mkdir()
    if damage is None:
        (tmp_path / MARKER).unlink()
    else:
        (tmp_path / MARKER).write_bytes(damage)
    assert (is_home(tmp_path), find_foreign(tmp_path)) == (True, [])
    mark(tmp_path)
    assert (tmp_path / MARKER).read_bytes() == whole
