"""Files of a site that are not as they were written: found without what writes them."""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from flows.site.store import PAST, STATE, find_changed, note_anew
from warehouse.lock import is_held

_ERASING = "erasing.txt"
"""The pages of the archive that an erasure rewrites, while it does."""


def find_changed_files(folder: Path, *, is_deep: bool = False) -> list[str]:
    """Return which files of the site and of its archive are not as they were written, or gone: a
    sentence for each state, with the command that writes them anew. While a site is written there
    is no telling. With ``is_deep`` every file is read.
    """
    if is_held(folder / STATE / "lock"):
        return []
    told = []
    for past in ("", *sorted(path.name for path in (folder / PAST).glob("*"))):
        place = folder / PAST / past if past else folder
        changed = find_changed(place, is_deep=is_deep)
        if changed:
            others = f" and {len(changed) - 1:,} more" if len(changed) > 1 else ""
            option = f" --as-of {past}" if past else ""
            # what is found by reading it alone has the size and time of what was written
            option = f" --anew{option}" if is_deep else option
            told.append(
                f"{place.relative_to(folder.parent) / changed[0]}{others}: not as written, or gone;"
                f" `paperstrata publish{option}` writes anew what changed"
            )
    return told


def note_before_erasing(folder: Path, place: str) -> None:
    """Note that an erasure is about to change a page of the archive: it may be killed before
    :func:`note_erased_pages`, and given again it finds no name there.
    """
    if Path(place).parts[:2] == (folder.name, PAST):
        noted = folder / STATE / _ERASING
        noted.parent.mkdir(parents=True, exist_ok=True)
        with noted.open("a", encoding="utf-8", errors="surrogateescape") as file:
            file.write(f"{place}\n")


def note_erased_pages(folder: Path, places: Iterable[str]) -> None:
    """Take pages of the archive that an erasure changed for what they are now; ``places`` are
    relative to the home. Those of an erasure that was killed are so, too. The site itself is
    written anew.
    """
    noted = folder / STATE / _ERASING
    killed = []
    if noted.is_file():
        killed = noted.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    changed = defaultdict(set)
    for place in (*places, *killed):
        parts = Path(place).parts
        if parts[:2] == (folder.name, PAST) and len(parts) > 3:
            changed[parts[2]].add("/".join(parts[3:]))
    for past, names in changed.items():
        note_anew(folder / PAST / past, names)
    if killed:
        noted.unlink()
