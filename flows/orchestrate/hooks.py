"""Telling somebody of a run that failed, by the command of the settings."""

import logging
import subprocess
from typing import Any

from config.settings import load_settings
from flows.orchestrate.killed_runs import REASON, end_killed_runs
from flows.orchestrate.server import Server
from warehouse.visible import on_one_line

_LOGGER = logging.getLogger(__name__)


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
    """Run the command of the settings; where that fails, the run goes on."""
    command = load_settings().schedule.notify_command
    if not command:
        return
    told = on_one_line(f"paperstrata {message}")
    try:
        subprocess.run([*command, told], check=False, timeout=60)  # noqa: S603 - configured
    except (OSError, subprocess.SubprocessError) as error:
        _LOGGER.warning("notify_command failed: %s", on_one_line(str(error)))
