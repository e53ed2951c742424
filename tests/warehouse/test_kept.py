"""The file published before last becomes the work file, where nobody else has a hand on it."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

import pytest

from warehouse import kept
from warehouse.connection import create_database, open_read_only

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells who reads a file")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a published file."""
    monkeypatch.setattr(kept, "LEAST_BYTES", 0)
    create_database(tmp_path / "warehouse.duckdb")
    (tmp_path / "warehouse.duckdb").chmod(0o444)
    return tmp_path


def publish_next(place: Path) -> None:
    """Keep the published file, and publish another one."""
    kept.keep(place / "warehouse.duckdb", place / "kept")
    create_database(place / "next")
    (place / "next").rename(place / "warehouse.duckdb")


def take(place: Path) -> bool:
    return kept.take(place / "kept", place / "work" / "warehouse.duckdb")


def test_the_file_published_before_is_taken_once(place: Path) -> None:
    inode = (place / "warehouse.duckdb").stat().st_ino
    publish_next(place)
    assert take(place)
    work = (place / "work" / "warehouse.duckdb").stat()
    assert (work.st_ino, work.st_mode & 0o777) == (inode, 0o644)
    assert not (place / "kept").exists()
    assert not take(place)


def test_a_small_file_is_not_kept(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "LEAST_BYTES", 1 << 30)
    publish_next(place)
    assert not (place / "kept").exists()


@contextmanager
def _held_by_another_process(path: Path) -> Iterator[None]:
    with path.open("rb") as file:
        process = subprocess.Popen(["sleep", "60"], stdin=file)
    yield
    process.kill()
    process.wait()


_HOLDERS: dict[str, Callable[[Path], AbstractContextManager[object]]] = {
    "a connection of this process": open_read_only,
    "a file of this process": lambda path: path.open("rb"),
    "another process": _held_by_another_process,
}


@pytest.mark.parametrize("holder", _HOLDERS)
def test_a_file_that_somebody_has_open_is_not_taken(place: Path, holder: str) -> None:
    with ExitStack() as stack:
        stack.enter_context(_HOLDERS[holder](place / "warehouse.duckdb"))
        publish_next(place)
        assert not take(place)
    assert list((place / "work").iterdir()) == []
    assert not (place / "kept").exists()


def test_a_file_of_two_names_is_not_taken(place: Path) -> None:
    # a backup by hard links
    (place / "backup").hardlink_to(place / "warehouse.duckdb")
    publish_next(place)
    assert not take(place)
    assert (place / "backup").stat().st_nlink == 1
    # a run that was killed before it renamed: the kept file is the published one
    kept.keep(place / "warehouse.duckdb", place / "kept")
    assert not take(place)
    assert (place / "warehouse.duckdb").stat().st_nlink == 1
    (place / "kept").symlink_to(place / "warehouse.duckdb")
    assert not take(place)
    assert (place / "warehouse.duckdb").exists()
