"""Publishing the site of a home: the newest state after each run, past ones where asked for."""

import gc
import hashlib
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from flows.pipeline.checks import refused_files, render_quality_page
from flows.site.build import Extras, build_site
from flows.site.store import PAST, STATE, Written, note_source, refuse_others, say_source
from flows.workspace import Workspace
from warehouse.connection import open_published
from warehouse.digest import digest_content
from warehouse.lock import writer_lock

_WAIT_SECONDS: Final = 60.0


def publish_site(workspace: Workspace, *, is_anew: bool = False) -> Written:
    """Bring the site up to what is published; pages whose content is the same stay as they are.

    Raises:
        NotPublishedError: nothing is published.
        OtherFilesError: the folder holds pages of others.
        LockedError: another process writes the site, for longer than a minute.
        OSError: a file cannot be written.
    """
    folder, published = workspace.settings.home.site, workspace.settings.home.published
    refuse_others(folder)
    with (
        _site_lock(folder),
        _rare_collection(),
        open_published(published, is_current=True) as connection,
    ):
        # what replaces it meanwhile is not what is shown
        source = say_source(published)
        page = render_quality_page(workspace, connection)
        refused = tuple(refused_files(workspace))
        extras = Extras(page, refused, list_past(folder), list_feeds(folder))
        digest = _digest(published)
        written = build_site(connection, folder, digest, extras, is_anew=is_anew)
        note_source(folder, source)
        return written


def publish_past(
    workspace: Workspace, path: Path, as_of: datetime, *, is_anew: bool = False
) -> tuple[Path, Written]:
    """Publish the same pages of a warehouse file as of a past instant; return their folder, and
    how many files were written there.

    Raises:
        LockedError: another process writes the site, for longer than a minute.
        OSError: a file cannot be written.
    """
    folder = workspace.settings.home.site
    past = folder / PAST / _name(as_of)
    with _site_lock(folder), _rare_collection(), open_published(path) as connection:
        digest = digest_content(connection)
        written = build_site(connection, past, digest, past=_as_given(as_of), is_anew=is_anew)
    return past, written


def list_feeds(folder: Path) -> tuple[str, ...]:
    """Return the names of the feeds that are there in both forms."""
    atoms = (folder / "feeds").glob("*.xml")
    return tuple(sorted(path.stem for path in atoms if path.with_suffix(".json").is_file()))


def list_past(folder: Path) -> tuple[str, ...]:
    """Return the past states that were published, the newest first."""
    found = (folder / PAST).glob("*/index.html")
    return tuple(sorted((path.parent.name for path in found), reverse=True))


@contextmanager
def _rare_collection() -> Iterator[None]:
    """Look for cycles of garbage rarely: each look walks all that the pages show."""
    usual = gc.get_threshold()
    gc.set_threshold(100_000, 50, 1_000)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _name(as_of: datetime) -> str:
    # not by strftime, which writes the year 1 as 1
    return _as_given(as_of).replace(":", "")


def _as_given(as_of: datetime) -> str:
    return (as_of.date() if _is_whole_day(as_of) else as_of.replace(microsecond=0)).isoformat()


def _is_whole_day(as_of: datetime) -> bool:
    return (as_of.hour, as_of.minute, as_of.second) == (23, 59, 59)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _site_lock(folder: Path) -> AbstractContextManager[None]:
    return writer_lock(
        folder / STATE / "lock", {"verb": "publish", "process": str(os.getpid())}, _WAIT_SECONDS
    )
