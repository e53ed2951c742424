"""Questions to a warehouse file, a function each; the connection may be read-only."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import duckdb
import polars as pl

from warehouse.connection import Row, rows_as_dicts
from warehouse.migrate import read_query, read_sql

CAPTURE_COLUMNS = (
    "capture_id",
    "feed_id",
    "feed_date",
    "captured_at",
    "state",
    "entries_seen",
    "entries_accepted",
    "entries_rejected",
    "is_truncated",
    "reason",
)
"""What :func:`list_captures` tells of a capture."""
REJECT_COLUMNS = ("capture_id", "position", "feed_id", "feed_date", "rule", "field", "reason")
"""What :func:`list_rejects` tells of a reject."""


class LedgerDay(NamedTuple):
    """What the ledger says of one day of a feed; times are naive UTC."""

    feed_id: str
    feed_date: date
    state: str
    reason: str
    is_expected: bool
    deadline_at: datetime
    captures: int
    last_captured_at: datetime | None


class HeldCapture(NamedTuple):
    """A capture that is kept out of everything derived, and why."""

    capture_id: str
    feed_id: str
    feed_date: date | None
    reason: str


class Place(NamedTuple):
    """Where something was found: the file of a capture, and the position in it."""

    path: str
    position: int


class Rising(NamedTuple):
    """A burst that lasts; ``expected`` are the papers that its baseline expects since its start."""

    feed_id: str
    name: str
    grain: str
    since: date
    papers: int
    expected: float


def list_rising(connection: duckdb.DuckDBPyConnection) -> list[Rising]:
    """Return the bursts that last, by feed, the surest first."""
    rows = connection.execute(
        "select feed_id, name, grain, since, papers, expected from mart.rising"
        " order by feed_id, strength desc, topic_id"
    ).fetchall()
    return [Rising(*row) for row in rows]


def list_days(connection: duckdb.DuckDBPyConnection) -> list[LedgerDay]:
    """Return every day of the ledger, by feed, the oldest first."""
    rows = connection.execute(
        "select feed_id, feed_date, state, reason, is_expected, deadline_at, captures,"
        " last_captured_at from core.feed_day order by feed_id, feed_date"
    )
    return [LedgerDay(*row) for row in rows.fetchall()]


def newest_captures(connection: duckdb.DuckDBPyConnection) -> dict[str, datetime | None]:
    """Return when each feed was last captured (naive UTC); null where no capture says when.

    A time for which a capture is held is none.
    """
    return dict(connection.execute(read_query("newest_captures")).fetchall())


def known_up_to(connection: duckdb.DuckDBPyConnection, now: datetime) -> dict[str, datetime | None]:
    """Return up to when each daily list is known, as the quality check of freshness has it."""
    query = dict(read_sql("checks/quality"))["feeds_are_fresh.sql"]
    rows = connection.execute(query, {"now": now}).fetchall()
    return {row[0]: datetime.fromisoformat(row[3]) if row[3] else None for row in rows}


def list_captures(
    connection: duckdb.DuckDBPyConnection,
    feed: str | None = None,
    feed_date: date | None = None,
    state: str | None = None,
) -> list[Row]:
    """Return the captures of a feed, date and state; None means any."""
    values = {"feed": feed, "feed_date": feed_date, "state": state}
    return rows_as_dicts(connection.execute(read_query("captures"), values))


def was_published(connection: duckdb.DuckDBPyConnection) -> bool:
    """Tell whether a file was ever the published one of a home, and is no rebuild beside it."""
    return bool(connection.execute("select 1 from ops.publication limit 1").fetchall())


def list_loaded(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Return the capture_id of every capture, loaded or held."""
    loaded: pl.DataFrame = connection.sql("select capture_id from raw.capture").pl()
    return loaded


