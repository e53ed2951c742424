"""Telling somebody of a run that failed, by the command of the settings."""

import subprocess
from typing import Any

from config.settings import load_settings
from flows.orchestrate.killed_runs import REASON, end_killed_runs
from flows.orchestrate.server import Server
from warehouse.visible import on_one_line


def notify(flow: Any, flow_run: Any, state: Any) -> None:
    """Tell somebody that a run failed: a hook of every flow."""
    _tell(f"{flow.name} {flow_run.name}: {state.name}: {state.message}")


def tell_of_killed_runs() -> None:
    """End what killed processes left as Running, and tell of each of them."""
    if Server.lost:
        return
    try:
        killed = end_killed_runs()
    except Exception as error:
        Server.lose(error)
        return
    for run in killed:
        _tell(f"{run.name}: Crashed: {REASON}")


def _tell(message: str) -> None:
    command = load_settings().schedule.notify_command
    if command:
        told = on_one_line(f"paperstrata {message}")
        subprocess.run([*command, told], check=False, timeout=60)  # noqa: S603 - configured
