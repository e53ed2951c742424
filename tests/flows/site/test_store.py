"""The files of a site, and the note of what the last build made."""

import json
from pathlib import Path

from flows.site.publish import find_damaged_pages
from flows.site.store import STATE, Store, find_damaged


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


def test_a_page_that_lost_its_end_is_written_again(tmp_path: Path) -> None:
    build(tmp_path)
    page = tmp_path / "index.html"
    page.write_text("pa", encoding="utf-8")
    assert find_damaged(tmp_path) == ["index.html"]
    build(tmp_path)
    assert page.read_text(encoding="utf-8") == "page"
    assert find_damaged(tmp_path) == []


def test_a_page_of_other_bytes_is_found_where_all_are_read(tmp_path: Path) -> None:
    build(tmp_path)
    (tmp_path / "index.html").write_text("rage", encoding="utf-8")
    assert find_damaged(tmp_path) == []
    assert find_damaged(tmp_path, is_deep=True) == ["index.html"]
    (tmp_path / STATE / "seals.json").unlink()
    assert find_damaged(tmp_path, is_deep=True) == []
    (tmp_path / "index.html").unlink()
    assert find_damaged(tmp_path) == ["index.html"]


def test_damaged_pages_are_told_with_the_command_that_writes_them_again(tmp_path: Path) -> None:
    past = tmp_path / "site" / "as-of" / "2025-06-20"
    for folder in (tmp_path / "site", past):
        build(folder)
    (past / "index.html").unlink()
    (found,) = find_damaged_pages(tmp_path / "site")
    assert found.startswith("site/as-of/2025-06-20/index.html of the site: not as written")
    assert "`paperstrata publish --anew --as-of 2025-06-20`" in found
