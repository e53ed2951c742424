"""The files of a site, and the note of what the last build made."""

import json
from pathlib import Path

from flows.site.store import STATE, Store


def build(folder: Path, text: str = "page") -> Store:
    """Build a site of one page."""
    store = Store.open(folder, "code")
    store.write("index.html", text, lambda: text)
    store.finish()
    return store


def test_a_damaged_note_removes_no_file_of_others(tmp_path: Path) -> None:
    site, mine = tmp_path / "site", tmp_path / "mine.txt"
    mine.write_text("mine", encoding="utf-8")
    build(site)
    noted = {"index.html": "page", "../mine.txt": "x", str(mine): "x"}
    (site / STATE / "pages.json").write_text(json.dumps(noted), encoding="utf-8")
    build(site)
    assert mine.read_text(encoding="utf-8") == "mine"


def test_a_link_in_the_place_of_a_page_is_replaced_and_not_followed(tmp_path: Path) -> None:
    site, mine = tmp_path / "site", tmp_path / "mine.txt"
    mine.write_text("mine", encoding="utf-8")
    build(site)
    (site / "index.html").unlink()
    (site / "index.html").symlink_to(mine)
    build(site)
    assert (site / "index.html").read_text(encoding="utf-8") == "page"
    assert mine.read_text(encoding="utf-8") == "mine"
