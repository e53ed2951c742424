"""Files below a folder: each read once, none followed, and why the others cannot be had."""

import hashlib
import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from flows.pipeline.files import find_files, read_file, shown_path
from tests.flows.captures import write

LARGEST = 1_000


def found(*paths: Path) -> dict[str, str | None]:
    """Return the name of every file found and why it is none to read."""
    return {shown_path(path).rpartition("/")[2]: reason for path, reason in find_files(paths)}


def test_files_are_found_in_a_stable_order_however_deep(tmp_path: Path) -> None:
    for name in ("b/2.json", "a/9.json", "a/b/c/1.json", "z.json", "A.json"):
        write(tmp_path / name, b"x")
    listed = [str(path.relative_to(tmp_path)) for path, _ in find_files([tmp_path])]
    assert listed == ["A.json", "a/9.json", "a/b/c/1.json", "b/2.json", "z.json"]
    assert found(tmp_path / "b", tmp_path / "z.json") == {"2.json": None, "z.json": None}


ODD_NAMES = [
    "with space.json",
    " leading and trailing ",
    "new\nline.json",
    "tab\tname.json",
    "-dash.json",
    "--json",
    "*.json",
    "%s{}$(x)`y`.json",
    "quo'te\".json",
    "\x1b[31mred.json",
    "ünïcödé 論文.json",
    "right\u202eleft.json",
    ".hidden.json",
    "x" * 250,
]


@pytest.mark.parametrize("name", ODD_NAMES)
def test_a_file_with_an_odd_name_is_read(tmp_path: Path, name: str) -> None:
    write(tmp_path / name, b"body")
    ((path, reason),) = find_files([tmp_path])
    assert reason is None
    assert read_file(path, LARGEST).body == b"body"
    assert shown_path(path) == str(tmp_path / name)


