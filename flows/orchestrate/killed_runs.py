"""Runs whose process was killed: the server shows them as Running until somebody ends them."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
    FlowRunFilterTags,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.context import FlowRunContext
from prefect.states import Crashed

REASON = "its process was killed before it could tell how it ended"
_PREFIX = "process:"
_PAGE = 200


def end_killed_runs() -> list[FlowRun]:
    """End the runs of this machine whose process is gone, as Crashed; return them.

    The run that asks marks itself by a tag with the name of its process, so that a later one can
    tell whether it lives. Runs of other machines are left alone. Outside a flow nothing is done.

    Raises:
        Exception: the server did not answer.
    """
    context = FlowRunContext.get()
    if context is None or context.flow_run is None:
        return []
    with get_client(sync_client=True) as client:
        own = context.flow_run.id
        mark = _PREFIX + name_process(os.getpid())
        client.update_flow_run(own, tags={*context.flow_run.tags, _host_tag(), mark})
        killed = [run for run in _running_here(client, own) if _is_killed(run)]
        for run in killed:
            client.set_flow_run_state(run.id, Crashed(message=REASON), force=True)
    return killed


def name_process(pid: int) -> str:
    """Return a process's number with its start, as ``812@5310``: numbers are used again.

    The start is in clock ticks since the machine's; ``-`` where the system does not tell it.
    """
    try:
        after_name = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2]
    except OSError:
        return f"{pid}@-"
    return f"{pid}@{after_name.split()[19]}"


def is_gone(name: str) -> bool:
    """Tell whether the process that was named so on this machine has ended."""
    number, _, start = name.partition("@")
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except (OSError, ValueError):  # somebody else's, or no name of ours: nothing is known
        return False
    return start != "-" and name_process(int(number)) != name


def _host_tag() -> str:
    return f"host:{socket.gethostname()}"


def _running_here(client: SyncPrefectClient, own: UUID) -> Iterator[FlowRun]:
    wanted = FlowRunFilter(
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.RUNNING])),
        tags=FlowRunFilterTags(all_=[_host_tag()]),
    )
    found = client.read_flow_runs(flow_run_filter=wanted, limit=_PAGE)
    return (run for run in found if run.id != own)


def _is_killed(run: FlowRun) -> bool:
    names = [tag.removeprefix(_PREFIX) for tag in run.tags if tag.startswith(_PREFIX)]
    return bool(names) and all(map(is_gone, names))
