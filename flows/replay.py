"""Rejects, read again: by today's parsers, rules and corrections."""

from functools import partial

from flows.house import House
from flows.ingest import load_landed, load_pending
from flows.publishing import finish
from flows.report import Report
from flows.run import direct, start_run
from warehouse.connection import open_published


def replay_rejects(house: House, capture: str = "") -> Report:
    """Load anew every capture with rejects whose id begins so; what is accepted now is in.

    Captures whose parser or rules changed are replayed by any run; this is for the rest.

    Raises:
        LockedError: another writer is at work.
        NotPublishedError: there is no warehouse.
    """
    with open_published(house.settings.home.published) as connection:
        ids = connection.execute(
            "select distinct capture_id from raw.reject where starts_with(capture_id, ?)"
            " order by capture_id",
            [capture],
        ).fetchall()
    chosen = [capture_id for (capture_id,) in ids]
    with start_run(house, "rejects replay", direct, {"captures": chosen}) as run:
        for capture_id in chosen:
            run.loaded.pop(capture_id, None)
        looks = house.landing.looks()
        run.step("land", partial(load_landed, run, looks.filter(looks["capture_id"].is_in(chosen))))
        # all that there is, where the run had to begin anew
        run.step("land", partial(load_pending, run, chosen))
        finish(run)
        return run.report
