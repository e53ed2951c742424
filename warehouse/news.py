"""What happened since an instant, feed by feed, as one typed value.

An instant is snapped to the last publication until then: what that one held, or said, was known,
and all else is news. All times are naive UTC.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, NamedTuple, TypeVar

import duckdb

from warehouse.connection import Row, rows_as_dicts
from warehouse.migrate import read_query
from warehouse.news_values import (
    Climbing,
    Day,
    FeedNews,
    News,
    Paper,
    Retitled,
    SaidBurst,
    TakenBack,
    Watch,
    Watched,
)

NEVER: Final = datetime.fromisoformat("0001-01-01")
"""Before any publication: all that is published is news."""
_CLIMBING = 10
_PAPERS_OF_A_BURST = 3
_FINENESS: Final = {"week": 0, "month": 2}
"""Of grains; the others lie between."""
T = TypeVar("T", SaidBurst, Climbing, Watched, Retitled, TakenBack, Day)


def read_news(
    connection: duckdb.DuckDBPyConnection,
    since: Mapping[str, datetime],
    watch: Sequence[Watch] = (),
) -> News:
    """Return what happened in feeds since an instant of each; ``NEVER`` is from the beginning."""
    names = dict(connection.execute("select feed_id, name from core.feed order by 1").fetchall())
    feeds: list[FeedNews] = []
    newest: Row = {}
    for instant in sorted({NEVER, *since.values()}):
        asked = [feed for feed in names if since.get(feed) == instant]
        (newest,) = _rows(connection, "publications_until", {"since": instant})
        if asked:
            told = {feed: names[feed] for feed in asked}
            feeds += _read_feeds(connection, told, newest, watch, since)
    return News(
        newest["publication_id"],
        newest["published_at"],
        newest["newest_captured_at"],
        {one.id: one.name for one in watch},
        tuple(sorted(feeds, key=lambda one: one.feed_id)),
    )


def list_all_feeds(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the ids of all declared feeds."""
    rows = connection.execute("select feed_id from core.feed order by 1").fetchall()
    return [feed for (feed,) in rows]


def newest_publication(connection: duckdb.DuckDBPyConnection) -> datetime | None:
    """Return when the newest publication was made; None where the file is of no publication."""
    rows = connection.execute("select max(published_at) from ops.publication").fetchall()
    newest: datetime | None = rows[0][0]
    return newest


def read_said_bursts(
    connection: duckdb.DuckDBPyConnection, feeds: Sequence[str]
) -> list[SaidBurst]:
    """Return every burst that publications ever called rising, by feed, the newest first."""
    return [SaidBurst(**row) for row in _rows(connection, "said_bursts", {"feeds": list(feeds)})]


def read_climbing_news(
    connection: duckdb.DuckDBPyConnection,
    feeds: Sequence[str],
    since: datetime = NEVER,
    captured_before: datetime = NEVER,
    limit: int = _CLIMBING,
) -> list[Climbing]:
    """Return the papers that climb, and which were not known to at an instant and its looks."""
    values = {
        "feeds": list(feeds),
        "since": since,
        "captured_before": captured_before,
        "limit": limit,
    }
    return [Climbing(**_with_paper(row)) for row in _rows(connection, "news_climbing", values)]


def read_climbing_since(
    connection: duckdb.DuckDBPyConnection, limit: int = _CLIMBING
) -> dict[tuple[str, str], datetime]:
    """Return by feed and paper since which look each paper that climbs has stood so high."""
    rows = connection.execute(read_query("climbing_since"), {"limit": limit}).fetchall()
    return {(feed, paper): since for feed, paper, since in rows}


def read_first_ids(connection: duckdb.DuckDBPyConnection, papers: Sequence[str]) -> dict[str, str]:
    """Return by paper the id under which it was published here first, which never changes."""
    rows = connection.execute(read_query("first_ids"), {"papers": list(papers)}).fetchall()
    return dict(rows)


def read_watched(
    connection: duckdb.DuckDBPyConnection,
    feeds: Sequence[str],
    since: datetime,
    watch: Sequence[Watch],
    candidates: Collection[str] | None = None,
) -> list[Watched]:
    """Return the papers of watch-lists that no publication until an instant held.

    A paper that several feeds show belongs to one of ``candidates``, which are all that are asked
    about; without them to one of ``feeds``.
    """
    wanted = [
        (one.id, kind, value)
        for one in watch
        for kind, values in (
            ("topic", one.topics),
            ("phrase", one.phrases),
            ("author", one.authors),
        )
        for value in values
    ]
    if not wanted:
        return []
    entries, kinds, values = (list(column) for column in zip(*wanted, strict=True))
    asked = {
        "feeds": list(feeds),
        "candidates": list(feeds if candidates is None else candidates),
        "since": since,
        "entries": entries,
        "kinds": kinds,
        "wanted": values,
    }
    rows = _rows(connection, "news_watched", asked)
    return [Watched(**_with_paper({**row, "matched": tuple(row["matched"])})) for row in rows]


