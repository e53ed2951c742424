"""Files of ours without names."""

import gzip
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from flows.admin import erasure_files
from flows.admin.erasure_files import erase_file, erase_in_files, find_left_in_files
from flows.site.changed_files import find_changed_files
from flows.workspace import Workspace
from tests.flows.captures import Bench, api_body, api_entry
from transforms.redact.bodies import ErasedText
from transforms.redact.names import ERASED, Names

NAME = "Zoë Quillfeather"
NAMES = Names([NAME])


def test_a_file_of_ours_is_rewritten_and_one_without_the_name_is_not(tmp_path: Path) -> None:
    path = tmp_path / "run.ndjson"
    path.write_text(json.dumps({"parameters": json.dumps({"paths": [f"/a/{NAME}/b"]})}) + "\n")
    assert erase_file(path, NAMES).occurrences == 1
    assert json.loads(json.loads(path.read_text())["parameters"]) == {"paths": [f"/a/{ERASED}/b"]}
    written = path.stat().st_ino
    assert erase_file(path, NAMES).occurrences == 0
    assert path.stat().st_ino == written
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("head", [None, b"PK\x03\x04", b"\x28\xb5\x2f\xfd", b"BZh9"])
def test_a_file_that_cannot_be_looked_into_is_listed_whatever_its_name(
    tmp_path: Path, head: bytes | None
) -> None:
    copy = tmp_path / "warehouse.bak"
    if head is None:
        duckdb.connect(str(copy)).close()
    else:
        copy.write_bytes(head + bytes(100))
    (tmp_path / "notes.bak").write_text("nobody")
    places = [left["place"] for left in find_left_in_files(Workspace.open(tmp_path), NAMES)]
    assert places == [copy.name]


def test_an_inbox_to_which_a_link_leads_is_looked_into(tmp_path: Path) -> None:
    home, inbox = tmp_path / "home", tmp_path / "elsewhere"
    (inbox / "sub").mkdir(parents=True)
    (inbox / "sub" / "list.json").write_text(json.dumps([NAME]))
    (home / "inbox").mkdir(parents=True)
    (home / "inbox" / "hf-daily").symlink_to(inbox)
    (left,) = find_left_in_files(Workspace.open(home), NAMES)
    assert left["place"] == "inbox/hf-daily/sub/list.json"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "cp1252"])
def test_a_note_is_looked_into_whatever_its_encoding(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "landing").mkdir()
    (tmp_path / "landing" / "notes.bak").write_bytes(f"about {NAME}".encode(encoding))
    (left,) = find_left_in_files(Workspace.open(tmp_path), NAMES)
    assert left["place"] == "landing/notes.bak"


def test_what_unpacks_to_much_more_is_listed_and_not_unpacked(tmp_path: Path) -> None:
    (tmp_path / "landing").mkdir()
    (tmp_path / "landing" / "bomb").write_bytes(gzip.compress(bytes(20_000_000)))
    (left,) = find_left_in_files(Workspace.open(tmp_path), NAMES)
    assert left["place"] == "landing/bomb"


def test_files_of_others_beside_ours_are_told_and_left(tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    ours = ("reports/quality.html", "reports/data_docs/x/y.html", "journal/run.ndjson")
    others = ("reports/mine.txt", "journal/mine.txt", "site/index.html", "site/papers/x.html")
    pages.mkdir()
    for name in ("reports/data_docs/x", "journal"):
        (tmp_path / "home" / name).mkdir(parents=True)
    (tmp_path / "home" / "site").symlink_to(pages)
    (pages / "papers").mkdir()
    for name in (*ours, *others):
        (tmp_path / "home" / name).write_text(f'{{"a": "{NAME}"}}\n')
    workspace = Workspace.open(tmp_path / "home")
    assert sorted(erase_in_files(workspace, NAMES)) == sorted(ours)
    assert all(NAME in (tmp_path / "home" / name).read_text() for name in others)
    left = {one["place"] for one in find_left_in_files(workspace, NAMES)}
    assert left == {"reports/mine.txt", "journal/mine.txt"}


@pytest.mark.slow
@pytest.mark.parametrize("is_killed", [False, True])
def test_pages_of_the_archive_that_a_stopped_erasure_rewrote_are_as_they_should_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_killed: bool
) -> None:
    bench = Bench(tmp_path, monkeypatch)
    shown = {"authors": [{"_id": "0", "name": NAME, "hidden": False}]}
    bench.put(api_body([api_entry(number, paper=shown) for number in range(3)]))
    assert bench.ingest().code == 0
    assert bench.run("publish", "--as-of", "2025-06-30").code == 0
    workspace, changed = Workspace.open(bench.home), Counter[bool]()

    def stopped_later(path: Path, names: Names, note: Callable[[], object]) -> ErasedText:
        if changed[True] == 2:
            raise KeyboardInterrupt
        erased = erase_file(path, names, note)
        changed["as-of" in path.parts and erased.occurrences > 0] += 1
        return erased

    with monkeypatch.context() as patch:
        patch.setattr(erasure_files, "erase_file", stopped_later)
        if is_killed:
            # a process that is killed notes nothing any more
            patch.setattr(erasure_files, "note_erased_pages", lambda *_: None)
        with pytest.raises(KeyboardInterrupt):
            erase_in_files(workspace, NAMES)
    left = [place for place in erase_in_files(workspace, NAMES) if "as-of" in place]
    assert left
    assert not [told for told in find_changed_files(bench.home / "site") if "as-of" in told]
    assert not (bench.home / "site" / ".build" / "erasing.txt").exists()
