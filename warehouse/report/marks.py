"""Pages of the reports that are not as they were written: each page bears its own checksum.

So a page and what it is held against are put in place by one rename.
"""

import re
import zlib
from pathlib import Path

_DOCS = "data_docs"
_MARK = re.compile(rb"\n<!-- crc32 [0-9a-f]{8} -->\n?\Z")
_LARGEST = 1 << 27
"""Bytes: a larger page is none of ours, and is not read."""
_LINK = re.compile(rb'href="(validations/[^"#?]+\.html)"')


def mark_bytes(page: bytes) -> bytes:
    """Return the bytes of a page with their checksum, in place of one that they have."""
    bare = _MARK.sub(b"", page)
    return bare.rstrip(b"\n") + b"\n<!-- crc32 %08x -->\n" % zlib.crc32(bare.rstrip(b"\n"))


def mark_again(file: bytes) -> bytes:
    """Return a file that an erasure changed with the checksum of what it is now, if it has one."""
    return mark_bytes(file) if _MARK.search(file) else file


def find_changed_reports(reports: Path) -> list[str]:
    """Return which reports are not as they were written, or gone: a sentence, or none.

    Of pages of an earlier version, which bear no checksum, only those that are cut are told.
    """
    page, index = reports / "quality.html", reports / _DOCS / "index.html"
    listed = set(_LINK.findall(_read(index) or b""))
    pages = {page, index, *(reports / _DOCS / name.decode() for name in listed)}
    if not any(path.exists() for path in pages):
        return []
    pages |= set((reports / _DOCS).rglob("*.html"))
    changed = sorted(path for path in pages if _is_changed(path))
    if not changed:
        return []
    others = f" and {len(changed) - 1:,} more" if len(changed) > 1 else ""
    first = changed[0].relative_to(reports.parent)
    return [f"{first}{others}: not as written, or gone; `paperstrata quality` writes it anew"]


def _is_changed(path: Path) -> bool:
    body = _read(path)
    if body is None:
        return True
    if _MARK.search(body) is None:
        return not body.rstrip().endswith(b"</html>")
    return mark_bytes(body) != body


def _read(path: Path) -> bytes | None:
    try:
        is_page = path.is_file() and path.stat().st_size <= _LARGEST
        return path.read_bytes() if is_page else None
    except OSError:
        return None
