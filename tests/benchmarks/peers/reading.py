"""Files to rows, for the peers that are given rows: the quickest that Python does."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson


def read_captures(captures: str) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Yield the capture of each file, and its entries."""
    for path in sorted(Path(captures).glob("*/*/*.json")):
        taken = path.stem.removesuffix("Z")
        seen = f"{taken[:4]}-{taken[4:6]}-{taken[6:8]}T{taken[9:11]}:{taken[11:13]}:{taken[13:15]}"
        entries = [
            {
                "capture_id": str(path),
                "position": position,
                "paper_id": entry["paper"]["id"],
                "title": entry["title"],
                "abstract": entry["paper"]["summary"],
                "authors": "; ".join(author["name"] for author in entry["paper"]["authors"]),
                "published_at": entry["paper"]["publishedAt"],
                "votes": entry["paper"]["upvotes"],
                "comments": entry["numComments"],
            }
            for position, entry in enumerate(orjson.loads(path.read_bytes()))
        ]
        yield (
            {
                "capture_id": str(path),
                "feed_date": path.parent.name,
                "captured_at": seen,
                "entries": len(entries),
            },
            entries,
        )
