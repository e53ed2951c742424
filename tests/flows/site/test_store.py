"""The files of a site, and the note of what the last build made."""

import json
import os
import shutil
from pathlib import Path

import pytest

from flows.site.changed_files import find_changed_files, note_erased_pages
from flows.site.charts import Charts
from flows.site.store import STATE, OtherFilesError, Store, refuse_others


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


def test_a_folder_with_pages_of_others_is_refused(tmp_path: Path) -> None:
    site = tmp_path / "site"
    refuse_others(site)
    (site / "as-of").mkdir(parents=True)
    refuse_others(site)
    (site / "index.html").write_text("<title>What is rising \u00b7 paperstrata</title>", "utf-8")
    (site / "papers").mkdir()
    (site / "papers" / "a.html").touch()
    refuse_others(site)
    (site / "index.html").write_text("<title>Mine</title>", encoding="utf-8")
    with pytest.raises(OtherFilesError, match="not of this site"):
        refuse_others(site)
    (site / "index.html").unlink()
    with pytest.raises(OtherFilesError, match="not of this site"):
        refuse_others(site)
    build(site)
    refuse_others(site)


def test_what_a_first_build_left_that_was_stopped_is_ours(tmp_path: Path) -> None:
    stopped = Store.open(tmp_path, "code")
    stopped.write("papers/a.html", "page", lambda: "page")
    refuse_others(tmp_path)
    build(tmp_path)
    assert not (tmp_path / "papers" / "a.html").exists()


def test_an_empty_folder_in_the_place_of_a_page_is_replaced(tmp_path: Path) -> None:
    build(tmp_path)
    (tmp_path / "index.html").unlink()
    (tmp_path / "index.html").mkdir()
    build(tmp_path)
    assert (tmp_path / "index.html").read_text(encoding="utf-8") == "page"


def test_a_link_in_the_place_of_a_page_is_replaced_and_not_followed(tmp_path: Path) -> None:
    site, mine = tmp_path / "site", tmp_path / "mine.txt"
    mine.write_text("mine", encoding="utf-8")
    build(site)
    (site / "index.html").unlink()
    (site / "index.html").symlink_to(mine)
    build(site)
    assert (site / "index.html").read_text(encoding="utf-8") == "page"
    assert mine.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("text", ["pag", "", "pagf", None])
def test_a_page_that_is_not_as_it_was_written_is_named_and_written_anew(
    text: str | None, tmp_path: Path
) -> None:
    site = tmp_path / "site"
    for past in (site, site / "as-of" / "2025-06-20"):
        page = past / "index.html"
        build(past)
        assert find_changed_files(site) == []
        if text is None:
            page.unlink()
        else:
            page.write_text(text, encoding="utf-8")
        (told,) = find_changed_files(site)
        assert told.startswith(f"{page.relative_to(tmp_path)}: not as written, or gone")
        assert ("--as-of 2025-06-20" in told) == (past != site)
        build(past)
        assert page.read_text(encoding="utf-8") == "page"


def test_a_page_of_other_bytes_under_its_time_is_found_where_all_are_read(tmp_path: Path) -> None:
    site = tmp_path / "site"
    build(site)
    page = site / "index.html"
    seen = page.stat()
    page.write_text("rage", encoding="utf-8")
    os.utime(page, ns=(seen.st_atime_ns, seen.st_mtime_ns))
    assert find_changed_files(site) == []
    (told,) = find_changed_files(site, is_deep=True)
    assert "`paperstrata publish --anew`" in told


def test_a_page_of_the_archive_that_an_erasure_changed_is_as_it_should_be(tmp_path: Path) -> None:
    site = tmp_path / "site"
    past = site / "as-of" / "2025-06-20"
    build(past)
    (past / "index.html").write_text("[erased]", encoding="utf-8")
    note_erased_pages(site, ["site/as-of/2025-06-20/index.html", "journal/run.ndjson"])
    assert find_changed_files(site) == []


def test_a_copy_of_a_site_is_as_it_was_written(tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    build(tmp_path / "site")
    shutil.copytree(tmp_path / "site", copy, copy_function=shutil.copyfile)
    assert find_changed_files(copy) == []
    seen = (copy / "index.html").stat()
    build(copy)
    assert (copy / "index.html").stat() == seen


def test_a_damaged_note_says_nothing(tmp_path: Path) -> None:
    """Of its words a page would be made."""
    store = build(tmp_path)
    store.write_state("phrases", {"digest": "quiet gradient"})
    note = tmp_path / STATE / "phrases.json"
    assert store.read_state("phrases") == {"digest": "quiet gradient"}
    note.write_bytes(note.read_bytes().replace(b"quiet", b"quiev"))
    assert store.read_state("phrases") == {}


@pytest.mark.parametrize("damage", [b"\xff", b"<svg>", b"", None])
def test_a_damaged_chart_is_drawn_anew(
    damage: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vl_convert.vega_to_svg", lambda _: "<svg>drawn</svg>")
    charts = Charts(tmp_path)
    name = charts.ask({"data": {"values": [{"day": 1}]}, "mark": "point", "encoding": {}})
    charts.draw_missing()
    (kept,) = tmp_path.glob("*.svg")
    if damage is None:
        kept.unlink()
        os.mkfifo(kept)
    else:
        kept.write_bytes(damage + kept.read_bytes()[1:] if damage else b"")
    assert charts.read(name) == "<svg>drawn</svg>"
    assert b"drawn" in kept.read_bytes()


def test_a_page_or_a_note_that_has_grown_beyond_any_memory_is_not_read(tmp_path: Path) -> None:
    site = tmp_path / "site"
    build(site)
    os.truncate(site / "index.html", 10 << 30)
    (told,) = find_changed_files(site)
    assert told.startswith("site/index.html")
    build(site)
    os.truncate(site / STATE / "files.json", 10 << 30)
    build(site)
    assert (site / "index.html").read_text(encoding="utf-8") == "page"
    assert find_changed_files(site) == []