def test_a_name_that_is_no_utf_8_is_shown_with_escapes(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/bad\xff\xfe name.json"))
    write(path, b"body")
    ((found_path, reason),) = find_files([tmp_path])
    assert reason is None
    assert read_file(found_path, LARGEST).body == b"body"
    assert shown_path(found_path) == f"{tmp_path}/bad\\xff\\xfe name.json"


def test_in_a_folder_nothing_but_regular_files_is_opened(tmp_path: Path) -> None:
    secret = write(tmp_path / "secret", b"secret")
    folder = tmp_path / "in"
    write(folder / "sound.json", b"x")
    os.mkfifo(folder / "pipe")
    for name, target in {
        "loop one": "loop two",
        "loop two": "loop one",
        "dangling": "nowhere",
        "itself": ".",
        "above": "..",
        "link": str(secret),
    }.items():
        (folder / name).symlink_to(target)
    link, pipe = "not a regular file: a symbolic link", "not a regular file: a named pipe"
    assert found(folder) == {
        "above": link,
        "dangling": link,
        "itself": link,
        "link": link,
        "loop one": link,
        "loop two": link,
        "pipe": pipe,
        "sound.json": None,
    }


def test_a_socket_and_a_device_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # the path of a socket must be short
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("s")
        assert found(Path("s")) == {"s": "not a regular file: a socket"}
    assert found(Path("/dev/zero")) == {"zero": "not a regular file: a device"}


def test_a_path_that_is_given_itself_may_be_a_link(tmp_path: Path) -> None:
    write(tmp_path / "real" / "a.json", b"x")
    (tmp_path / "link").symlink_to("real")
    (tmp_path / "file link").symlink_to("real/a.json")
    assert found(tmp_path / "link", tmp_path / "file link") == {"a.json": None, "file link": None}


@pytest.mark.parametrize(
    "name, symbol",
    [("nowhere", "ENOENT"), ("file/below", "ENOTDIR"), ("loop", "ELOOP"), ("x" * 300, "ENAMETOO")],
)
def test_a_path_that_cannot_be_had_is_named_with_the_error(
    tmp_path: Path, name: str, symbol: str
) -> None:
    write(tmp_path / "file", b"x")
    (tmp_path / "loop").symlink_to("loop")
    ((path, reason),) = find_files([tmp_path / name])
    assert path == tmp_path / name
    assert reason is not None
    assert reason.startswith("cannot be read: ")
    assert symbol in reason


@contextmanager
def nobody() -> Iterator[None]:
    """Be a user without rights for the length of a block, where we are root."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65_534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Return a folder that anybody may enter: those of pytest are closed to others."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        with nobody():
            is_closed = isinstance(next(find_files([folder]), None), tuple)
        if is_closed:
            pytest.skip(f"{folder.parent} is closed to others")
        yield folder


def test_a_folder_and_a_file_without_permission_are_named_and_the_rest_is_read(
    open_folder: Path,
) -> None:
    write(open_folder / "closed" / "inside.json", b"x")
    write(open_folder / "secret.json", b"x").chmod(0)
    write(open_folder / "sound.json", b"x").chmod(0o644)
    (open_folder / "closed").chmod(0)
    try:
        with nobody():
            reasons = found(open_folder)
            secret = read_file(open_folder / "secret.json", LARGEST)
            sound = read_file(open_folder / "sound.json", LARGEST)
    finally:
        (open_folder / "closed").chmod(0o755)
    denied = "cannot be read: Permission denied (EACCES)"
    assert reasons == {"closed": denied, "secret.json": None, "sound.json": None}
    assert (secret.body, secret.reason) == (None, denied)
    assert sound.body == b"x"


def test_a_file_is_read_whole_with_its_hash(tmp_path: Path) -> None:
    file = read_file(write(tmp_path / "a", b"x" * LARGEST), LARGEST)
    assert (file.size, file.reason) == (LARGEST, None)
    assert file.blob_id == hashlib.sha256(b"x" * LARGEST).hexdigest()


def test_a_file_over_the_limit_is_hashed_by_its_head_and_left(tmp_path: Path) -> None:
    file = read_file(write(tmp_path / "a", b"x" * (LARGEST + 1)), LARGEST)
    assert file.body is None
    assert file.reason == "1,001 bytes are over the limit of 1,000"
    assert file.blob_id is not None
    assert file.blob_id.startswith("head:")


@pytest.mark.timeout(60)
def test_a_sparse_file_of_a_terabyte_is_left_at_once(tmp_path: Path) -> None:
    path = write(tmp_path / "huge", b"")
    os.truncate(path, 1 << 40)
    file = read_file(path, 1 << 20)
    assert file.reason == "1,099,511,627,776 bytes are over the limit of 1,048,576"


@pytest.mark.timeout(60)
def test_a_pipe_that_took_the_place_of_a_file_never_blocks(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    file = read_file(tmp_path / "pipe", LARGEST)
    assert file.reason == "not a regular file: a named pipe"


def test_a_file_that_vanished_is_named(tmp_path: Path) -> None:
    assert read_file(tmp_path / "gone", LARGEST).reason == (
        "cannot be read: No such file or directory (ENOENT)"
    )


def test_two_files_over_a_small_limit_are_told_apart(tmp_path: Path) -> None:
    files = [read_file(write(tmp_path / name, name.encode() * 2_000), LARGEST) for name in "ab"]
    assert files[0].blob_id != files[1].blob_id


def test_folders_in_folders_a_thousand_deep_are_walked(tmp_path: Path) -> None:
    with descended(tmp_path, 1_200):
        write(Path("deep.json"), b"x")
    try:
        assert found(tmp_path) == {"deep.json": None}
    finally:
        os.system(f"rm -rf '{tmp_path}/d'")


def test_folders_in_folders_beyond_the_longest_path_are_named(tmp_path: Path) -> None:
    with descended(tmp_path, 20, "d" * 250):
        write(Path("deep.json"), b"x")
    ((_, reason),) = find_files([tmp_path])
    assert reason == "cannot be read: File name too long (ENAMETOOLONG)"
    os.system(f"rm -rf '{tmp_path}/{'d' * 250}'")


@contextmanager
def descended(start: Path, depth: int, name: str = "d") -> Iterator[None]:
    """Make folders in folders and stand in the deepest for the length of a block."""
    before = Path.cwd()
    os.chdir(start)
    try:
        for _ in range(depth):
            Path(name).mkdir()
            os.chdir(name)
        yield
    finally:
        os.chdir(before)


@pytest.mark.parametrize("new", [b"[1, 2, 3]", b"[", b"[9]"])
def test_a_file_that_is_written_while_it_is_read_is_refused(
    new: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "a.json", b"[1]")
    os.utime(path, (1, 1))
    ask = os.fstat

    def ask_and_write(descriptor: int) -> os.stat_result:
        facts = ask(descriptor)
        monkeypatch.undo()
        path.write_bytes(new)
        return facts

    monkeypatch.setattr(os, "fstat", ask_and_write)
    file = read_file(path, LARGEST)
    assert (file.body, file.reason and file.reason.partition(":")[0]) == (
        None,
        "it was written while it was read",
    )


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="no file that fails when read")
def test_a_disk_that_fails_amid_a_file_is_named_whatever_its_size() -> None:
    file = read_file(Path("/proc/self/mem"), LARGEST)
    assert (file.body, file.reason) == (None, "cannot be read: Input/output error (EIO)")
