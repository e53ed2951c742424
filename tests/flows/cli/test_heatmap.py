"""The ledger as a heatmap on a terminal, and as lines in a pipe."""

import sys
from datetime import date, timedelta

import pytest

from flows.cli.heatmap import draw_heatmap
from tests.flows.cli.terminal import Terminal


def test_the_heatmap_is_a_row_per_weekday_and_a_column_per_week(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setenv("COLUMNS", "80")
    monday = date(2025, 6, 2)
    states = ["loaded", "open", "truncated", "held", "outage", "legit_empty", "closed"]
    days = [(monday + timedelta(days=number), state) for number, state in enumerate(states)]
    days += [(monday + timedelta(days=7), "missing"), (monday + timedelta(days=8), "late")]
    draw_heatmap("hf-daily", days)
    shown = [line.rstrip() for line in terminal.getvalue().splitlines()]
    assert shown[0] == "hf-daily  2025-06-02 to 2025-06-10"
    assert shown[1:8] == ["M ■ ✗", "T ◧ ?", "W ▣", "T h", "F x", "S ○", "S ·"]
    assert shown[8].startswith("■ loaded  ◧ open")


def test_in_a_pipe_the_heatmap_is_a_line_per_state_that_is_no_good(
    capsys: pytest.CaptureFixture[str],
) -> None:
    monday = date(2025, 6, 2)
    days = [(monday + timedelta(days=n), "missing" if n % 2 else "loaded") for n in range(20)]
    draw_heatmap("hf-daily", days)
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("hf-daily\tmissing\t10\t2025-06-03, 2025-06-05")
    assert line.endswith("..., 2025-06-21") or line.endswith("... 2025-06-21")
