"""Rejects, read again: by today's parsers, rules and corrections."""

from flows.pipeline.ingest import finish, load_pending
from flows.pipeline.pending import ReadingRules
from flows.report import Report
from flows.run import direct, start_run
from flows.workspace import Workspace
from warehouse.connection import open_published
from warehouse.published import captures_with_rejects


def replay_rejects(workspace: Workspace, capture: str = "") -> Report:
    """Load anew every capture with rejects whose id begins so; what is accepted now is in.

    Captures whose parser or rules changed are replayed by any run; this is for the rest.

    Raises:
        LockedError: another writer is at work.
        NotPublishedError: there is no warehouse.
    """
    with open_published(workspace.settings.home.published) as connection:
        chosen = captures_with_rejects(connection, capture)
    with start_run(workspace, "rejects replay", direct, {"captures": chosen}) as run:
        rules = ReadingRules.of(workspace)
        run.forget(chosen)
        load_pending(run, rules)
        finish(run)
    # what is rejected still was rejected before
    return run.report().with_newly()