def _read_feeds(
    connection: duckdb.DuckDBPyConnection,
    names: Mapping[str, str],
    newest: Row,
    watch: Sequence[Watch],
    candidates: Collection[str],
) -> list[FeedNews]:
    """Return the news of some feeds of ``candidates``.

    ``newest`` tells of the publications to compare.
    """
    feeds = list(names)
    before = newest["before_at"] or NEVER
    bursts = read_said_bursts(connection, feeds)
    told = {feed: _sort(_of(feed, bursts), before, newest["published_at"]) for feed in feeds}
    captured_before = newest["captured_before_at"] or NEVER
    climbing = read_climbing_news(connection, feeds, before, captured_before)
    watched = read_watched(connection, feeds, before, watch, candidates)
    values = {"feeds": feeds, "since": before}
    retitled = [Retitled(**_with_paper(row)) for row in _rows(connection, "news_retitled", values)]
    taken_back = [
        TakenBack(**_with_paper(row)) for row in _rows(connection, "news_withdrawn", values)
    ]
    days = [Day(**row) for row in _rows(connection, "news_days", {"feeds": feeds})]
    return [
        FeedNews(
            feed,
            name,
            newest["before_at"],
            tuple(_with_papers(connection, one) for one in told[feed].began),
            tuple(told[feed].lasting),
            tuple(told[feed].ended),
            tuple(one for one in _of(feed, climbing) if one.is_new),
            _of(feed, watched),
            _of(feed, retitled),
            _of(feed, taken_back),
            _of(feed, days),
        )
        for feed, name in names.items()
    ]


class _Told(NamedTuple):
    """The bursts of one feed; a topic that rises in several grains is told once."""

    began: list[SaidBurst]
    lasting: list[SaidBurst]
    ended: list[SaidBurst]


def _sort(bursts: Sequence[SaidBurst], before: datetime, published_at: datetime) -> _Told:
    """Return the bursts of one feed by what became of them since the publication ``before``."""
    rising = [one for one in bursts if one.last_said_at == published_at]
    lasting = [one for one in rising if one.first_said_at <= before]
    known = {one.topic_id for one in lasting}
    still = {one.topic_id for one in rising}
    ended = [
        one
        for one in bursts
        if one.first_said_at <= before <= one.last_said_at and one.topic_id not in still
    ]
    return _Told(
        _once(one for one in rising if one.topic_id not in known), _once(lasting), _once(ended)
    )


def told_once(bursts: Iterable[SaidBurst]) -> list[SaidBurst]:
    """Return bursts without those that began while their topic was said to rise in another grain.

    Which one is left out is settled when it is first said. Where several began at once, the finest
    grain stays.
    """
    told: list[SaidBurst] = []
    said_until: dict[tuple[str, str], datetime] = {}
    for one in sorted(bursts, key=lambda one: (one.first_said_at, _FINENESS.get(one.grain, 1))):
        key = (one.feed_id, one.topic_id)
        if one.first_said_at > said_until.get(key, NEVER):
            told.append(one)
            said_until[key] = max(one.last_said_at, said_until.get(key, NEVER))
    return told


def _once(bursts: Iterable[SaidBurst]) -> list[SaidBurst]:
    """Return one burst a topic, that of the finest grain, in the order that they had."""
    finest: dict[str, SaidBurst] = {}
    for one in bursts:
        found = finest.get(one.topic_id)
        if found is None or _FINENESS.get(one.grain, 1) < _FINENESS.get(found.grain, 1):
            finest[one.topic_id] = one
    return list(finest.values())


def _with_papers(connection: duckdb.DuckDBPyConnection, burst: SaidBurst) -> SaidBurst:
    values = {
        "feed": burst.feed_id,
        "topic": burst.topic_id,
        "since": burst.since,
        "period_start": burst.period_start,
        "grain": burst.grain,
        "limit": _PAPERS_OF_A_BURST,
    }
    papers = _rows(connection, "news_burst_papers", values)
    return replace(burst, papers_of_it=tuple(Paper(**row) for row in papers))


def _of(feed: str, found: Sequence[T]) -> tuple[T, ...]:
    return tuple(one for one in found if one.feed_id == feed)


def _with_paper(row: Row) -> dict[str, Any]:
    """Return a row with the columns of its paper as one value."""
    columns = ("paper_id", "title", "url", "first_feed_date")
    rest = {name: value for name, value in row.items() if name not in columns}
    return {**rest, "paper": Paper(*(row[name] for name in columns))}


def _rows(
    connection: duckdb.DuckDBPyConnection, query: str, values: Mapping[str, Any]
) -> list[Row]:
    return rows_as_dicts(connection.execute(read_query(query), dict(values)))
