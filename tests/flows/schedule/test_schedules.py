"""Schedules and turns: deployments by the configuration, overlaps, failures that are told."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml

from config.settings import load_settings, read_toml
from flows.report import FailedFetch, Report
from flows.workspace import Workspace
from warehouse.checks.result import CheckResult
from warehouse.errors import LockedError
from warehouse.lock import writer_lock

DEPLOYED = Path(__file__).parents[3] / "config" / "prefect.yaml"
HOLD = (
    "import sys, time; from pathlib import Path; from warehouse.lock import writer_lock\n"
    "with writer_lock(Path(sys.argv[1]), {'verb': 'daily'}):\n"
    "    print('held', flush=True); sys.stdin.readline()"
)


def deployments() -> dict[str, Any]:
    """Return the deployments of the file, by name."""
    listed = yaml.safe_load(DEPLOYED.read_text(encoding="utf-8"))["deployments"]
    return {deployment["name"]: deployment for deployment in listed}


def test_the_deployment_file_and_the_settings_say_the_same_schedule() -> None:
    declared = read_toml("default.toml", None)["schedule"]
    (schedule,) = deployments()["daily"]["schedules"]
    assert (schedule["cron"], schedule["timezone"]) == (declared["cron"], declared["time_zone"])
    assert schedule["active"]


def test_serve_and_the_deployment_file_offer_the_same_flows_with_the_same_parameters(
    tmp_path: Path,
) -> None:
    from flows.orchestrate import describe_deployments

    served = {d.name: d for d in describe_deployments(Workspace.open(tmp_path))}
    assert served.keys() == deployments().keys()
    for name, deployed in deployments().items():
        module, _, attribute = deployed["entrypoint"].rpartition(".")
        assert (module, attribute) == ("flows.orchestrate", f"{name}_flow")
        parameters = {**deployed.get("parameters", {}), "home": str(tmp_path)}
        assert served[name].parameters == parameters
        assert [str(s.schedule.cron) for s in served[name].schedules or []] == [
            s["cron"] for s in deployed.get("schedules", [])
        ]


def test_every_parameter_has_a_description_and_choices_are_choices() -> None:
    from prefect.utilities.callables import parameter_schema

    from flows import orchestrate

    for name in deployments():
        schema = parameter_schema(getattr(orchestrate, f"{name}_flow").fn)
        for parameter in schema.properties.values():
            assert parameter["description"].endswith((".", ".json")), parameter
    backfill = parameter_schema(orchestrate.backfill_flow.fn)
    assert backfill.properties["only"]["enum"] == ["missing", "failed", "all"]
    assert backfill.properties["first"]["format"] == "date"
    assert backfill.required == ["feeds", "first", "last"]


@contextmanager
def another_writer(home: Path) -> Iterator[subprocess.Popen[str]]:
    """Hold the lock of a home in another process until a line is sent, or for as long as this."""
    command = [sys.executable, "-c", HOLD, str(home / "lock")]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout and holder.stdout.readline() == "held\n"
        try:
            yield holder
        finally:
            holder.kill()


def configure(folder: Path, monkeypatch: pytest.MonkeyPatch, **schedule: Any) -> Path:
    """Lay settings of the schedule over the shipped ones; return an empty home."""
    overlay = folder / "config"
    overlay.mkdir()
    lines = [f"{name} = {json.dumps(value)}" for name, value in schedule.items()]
    (overlay / "settings.toml").write_text("\n".join(["[schedule]", *lines]))
    monkeypatch.setenv("PAPERSTRATA_CONFIG", str(overlay))
    (folder / "home").mkdir()
    return folder / "home"


def run_scheduled(home: Path, work: Any = None) -> Any:
    """Return what a flow ends with that loads nothing, beside whoever holds the lock."""
    from flows.orchestrate import take_turn
    from flows.pipeline.ingest import ingest
    from flows.schedule.backfill import open_scheduled

    workspace = open_scheduled(str(home))
    return take_turn(workspace, work or partial(ingest, workspace, [], verb="daily"))


def test_a_run_that_waits_begins_when_the_other_writer_has_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = configure(tmp_path, monkeypatch, overlap="wait", wait_seconds=60)
    with another_writer(home) as holder:
        assert holder.stdin
        release = threading.Timer(1.0, lambda: holder.communicate("go\n"))
        start = time.monotonic()
        release.start()
        ended = run_scheduled(home)
        assert time.monotonic() - start >= 0.9
        release.join()
    assert ended["run_id"]


def test_a_run_that_waits_in_vain_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = configure(tmp_path, monkeypatch, overlap="wait", wait_seconds=0)
    with another_writer(home), pytest.raises(LockedError, match="verb daily"):
        run_scheduled(home)


@pytest.mark.timeout(50)
def test_a_run_that_skips_is_completed_as_skipped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = configure(tmp_path, monkeypatch, overlap="skip", wait_seconds=60)
    with another_writer(home):
        ended = run_scheduled(home)
    assert (ended.type.value, ended.name) == ("COMPLETED", "Skipped")
    assert "another writer is at work: verb daily" in ended.message


def test_a_skipping_backfill_that_has_begun_waits_between_its_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows.orchestrate import take_turn
    from flows.schedule.backfill import backfill_feeds, open_scheduled

    home = configure(tmp_path, monkeypatch, overlap="skip", wait_seconds=60)
    workspace = open_scheduled(str(home))
    runs: list[int] = []

    def take(due: Any) -> Report:
        with writer_lock(home / "lock", {}, workspace.settings.lock_wait_seconds):
            runs.append(len(due))
        if len(runs) == 1:
            holder = another_writer(home)
            process = holder.__enter__()
            threading.Timer(1.0, lambda: holder.__exit__(None, None, None)).start()
            assert process.poll() is None
        return Report("run")

    days = (date(2025, 1, 1), date(2025, 4, 30))
    ended = take_turn(
        workspace, lambda: backfill_feeds(workspace, ["hf-daily"], *days, "missing", take)
    )
    assert runs == [60, 60]
    assert isinstance(ended, dict)


def test_a_run_that_could_not_reach_its_source_or_publish_has_failed(tmp_path: Path) -> None:
    fetch = FailedFetch("hf-daily", date(2025, 6, 2), "HTTP 503")
    check = CheckResult("keys", "identity", "critical", "failed", "no row", "1 rows")
    failed, blocked = Report(failed=[fetch]), Report(failed_checks=[check])
    for report, message in ((failed, "hf-daily 2025-06-02: HTTP 503"), (blocked, "failed: keys")):
        state = run_scheduled(tmp_path, lambda report=report: report)
        assert state.type.value == "FAILED"
        assert state.message.endswith(message)


def test_a_failed_run_is_told_by_the_command_of_the_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from prefect.states import Failed

    from flows.orchestrate import backfill_flow, daily_flow, ingest_flow, notify

    told = tmp_path / "told.txt"
    script = f"import sys, pathlib; pathlib.Path({str(told)!r}).write_text(sys.argv[1])"
    configure(tmp_path, monkeypatch, notify_command=[sys.executable, "-c", script])

    class Named:
        name = "calm-crane"

    notify(daily_flow, Named(), Failed(message="3 looks failed"))
    assert told.read_text() == "paperstrata daily calm-crane: Failed: 3 looks failed"
    for flow in (daily_flow, backfill_flow, ingest_flow):
        assert flow.on_failure_hooks == [notify]
        assert flow.on_crashed_hooks == [notify]
    assert load_settings().schedule.notify_command
    # a command that cannot run stops no run
    (tmp_path / "other").mkdir()
    configure(tmp_path / "other", monkeypatch, notify_command=[str(tmp_path / "nowhere")])
    notify(daily_flow, Named(), Failed(message="3 looks failed"))


@pytest.mark.slow
def test_a_flow_that_skips_or_fails_says_so_to_the_server_and_to_us(tmp_path: Path) -> None:
    overlay, home, told = tmp_path / "config", tmp_path / "home", tmp_path / "told.txt"
    overlay.mkdir()
    home.mkdir()
    script = f"import sys, pathlib; pathlib.Path({str(told)!r}).write_text(sys.argv[1])"
    (overlay / "settings.toml").write_text(
        f"fetch_tries = 1\n[schedule]\noverlap = 'skip'\n"
        f"notify_command = {json.dumps([sys.executable, '-c', script])}\n"
    )
    code = (
        "import sys; from datetime import date; from pathlib import Path\n"
        "from flows.orchestrate import backfill_flow; from warehouse.lock import writer_lock\n"
        "asked = (['hf-daily'], date(2025, 6, 2), date(2025, 6, 2), 'missing', sys.argv[1])\n"
        "with writer_lock(Path(sys.argv[1]) / 'lock', {'verb': 'ingest'}):\n"
        "    print(backfill_flow(*asked, return_state=True).name)\n"
        "print(backfill_flow(*asked, return_state=True).name)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code, str(home)],
        capture_output=True,
        text=True,
        env={
            **os.environ,
            "PREFECT_HOME": str(tmp_path / "prefect"),
            "PAPERSTRATA_CONFIG": str(overlay),
            "HF_ENDPOINT": "http://127.0.0.1:9",
        },
    )
    assert ended.stdout.split() == ["Skipped", "Failed"], ended.stderr
    assert "1 look failed, at hf-daily 2025-06-02" in told.read_text()
