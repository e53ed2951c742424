"""Captures in batches, as many as memory should hold: of inboxes, of sources, of the landing."""

from collections.abc import Iterator, Sequence
from functools import partial

import polars as pl

from flows.pipeline.capture import Capture, reread
from flows.pipeline.inbox_memory import InboxMemory
from flows.pipeline.inputs import DueFetch, Inputs, read_batches
from flows.pipeline.land import LandingState, land
from flows.report import Outcome
from flows.run import Progress, Run


def land_batches(
    run: Run,
    inputs: Sequence[Inputs],
    state: LandingState,
    memory: InboxMemory,
    progress: Progress,
) -> Iterator[list[Capture]]:
    """Land the files of the inputs, in batches, and parse them."""
    for given in inputs:
        is_left_out = partial(memory.skips, stated=given.stated) if given.is_inbox else None
        for files in read_batches(given.paths, run.workspace, is_left_out):
            waiting = iter(files)
            landing = partial(land, waiting, given.stated, run.workspace, state, memory)
            landing = partial(landing, is_inbox=given.is_inbox)
            while landed := run.step("land", landing):
                captures, outcome = landed
                run.note(outcome)
                yield captures
            progress(len(files), sum(file.size or 0 for file in files))


def fetch_batches(
    run: Run, due: Sequence[DueFetch], state: LandingState, progress: Progress
) -> Iterator[list[Capture]]:
    """Make the fetches that are due, in batches; without any, no network code is imported."""
    if not due:
        return
    from flows.pipeline.fetch import fetch_due
    from flows.pipeline.open_sources import open_registry

    with open_registry(run.workspace) as registry:
        batches = fetch_due(due, run.workspace, registry, state)
        while fetched := run.step("fetch", partial(next, batches, None)):
            captures, outcome = fetched
            run.note(outcome)
            yield captures
            progress(len(captures), sum(one.facts["bytes"] for one in captures))


def read_landed(run: Run, captures: pl.DataFrame) -> Iterator[list[Capture]]:
    """Read captures out of the landing again, in batches bounded by what they take of memory."""
    for batch in _by_bytes(captures, run.workspace.settings.batch_bytes):
        run.note(Outcome.of_captures(seen=batch.height))
        parts = reread(batch, run.workspace)
        while part := run.step("land", partial(next, parts, None)):
            yield part


def _by_bytes(captures: pl.DataFrame, limit: int) -> list[pl.DataFrame]:
    if captures.is_empty():
        return []
    batch = captures.select((pl.col("bytes").cum_sum() - pl.col("bytes")) // limit).to_series()
    return captures.with_columns(batch=batch).partition_by(
        "batch", maintain_order=True, include_key=False
    )
