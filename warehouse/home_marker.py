"""The file that tells a home from any other folder."""

from pathlib import Path

from warehouse.files import naming

MARKER = ".paperstrata"
_TEXT = "A home of paperstrata: landing, journal, warehouse and reports. See its README.\n"
_OF_A_HOME = ("landing", "journal")
_BEFORE_A_HOME = frozenset({MARKER, "inbox", "config", "captures", "lock", "errors.log"})
"""What may lie in a folder before it is a home: what people prepare, and our own traces."""


def is_home(folder: Path) -> bool:
    """Tell whether a folder is a home; those made before have no marker."""
    return any((folder / name).exists() for name in (MARKER, *_OF_A_HOME))


def find_foreign(folder: Path) -> list[str]:
    """Return what lies in a folder that is no home and was prepared for none."""
    if is_home(folder) or not folder.is_dir():
        return []
    names = sorted(path.name for path in folder.iterdir())
    return [name for name in names if name not in _BEFORE_A_HOME and not name.startswith(".")]


def mark(folder: Path) -> None:
    """Mark a folder as a home; a damaged mark is written anew."""
    marker, text = folder / MARKER, _TEXT.encode()
    if not marker.is_file() or marker.read_bytes() != text:
        folder.mkdir(parents=True, exist_ok=True)
        with naming(marker):
            marker.write_bytes(text)
