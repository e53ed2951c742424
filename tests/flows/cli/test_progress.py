"""How far a run is, on a terminal, and nothing in a pipe."""

import sys

import pytest

from flows.cli.progress import show_fetches, show_progress
from tests.flows.cli.terminal import Terminal


def test_in_a_pipe_no_progress_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    with show_progress("ingest") as progress:
        progress(3, 1_000_000)
    with show_fetches() as (progress, told):
        told("hf-daily", 1, 2)
        progress(1, 100)
    assert capsys.readouterr() == ("", "")


def test_on_a_terminal_files_and_bytes_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with show_progress("ingest") as progress:
        progress(3, 1_000_000)
        progress(1_000, 500_000)
    assert "ingest: 1,003 files, 1.5 MB" in terminal.getvalue()


def test_on_a_terminal_a_backfill_says_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with show_fetches() as (progress, told):
        told("hf-daily 2025-06-02", 4, 30)
        progress(1, 100)
    assert "hf-daily 2025-06-02" in terminal.getvalue()
    assert "5/30" in terminal.getvalue()
