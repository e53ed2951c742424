"""Charts drawn by two processes."""

import json
from contextlib import closing
from pathlib import Path

import pytest

from flows.site import vega

CHARTS = [
    json.dumps({"width": 10 + number, "height": 10, "marks": [{"type": "rule"}]})
    for number in range(14)
]


def _draw(charts: list[str]) -> list[str]:
    with closing(vega.Drawings(charts)) as drawings:
        return drawings.result()


def test_a_second_process_draws_what_this_one_would(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vega, "_is_for_two", lambda: True)
    by_another = _draw(CHARTS)
    monkeypatch.setattr(vega, "_is_for_two", lambda: False)
    assert by_another == _draw(CHARTS)
    assert len(set(by_another)) == len(CHARTS)


def test_both_processes_draw_where_there_is_much_left(monkeypatch: pytest.MonkeyPatch) -> None:
    many = [json.dumps({"width": 10 + number, "height": 9}) for number in range(60)]
    monkeypatch.setattr(vega, "_is_for_two", lambda: True)
    by_both = _draw(many)
    monkeypatch.setattr(vega, "_is_for_two", lambda: False)
    assert by_both == _draw(many)


def test_charts_are_drawn_where_no_second_process_can(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    expected = _draw(CHARTS)
    monkeypatch.setattr(vega, "_is_for_two", lambda: True)
    program = tmp_path / "ends.py"
    program.write_text("print(1); raise SystemExit(1)")
    monkeypatch.setattr(vega, "__file__", str(program))
    assert _draw(CHARTS) == expected
