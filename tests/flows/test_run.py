"""A run: its stages stand in the log of the home folder, with how it ended."""

import json
from pathlib import Path
from typing import Any

import pytest

from flows.pipeline.ingest import ingest
from flows.pipeline.inputs import Inputs
from flows.run import direct, start_run
from flows.workspace import Workspace
from tests.flows.captures import api_page, write


def log_of(home: Path) -> list[dict[str, Any]]:
    text = (home / "runs.log").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def test_a_run_logs_every_stage_and_its_end(tmp_path: Path) -> None:
    write(tmp_path / "inbox" / "page.json", api_page())
    report = ingest(Workspace.open(tmp_path / "home"), [Inputs((tmp_path / "inbox",))])
    *stages, end = log_of(tmp_path / "home")
    assert {line["stage"] for line in stages} >= {"land", "load", "derive", "check", "publish"}
    assert {line["run_id"] for line in (*stages, end)} == {report.run_id}
    assert (end["event"], end["state"], end["captures"]["loaded"]) == ("end", "published", 1)


def test_a_stage_that_fails_is_named_in_the_log_with_the_reason(tmp_path: Path) -> None:
    def fail() -> None:
        raise RuntimeError("no room")

    with (
        pytest.raises(RuntimeError),
        start_run(Workspace.open(tmp_path), "ingest", direct, {}) as run,
    ):
        run.step("load", fail)
    failed, end = log_of(tmp_path)
    assert (failed["event"], failed["stage"]) == ("failed", "load")
    assert failed["reason"] == end["reason"] == "RuntimeError: no room"
    assert end["state"] == "failed"
