"""The mark that tells a home from any other folder."""

from pathlib import Path

import pytest

from tests.flows.captures import write
from warehouse.errors import DamagedError
from warehouse.home_marker import (
    MARKER,
    find_foreign,
    is_home,
    mark,
    refuse_links_into_other_homes,
)


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


@pytest.mark.parametrize("part", ["journal", "landing/looks", "journal/pack.ndjson", "runs.log"])
def test_a_part_of_a_home_that_is_a_link_into_another_home_is_refused(
    tmp_path: Path, part: str
) -> None:
    home, other, disk = tmp_path / "home", tmp_path / "other", tmp_path / "disk"
    for folder in (home, other):
        mark(folder)
    for folder in (other, disk):
        write(folder / part / "x" if "." not in part else folder / part, "1")
    (home / part).parent.mkdir(exist_ok=True)
    (home / part).symlink_to(disk / part)
    refuse_links_into_other_homes(home)
    by_another_way = tmp_path / "link"
    by_another_way.symlink_to(home)
    (home / "site").symlink_to(home / "journal")
    refuse_links_into_other_homes(by_another_way)

    (disk / part).rename(disk / "moved")
    (disk / part).symlink_to(other / part)
    with pytest.raises(DamagedError, match=rf"{home / part} is a link into another home, {other},"):
        refuse_links_into_other_homes(home)
