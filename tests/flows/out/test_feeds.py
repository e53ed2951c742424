"""The feeds of a home: valid, the same from the same warehouse, with ids that stay."""

import json
from pathlib import Path

import pytest

from flows.out.after import feeds_after
from flows.out.feeds import feeds_folder, write_feeds
from flows.report import Report
from flows.workspace import Workspace
from tests.flows.captures import write
from tests.flows.out.conftest import HOSTILE, WATCH, Told, copy_home
from tests.flows.out.schemas import assert_atom, assert_json_feed

pytestmark = pytest.mark.slow


def test_every_feed_is_valid_and_names_papers_by_ids_that_stay(told: Told, tmp_path: Path) -> None:
    workspace = Workspace.open(copy_home(told, tmp_path))
    write_feeds(workspace)
    folder = feeds_folder(workspace)
    files = {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
    assert set(files) == {
        f"{name}{suffix}"
        for name in ("rising", "climbing", "watch-quiet")
        for suffix in (".xml", ".json")
    }
    for name, body in files.items():
        assert_atom(body) if name.endswith(".xml") else assert_json_feed(body)
    items = json.loads(files["watch-quiet.json"])["items"]
    assert {item["id"].rpartition("/")[2] for item in items} == {
        "arxiv:2506.10001",  # of the first publication, by its topic
        "arxiv:2506.10011",
        "arxiv:2506.10012",
        "arxiv:2506.10013",
    }
    # conforming has made the escape a space, and left out the mark of direction
    shown = " ".join(HOSTILE.replace("\u202e", "").replace("\x1b", " ").split())
    assert shown in {item["title"] for item in items}

    # nothing is written again, and the feed of a watch-list that is declared no more goes
    times = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    write_feeds(Workspace.open(workspace.settings.home.folder))
    assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == times
    try:
        write(told.bench.overlay / "watch.toml", "[[watch]]")
        again = Workspace.open(workspace.settings.home.folder)
        (warning,) = feeds_after(again, Report(is_published=True)).warnings
        assert "the feeds could not be written: watch.toml: entry 1: id" in warning
        assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == times
        write(told.bench.overlay / "watch.toml", "")
        write_feeds(Workspace.open(workspace.settings.home.folder))
    finally:
        write(told.bench.overlay / "watch.toml", WATCH)
    assert not list(folder.glob("watch-*"))
