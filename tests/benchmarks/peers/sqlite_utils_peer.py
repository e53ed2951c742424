"""sqlite-utils, into SQLite. ``python sqlite_utils_peer.py CAPTURES WAREHOUSE``."""

import sys
from collections.abc import Iterator
from typing import Any

import sqlite_utils
from reading import read_captures


def entries(captures: str, seen: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield all entries, and add their captures to those seen."""
    for capture, listed in read_captures(captures):
        seen.append(capture)
        yield from listed


def build(captures: str, warehouse: str) -> None:
    """Fill a new database."""
    database = sqlite_utils.Database(warehouse)
    seen: list[dict[str, Any]] = []
    database["entry"].insert_all(
        entries(captures, seen), pk=("capture_id", "position"), batch_size=1000
    )
    database["capture"].insert_all(seen, pk="capture_id", batch_size=1000)
    database.execute(
        # SQLite takes the other columns of a row from where the maximum stands
        """
        create table paper as
        select
            paper_id,
            title,
            votes,
            min(captured_at) as first_seen,
            max(captured_at) as last_seen,
            min(feed_date) as first_feed_date,
            count(distinct capture_id) as captures
        from entry
        inner join capture using (capture_id)
        group by paper_id
        """
    )
    database.conn.commit()


if __name__ == "__main__":
    build(*sys.argv[1:3])