def list_feeds(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Return every feed that is declared, or that a capture is of."""
    rows = connection.execute("select feed_id from core.feed union select feed_id from raw.capture")
    return sorted(feed for (feed,) in rows.fetchall())


def find_captures(connection: duckdb.DuckDBPyConnection, prefix: str) -> list[Row]:
    """Return the captures whose id begins so, with all columns."""
    query = "select * from raw.capture where starts_with(capture_id, ?)"
    return rows_as_dicts(connection.execute(query, [prefix]))


def list_origins(connection: duckdb.DuckDBPyConnection, capture_id: str) -> list[Row]:
    """Return where a capture was found."""
    query = "select * from ops.capture_origin where capture_id = ? order by all"
    return rows_as_dicts(connection.execute(query, [capture_id]))


def list_issues(connection: duckdb.DuckDBPyConnection, capture_id: str) -> list[Row]:
    """Return the optional values of a capture that were made null."""
    query = "select * from raw.issue where capture_id = ? order by all"
    return rows_as_dicts(connection.execute(query, [capture_id]))


def list_held(connection: duckdb.DuckDBPyConnection) -> list[HeldCapture]:
    """Return the captures that are held."""
    rows = connection.execute(
        "select capture_id, feed_id, feed_date, reason from raw.capture where state = 'held'"
        " order by capture_id"
    )
    return [HeldCapture(*row) for row in rows.fetchall()]


def list_kept_out(connection: duckdb.DuckDBPyConnection) -> set[tuple[str, str, int | None]]:
    """Return what is ``held`` or ``rejected``, with capture and, of an entry, position."""
    rows = connection.execute(
        "select 'held', capture_id, null from raw.capture where state = 'held'"
        " union all select 'rejected', capture_id, position from raw.reject"
    )
    return set(rows.fetchall())


def list_rejects(connection: duckdb.DuckDBPyConnection) -> list[Row]:
    """Return every rejected entry, without its payload."""
    return rows_as_dicts(connection.execute(read_query("rejects")))


def find_rejects(
    connection: duckdb.DuckDBPyConnection, capture: str, position: int | None
) -> list[Row]:
    """Return the rejects of captures whose id begins so, with their payload as JSON text."""
    values = {"capture": capture, "position": position}
    return rows_as_dicts(connection.execute(read_query("reject_payloads"), values))


def captures_with_rejects(connection: duckdb.DuckDBPyConnection, prefix: str) -> list[str]:
    """Return the ids, that begin so, of captures with rejected entries."""
    rows = connection.execute(
        "select distinct capture_id from raw.reject where starts_with(capture_id, ?)"
        " order by capture_id",
        [prefix],
    )
    return [capture_id for (capture_id,) in rows.fetchall()]


def places_of_rejects(connection: duckdb.DuckDBPyConnection) -> set[Place]:
    """Return where the rejected entries stood."""
    query = "select path, position from raw.reject inner join ops.capture_origin using (capture_id)"
    return {Place(*row) for row in connection.execute(query).fetchall()}


def places_of_issues(connection: duckdb.DuckDBPyConnection) -> set[Place]:
    """Return where the values stood that were made null."""
    query = "select path, position from raw.issue inner join ops.capture_origin using (capture_id)"
    return {Place(*row) for row in connection.execute(query).fetchall()}


def places_of_held(connection: duckdb.DuckDBPyConnection) -> set[Place]:
    """Return the files of held captures; their position is 0."""
    query = (
        "select path, 0 from raw.capture inner join ops.capture_origin using (capture_id)"
        " where state = 'held'"
    )
    return {Place(*row) for row in connection.execute(query).fetchall()}


def count_listed(connection: duckdb.DuckDBPyConnection, feed: str | None) -> int:
    """Return how many papers daily lists show, or the one of a feed."""
    query = (
        "select count(distinct paper_id) from core.feed_paper"
        " where $feed::varchar is null or feed_id = $feed::varchar"
    )
    ((count,),) = connection.execute(query, {"feed": feed}).fetchall()
    return int(count)


def read_trends(
    connection: duckdb.DuckDBPyConnection, grain: str, feed: str | None, topic: str | None
) -> list[Row]:
    """Return the newest period of every topic, or with ``topic`` all its periods."""
    values: dict[str, Any] = {"grain": grain, "feed": feed}
    if topic is None:
        return rows_as_dicts(connection.execute(read_query("newest_topics"), values))
    query = read_query("topic_history")
    return rows_as_dicts(connection.execute(query, {**values, "topic": topic}))


def read_texts(
    connection: duckdb.DuckDBPyConnection, rows: int, part_bytes: int
) -> Iterator[pl.DataFrame]:
    """Yield (paper_id, title, abstract) of all papers, by id, so many at once, or fewer where their
    texts are long.
    """
    values: dict[str, Any] = {"after": "", "rows": rows, "part_bytes": part_bytes}
    while True:
        texts: pl.DataFrame = connection.sql(read_query("paper_texts"), params=values).pl()
        if texts.is_empty():
            return
        yield texts
        values["after"] = texts["paper_id"][-1]


def read_paper_topics(connection: duckdb.DuckDBPyConnection, first: str, last: str) -> pl.DataFrame:
    """Return (paper_id, topic_id) of the papers from one id to another, both among them."""
    query = "select paper_id, topic_id from core.paper_topic where paper_id between ? and ?"
    topics: pl.DataFrame = connection.sql(query, params=[first, last]).pl()
    return topics


def read_papers_for_suggestions(
    connection: duckdb.DuckDBPyConnection, feed: str | None, rows: int
) -> pl.DataFrame:
    """Return (paper_id, feed_date, title, abstract, votes, is_unnamed) of the newest papers."""
    papers: pl.DataFrame = connection.sql(
        read_query("papers_for_suggestions"), params={"feed": feed, "rows": rows}
    ).pl()
    return papers


def find_papers(connection: duckdb.DuckDBPyConnection, names: Sequence[str]) -> dict[str, str]:
    """Return by id of a paper, such as ``2501.12948`` or ``arxiv:2501.12948``, the paper it is."""
    rows = connection.execute(read_query("papers_by_name"), {"names": list(names)})
    return dict(rows.fetchall())


def read_taxonomy_version(connection: duckdb.DuckDBPyConnection) -> str | None:
    """Return the version of the published taxonomy; None before there is one."""
    found = connection.execute("select taxonomy_version from mart.about").fetchall()
    return str(found[0][0]) if found and found[0][0] is not None else None


def read_topics_digest(connection: duckdb.DuckDBPyConnection) -> str | None:
    """Return the digest of the published taxonomy and of the rules; None before there is one."""
    found = connection.execute("select taxonomy_digest from mart.about").fetchall()
    return str(found[0][0]) if found and found[0][0] is not None else None
