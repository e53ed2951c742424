"""How far a run is, on a terminal; in a pipe nothing is shown."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from flows.run import Progress, quiet

if TYPE_CHECKING:
    from flows.schedule.backfill import Told


@contextmanager
def show_progress(verb: str) -> Iterator[Progress]:
    """Show how many files and bytes were read."""
    if not sys.stderr.isatty():
        yield quiet
        return
    from rich.console import Console
    from rich.progress import Progress as Bar
    from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(verb, total=None)
        read = {"files": 0, "bytes": 0}

        def update(files: int, size: int) -> None:
            read["files"] += files
            read["bytes"] += size
            shown = f"{verb}: {read['files']:,} files, {read['bytes'] / 1e6:,.1f} MB"
            bar.update(task, description=shown)

        yield update


@contextmanager
def show_fetches() -> Iterator[tuple[Progress, "Told"]]:
    """Show how many fetches of a backfill are done, how many there are, and the time left."""
    if not sys.stderr.isatty():
        from flows.schedule.backfill import say_nothing

        yield quiet, say_nothing
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("looks"),
        TimeRemainingColumn(),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("backfill", total=None)

        def update(where: str, done: int, total: int) -> None:
            bar.update(task, description=where, completed=done, total=total)

        yield (lambda pages, _: bar.advance(task, pages)), update


@contextmanager
def show_done(before: str, what: str, of: str) -> Iterator[Callable[[int, int], None]]:
    """Show how many of so many are done, and the time left; ``before`` names what comes first."""
    if not sys.stderr.isatty():
        yield lambda done, total: None  # noqa: ARG005 - nobody looks
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(of),
        TimeRemainingColumn(),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(before, total=None)
        yield lambda done, total: bar.update(task, description=what, completed=done, total=total)
