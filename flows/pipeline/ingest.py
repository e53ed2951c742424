"""The whole way on one screen: from captures to a published warehouse."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from functools import partial

import polars as pl

from flows.pipeline.land import Capture, Inputs, LandingState, land, read_batches, reread
from flows.pipeline.publish import finish
from flows.pipeline.transform import transform
from flows.report import Report
from flows.run import Progress, QualityChecks, Run, Step, direct, quiet, start_run
from flows.schedule.due import DueFetch
from flows.workspace import Workspace
from transforms.parse.entry import Parsed
from transforms.parse.recognise import FORMATS
from warehouse import load


def ingest(
    workspace: Workspace,
    inputs: Sequence[Inputs],
    due: Sequence[DueFetch] = (),
    step: Step = direct,
    verb: str = "ingest",
    judge: QualityChecks | None = None,
    progress: Progress = quiet,
) -> Report:
    """Land the captures of the deliveries and the looks that are due, load what the warehouse does
    not hold, publish.

    Raises:
        LockedError: another writer is at work.
    """
    parameters = {
        "paths": [str(path) for given in inputs for path in given.paths],
        "due": [f"{capture.feed_id} {capture.feed_date or ''}".strip() for capture in due],
    }
    with start_run(workspace, verb, step, parameters) as run:
        state = run.step("land", partial(LandingState.read, workspace))
        run.at_end(state.close)
        for given in inputs:
            for files in read_batches(given.paths, workspace):
                landing_step = partial(land, files, given.stated, workspace, state, run.report)
                captures = run.step("land", landing_step)
                load_captures(run, captures, count_unchanged=True)
                progress(len(files), sum(file.size or 0 for file in files))
        for captures in fetch_batches(run, due, state):
            load_captures(run, captures)
            progress(len(captures), sum(capture.facts["bytes"] for capture in captures))
        run.step("land", state.flush)
        load_pending(run, state.seen_in_run)
        finish(run, judge)
        return run.report


def fetch_batches(
    run: Run, due: Sequence[DueFetch], state: LandingState
) -> Iterator[list[Capture]]:
    """Take the looks that are due, in batches; without any, nothing of the network is imported."""
    if not due:
        return
    from flows.pipeline.fetch import FETCHES_PER_BATCH, fetch_due, open_registry

    unreachable: set[str] = set()
    with open_registry(run.workspace) as registry:
        for start in range(0, len(due), FETCHES_PER_BATCH):
            batch = due[start : start + FETCHES_PER_BATCH]
            fetching = partial(
                fetch_due, batch, run.workspace, registry, state, run.report, unreachable
            )
            yield run.step("fetch", fetching)


def load_captures(run: Run, captures: list[Capture], *, count_unchanged: bool = False) -> None:
    """Load those looks of a batch that the warehouse does not hold as they would be read today."""
    fresh = [
        capture
        for capture in captures
        if not run.is_current(
            capture.capture_id, capture.format.parser_version, capture.facts["feed_id"]
        )
    ]
    if count_unchanged:
        run.report.captures["unchanged"] += len(captures) - len(fresh)
    if not fresh:
        return
    for facts in run.step("refine", partial(_transform, run, fresh)):
        run.step("load", partial(_load, run, facts))


def load_pending(run: Run, seen_in_run: Collection[str] = ()) -> None:
    """Load landed looks that this run was not given and the warehouse does not hold: what a
    crash left behind, and what another parser, rule or decision reads differently.
    """
    waiting = find_pending(run, run.workspace.landing.captures())
    load_landed(run, waiting.filter(~pl.col("capture_id").is_in(list(seen_in_run))))


def find_pending(run: Run, captures: pl.DataFrame) -> pl.DataFrame:
    """Return the looks that the warehouse does not hold as they would be read today."""
    is_pending = [
        not run.is_current(capture_id, FORMATS[format_].parser_version, feed_id)
        for capture_id, format_, feed_id in captures.select(
            "capture_id", "format", "feed_id"
        ).iter_rows()
    ]
    return captures.filter(pl.Series(is_pending, dtype=pl.Boolean))


def load_landed(run: Run, captures: pl.DataFrame) -> None:
    """Load looks out of the landing, in batches bounded by their bytes."""
    for batch in _by_bytes(captures, run.workspace.settings.batch_bytes):
        run.report.captures["seen"] += batch.height
        load_captures(run, run.step("land", partial(reread, batch, run.workspace)))


def _transform(run: Run, captures: list[Capture]) -> list[load.Facts]:
    """Refine a batch; a look at which a stage fails is found by halving, and held.

    So a capture that we cannot read stops neither the others nor any later run.
    """
    try:
        report = Report(run.run_id)
        facts = [transform(captures, run.workspace, run.decisions, report)]
    except Exception as error:
        if len(captures) > 1:
            half = len(captures) // 2
            return _transform(run, captures[:half]) + _transform(run, captures[half:])
        if captures[0].error:
            raise
        failed = replace(
            captures[0], parsed=Parsed(), error=f"{type(error).__name__}: {error}"[:500]
        )
        return _transform(run, [failed])
    run.report.add_counts(report)
    return facts


def _load(run: Run, facts: load.Facts) -> None:
    load.load_facts(run.work, facts)
    load.commit_batch(run.work)


def _by_bytes(captures: pl.DataFrame, limit: int) -> list[pl.DataFrame]:
    if captures.is_empty():
        return []
    batch = captures.select((pl.col("bytes").cum_sum() - pl.col("bytes")) // limit).to_series()
    return captures.with_columns(batch=batch).partition_by(
        "batch", maintain_order=True, include_key=False
    )
