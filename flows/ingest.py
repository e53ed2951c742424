"""The whole way on one screen: from captures to a published warehouse."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from functools import partial

import polars as pl

from flows.due import DueLook
from flows.house import House
from flows.land import Delivery, LandingState, Look, land, read_batches, reread
from flows.publishing import finish
from flows.refine import refine
from flows.report import Report
from flows.run import Judge, Progress, Run, Step, direct, quiet, start_run
from transforms.parse.entry import Parsed
from transforms.recognise import FORMATS
from warehouse import load


def ingest(
    house: House,
    deliveries: Sequence[Delivery],
    due: Sequence[DueLook] = (),
    step: Step = direct,
    verb: str = "ingest",
    judge: Judge | None = None,
    progress: Progress = quiet,
) -> Report:
    """Land the captures of the deliveries and the looks that are due, load what the warehouse does
    not hold, publish.

    Raises:
        LockedError: another writer is at work.
    """
    parameters = {
        "paths": [str(path) for delivery in deliveries for path in delivery.paths],
        "due": [f"{look.feed_id} {look.feed_date or ''}".strip() for look in due],
    }
    with start_run(house, verb, step, parameters) as run:
        state = run.step("land", partial(LandingState.read, house))
        run.at_end(state.close)
        for delivery in deliveries:
            for files in read_batches(delivery.paths, house):
                landing_step = partial(land, files, delivery.stated, house, state, run.report)
                looks = run.step("land", landing_step)
                load_looks(run, looks, count_unchanged=True)
                progress(len(files), sum(file.size or 0 for file in files))
        for looks in fetch_batches(run, due, state):
            load_looks(run, looks)
            progress(len(looks), sum(look.facts["bytes"] for look in looks))
        run.step("land", state.settle)
        load_pending(run, state.seen_in_run)
        finish(run, judge)
        return run.report


def fetch_batches(run: Run, due: Sequence[DueLook], state: LandingState) -> Iterator[list[Look]]:
    """Take the looks that are due, in batches; without any, nothing of the network is imported."""
    if not due:
        return
    from flows.fetch import LOOKS_PER_BATCH, fetch_looks, open_catalogue

    unreachable: set[str] = set()
    with open_catalogue(run.house) as catalogue:
        for start in range(0, len(due), LOOKS_PER_BATCH):
            batch = due[start : start + LOOKS_PER_BATCH]
            fetching = partial(
                fetch_looks, batch, run.house, catalogue, state, run.report, unreachable
            )
            yield run.step("fetch", fetching)


def load_looks(run: Run, looks: list[Look], *, count_unchanged: bool = False) -> None:
    """Load those looks of a batch that the warehouse does not hold as they would be read today."""
    fresh = [
        look
        for look in looks
        if not run.is_current(look.capture_id, look.format.parser_version, look.facts["feed_id"])
    ]
    if count_unchanged:
        run.report.captures["unchanged"] += len(looks) - len(fresh)
    if not fresh:
        return
    for facts in run.step("refine", partial(_refine, run, fresh)):
        run.step("load", partial(_load, run, facts))


def load_pending(run: Run, seen_in_run: Collection[str] = ()) -> None:
    """Load landed looks that this run was not given and the warehouse does not hold: what a
    crash left behind, and what another parser, rule or decision reads differently.
    """
    waiting = find_pending(run, run.house.landing.looks())
    load_landed(run, waiting.filter(~pl.col("capture_id").is_in(list(seen_in_run))))


def find_pending(run: Run, looks: pl.DataFrame) -> pl.DataFrame:
    """Return the looks that the warehouse does not hold as they would be read today."""
    is_pending = [
        not run.is_current(capture_id, FORMATS[format_].parser_version, feed_id)
        for capture_id, format_, feed_id in looks.select(
            "capture_id", "format", "feed_id"
        ).iter_rows()
    ]
    return looks.filter(pl.Series(is_pending, dtype=pl.Boolean))


def load_landed(run: Run, looks: pl.DataFrame) -> None:
    """Load looks out of the landing, in batches bounded by their bytes."""
    for batch in _by_bytes(looks, run.house.settings.batch_bytes):
        run.report.captures["seen"] += batch.height
        load_looks(run, run.step("land", partial(reread, batch, run.house)))


def _refine(run: Run, looks: list[Look]) -> list[load.Facts]:
    """Refine a batch; a look at which a stage fails is found by halving, and held.

    So a capture that we cannot read stops neither the others nor any later run.
    """
    try:
        report = Report(run.run_id)
        facts = [refine(looks, run.house, run.decisions, report)]
    except Exception as error:
        if len(looks) > 1:
            half = len(looks) // 2
            return _refine(run, looks[:half]) + _refine(run, looks[half:])
        if looks[0].error:
            raise
        failed = replace(looks[0], parsed=Parsed(), error=f"{type(error).__name__}: {error}"[:500])
        return _refine(run, [failed])
    run.report.add_counts(report)
    return facts


def _load(run: Run, facts: load.Facts) -> None:
    load.load_facts(run.work, facts)
    load.commit_batch(run.work)


def _by_bytes(looks: pl.DataFrame, limit: int) -> list[pl.DataFrame]:
    if looks.is_empty():
        return []
    batch = looks.select((pl.col("bytes").cum_sum() - pl.col("bytes")) // limit).to_series()
    return looks.with_columns(batch=batch).partition_by(
        "batch", maintain_order=True, include_key=False
    )
