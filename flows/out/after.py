"""The feeds as the last step of a run: light to import, for a run may end without anything new."""

from flows.report import Outcome, Report, describe
from flows.stopped import raise_if_stopped
from flows.workspace import Workspace


def feeds_after(workspace: Workspace, report: Report) -> Report:
    """Write the feeds of what is published after a run; return its report.

    What has been published stays so: feeds that cannot be written are a warning.
    """
    from flows.out.feeds import write_feeds

    try:
        write_feeds(workspace)
    except Exception as error:
        raise_if_stopped()
        # whatever it is, the run has published, and its exit code must say so
        return report + Outcome(warnings=[f"the feeds could not be written: {describe(error)}"])
    return report
