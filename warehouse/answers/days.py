"""The days of daily lists as they were then, and what the ledger says of them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, NamedTuple

import duckdb

from warehouse.answers.question import ask, ask_tuples


class Listed(NamedTuple):
    """A paper of a day; place and votes are null where only other looks show it on that day.

    A tuple, for there are tens of thousands of them.
    """

    paper_id: str
    place: int | None
    title: str
    votes: int | None
    topic_id: str | None
    topic: str | None


@dataclass(frozen=True)
class FeedDay:
    """One day of one daily list: what the ledger says, and the list as it was seen then."""

    feed_id: str
    feed_date: date
    state: str
    reason: str
    is_expected: bool
    papers: int
    captures: int
    last_captured_at: datetime | None
    seen_at: datetime | None = None
    """When the look was taken whose list is shown; null where nobody says, or none was."""
    listed: tuple[Listed, ...] = ()


_OF_A_LIST: Final = ("feed_id", "feed_date", "seen_at", *Listed._fields)


def read_days(connection: duckdb.DuckDBPyConnection) -> dict[date, list[FeedDay]]:
    """Return every day of the ledger, the newest first, with the day of each daily list."""
    lists: dict[tuple[str, date], list[Listed]] = defaultdict(list)
    seen: dict[tuple[str, date], datetime | None] = {}
    for feed, day, seen_at, *listed in ask_tuples(connection, "day_list", _OF_A_LIST):
        seen[feed, day] = seen_at
        lists[feed, day].append(Listed(*listed))
    days: dict[date, list[FeedDay]] = defaultdict(list)
    for row in ask(connection, "days"):
        key = (row["feed_id"], row["feed_date"])
        days[row["feed_date"]].append(
            FeedDay(**row, seen_at=seen.get(key), listed=tuple(lists.get(key, ())))
        )
    return dict(days)
