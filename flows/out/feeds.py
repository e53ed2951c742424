"""The feeds of a home, written beside its site: Atom and JSON Feed of the same entries."""

from pathlib import Path

from flows.out.atom import write_atom
from flows.out.channels import read_channels
from flows.out.feed_values import Channel
from flows.out.json_feed import write_json_feed
from flows.workspace import Workspace
from warehouse.connection import open_published
from warehouse.files import half_beside

_WRITERS = {".xml": write_atom, ".json": write_json_feed}


def feeds_folder(workspace: Workspace) -> Path:
    """Return where the feeds lie: within the site."""
    return workspace.settings.home.site / "feeds"


def write_feeds(workspace: Workspace) -> list[Channel]:
    """Write the feeds of what is published, and return them; what is the same is left as it is.

    Raises:
        NotPublishedError: nothing is.
        OSError: a file cannot be written; each is whole, the old one or the new one.
    """
    folder = feeds_folder(workspace)
    with open_published(workspace.settings.home.published, is_current=True) as connection:
        channels = read_channels(connection, workspace.watch, workspace.settings.out)
    folder.mkdir(parents=True, exist_ok=True)
    for channel in channels:
        for suffix, write in _WRITERS.items():
            _replace(folder / f"{channel.name}{suffix}", write(channel))
    _remove_others(folder, {channel.name for channel in channels})
    return channels


def _replace(path: Path, body: bytes) -> None:
    # a pipe would be waited for
    if path.is_file() and path.read_bytes() == body:
        return
    with half_beside(path) as half:
        half.write_bytes(body)
        half.rename(path)


def _remove_others(folder: Path, names: set[str]) -> None:
    """Remove the feeds of watch-lists that are declared no more."""
    for path in folder.glob("watch-*"):
        if path.suffix in _WRITERS and path.stem not in names:
            path.unlink()
