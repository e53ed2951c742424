"""Rejects, read again: by today's parsers, rules and corrections."""

from functools import partial

from flows.pipeline.ingest import load_landed, load_pending
from flows.pipeline.publish import finish
from flows.report import Report
from flows.run import direct, start_run
from flows.workspace import Workspace
from warehouse.connection import open_published


def replay_rejects(workspace: Workspace, capture: str = "") -> Report:
    """Load anew every capture with rejects whose id begins so; what is accepted now is in.

    Captures whose parser or rules changed are replayed by any run; this is for the rest.

    Raises:
        LockedError: another writer is at work.
        NotPublishedError: there is no warehouse.
    """
    with open_published(workspace.settings.home.published) as connection:
        ids = connection.execute(
            "select distinct capture_id from raw.reject where starts_with(capture_id, ?)"
            " order by capture_id",
            [capture],
        ).fetchall()
    chosen = [capture_id for (capture_id,) in ids]
    with start_run(workspace, "rejects replay", direct, {"captures": chosen}) as run:
        for capture_id in chosen:
            run.loaded.pop(capture_id, None)
        captures = workspace.landing.captures()
        run.step(
            "land", partial(load_landed, run, captures.filter(captures["capture_id"].is_in(chosen)))
        )
        # all that there is, where the run had to begin anew
        run.step("land", partial(load_pending, run, chosen))
        finish(run)
        return run.report
