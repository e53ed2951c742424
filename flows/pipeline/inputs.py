"""What a run is given: paths, what the caller states of them, and their files in batches."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from flows.pipeline.files import FoundFile, find_files, read_file
from flows.pipeline.path_template import PathTemplate
from flows.workspace import Workspace


@dataclass(frozen=True)
class Stated:
    """What the caller says of all given captures; None where nothing is said."""

    feed_id: str | None = None
    kind: str | None = None
    feed_date: date | None = None
    captured_at: datetime | None = None
    layout: PathTemplate | None = None


@dataclass(frozen=True)
class Inputs:
    """Paths to take captures from, and what the caller says of all of them."""

    paths: tuple[Path, ...]
    stated: Stated = Stated()
    is_inbox: bool = False
    """Whether files that landed before are read again only where they are other than they were."""


@dataclass(frozen=True)
class DueFetch:
    """One fetch to make; ``feed_date`` is None for a feed without dates."""

    feed_id: str
    feed_date: date | None
    why: str


def read_batches(
    paths: Iterable[Path], workspace: Workspace, is_left_out: Callable[[Path], bool] | None = None
) -> Iterator[list[FoundFile]]:
    """Yield the files in batches bounded by their bytes, in a stable order, each read once."""
    batch: list[FoundFile] = []
    size = 0
    for path, reason in find_files(paths):
        if reason:
            batch.append(FoundFile(path, None, None, None, reason))
            continue
        if is_left_out and is_left_out(path):
            continue
        file = read_file(path, workspace.settings.max_file_bytes)
        batch.append(file)
        size += len(file.body or b"")
        if size >= workspace.settings.batch_bytes:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
