"""What a run newly keeps out: held and rejected now, and let in by the file published before."""

from collections import Counter

from flows.run import Run
from flows.workspace import Workspace
from warehouse.connection import SCHEMA_ERRORS, open_published
from warehouse.errors import WarehouseError
from warehouse.published import list_kept_out

KeptOut = set[tuple[str, str, int | None]]
"""See :func:`warehouse.published.list_kept_out`."""


def kept_out_before(workspace: Workspace) -> KeptOut | None:
    """Return what the published file keeps out; None where it cannot tell."""
    try:
        with open_published(workspace.settings.home.published) as connection:
            return list_kept_out(connection)
    except (WarehouseError, *SCHEMA_ERRORS):
        return None


def count_newly(run: Run, before: KeptOut) -> Counter[str]:
    """Return how many captures are newly held and entries newly rejected in the work file."""
    if not run.has_work:
        return Counter()
    return Counter(kind for kind, *_ in list_kept_out(run.open_work()) - before)
