"""The feeds as the last step of a run: light to import, for a run may end without anything new."""

from flows.report import Outcome, Report
from flows.workspace import Workspace
from warehouse.errors import WarehouseError


def feeds_after(workspace: Workspace, report: Report) -> Report:
    """Write the feeds after a run that has published; return its report.

    What has been published stays so: feeds that cannot be written are a warning.
    """
    if not report.is_published:
        return report
    from flows.out.feeds import write_feeds

    try:
        write_feeds(workspace)
    except (OSError, ValueError, WarehouseError) as error:
        return report + Outcome(warnings=[f"the feeds could not be written: {error}"])
    return report
