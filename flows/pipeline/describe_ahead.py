"""The topics and terms of a long load's texts, by another process while the load goes on."""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Final

import polars as pl

from flows.other_process import all_results, is_worth_it
from flows.run import Run

if TYPE_CHECKING:
    from transforms.topics.describe import Described

_WORTH_A_PROCESS: Final = 3_000_000
"""Bytes of texts in a batch: two thousand papers. To begin a process takes as long as fewer do."""
_ASKED_AT_ONCE: Final = 6_000_000
"""Bytes of texts."""
_LONGEST: Final = 50_000
"""Bytes of an abstract, of which usual ones have 1,500: those of longer texts are described alone,
for they take many times their length of memory.
"""


def describe_ahead(run: Run, texts: pl.DataFrame) -> None:
    """Let the other process of a run describe new texts (content_id, title, abstract) meanwhile.

    Where they are few, or there is one processor, they are left for later.
    """
    usual = texts.filter(pl.col("abstract").str.len_bytes().fill_null(0) <= _LONGEST)
    size = int(usual.estimated_size())
    is_alone = run.workspace.limits.threads == 1 or not is_worth_it()
    if is_alone or not (run.other.is_begun or size > _WORTH_A_PROCESS):
        return
    from transforms.topics.describe import describe

    named = usual.rename({"content_id": "text_id"})
    rows = max(1, named.height * _ASKED_AT_ONCE // max(size, 1))
    describing = partial(describe, run.workspace.taxonomy)
    run.asked += [run.other.ask(describing, part) for part in named.iter_slices(rows)]


def take_described(run: Run) -> "Iterator[Described]":
    """Yield what was asked of the other process; text_id is the content_id.

    Where that one ended before its time, the log of runs says so: the load took longer.
    """
    asked, run.asked = run.asked, []
    yield from all_results(asked)
    if asked and not run.other.is_begun:
        run.write_log("other process ended")
