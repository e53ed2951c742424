"""Damaged reports are told from those that are as they were written."""

import os
from pathlib import Path

import pytest

from warehouse.report.marks import find_changed_reports, mark_again, mark_bytes
from warehouse.report.page import write_page

PAGE = b"<html><body>x</body></html>"
RESULT = "data_docs/validations/one/result.html"


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    folder = tmp_path / "reports"
    write_page(folder / "quality.html", PAGE.decode())
    index = PAGE.replace(b"x", b'<a href="validations/one/result.html">one</a>')
    for name, body in ((RESULT, PAGE), ("data_docs/index.html", index)):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(mark_bytes(body))
    return folder


@pytest.mark.parametrize("name", ["quality.html", "data_docs/index.html", RESULT])
def test_a_report_that_is_changed_cut_or_gone_is_named_with_what_mends_it(
    reports: Path, name: str
) -> None:
    assert find_changed_reports(reports) == []
    path = reports / name
    body = path.read_bytes()
    for at in range(len(body)):
        path.write_bytes(bytes((*body[:at], body[at] ^ 1, *body[at + 1 :])))
        (told,) = find_changed_reports(reports)
        assert told.startswith(f"reports/{name}")
        assert "`paperstrata quality`" in told
    for length in (0, 3, len(PAGE) - 5, len(body) - 5):
        path.write_bytes(body[:length])
        assert len(find_changed_reports(reports)) == 1, length
    path.unlink()
    assert len(find_changed_reports(reports)) == 1
    path.mkdir()
    assert len(find_changed_reports(reports)) == 1


def test_reports_of_an_earlier_version_none_at_all_and_erased_ones_are_sound(
    reports: Path,
) -> None:
    page = reports / "quality.html"
    page.write_bytes(PAGE + b"\n")
    assert find_changed_reports(reports) == []
    assert mark_again(PAGE) == PAGE
    page.write_bytes(mark_again(mark_bytes(PAGE).replace(b"x", b"[erased]")))
    assert find_changed_reports(reports) == []
    assert find_changed_reports(reports / "nowhere") == []


def test_a_report_that_has_grown_beyond_any_memory_is_named_and_not_read(reports: Path) -> None:
    os.truncate(reports / "quality.html", 10 << 30)
    (told,) = find_changed_reports(reports)
    assert told.startswith("reports/quality.html")
