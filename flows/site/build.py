"""The site of one warehouse file: what it shows is asked a set at a time, and put in place."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final

from flows.pipeline.burst_phrases import PhraseMemory
from flows.site import list_pages as lists
from flows.site.addresses import paper_page
from flows.site.charts import Charts
from flows.site.day_pages import day_pages
from flows.site.front import Other, front_page
from flows.site.list_pages import Began
from flows.site.pages import Page, Site
from flows.site.paper_pages import paper_page_of
from flows.site.rendering import digest_code
from flows.site.search_index import shard_of
from flows.site.shown import Shown, read_shown, read_told
from flows.site.store import STATE, Store, Written
from flows.site.topic_charts import Chart, ask_charts
from flows.site.topic_pages import topic_pages
from warehouse.answers.lists import read_quarters, read_searched, read_stamp
from warehouse.answers.papers import paper_of, read_paper_runs, read_papers
from warehouse.answers.topics import read_topics
from warehouse.engine import open_beside
from warehouse.report.facts import Row
from warehouse.trend_answers import Burst, TrendList

if TYPE_CHECKING:
    import duckdb

ASSETS: Final = ("style.css", "site.js", "search.js", "minisearch.js", "minisearch.LICENSE.txt")
_RUNS: Final = "papers"
_PHRASES: Final = "phrases"
_QUARTERS: Final = "quarters"
"""What a build notes of each paper: the run that derived it, and the quarter of its shard."""
_MOST_BEGAN: Final = 30
_AT_ONCE: Final = 2_000
"""Papers read at once: the bound on memory."""


@dataclass(frozen=True)
class Extras:
    """What the site shows and no warehouse file holds."""

    quality_page: str | None = None
    """The quality report; None for a past state."""
    refused: tuple[Row, ...] = ()
    """The files of which nothing could land, by reason; see ``count_refused``."""
    instants: tuple[str, ...] = ()
    """The past states that were published."""
    feeds: tuple[str, ...] = ()
    """The names of the feeds in ``feeds/``, as Atom (.xml) and JSON Feed (.json) each."""


def build_site(
    connection: "duckdb.DuckDBPyConnection",
    folder: Path,
    digest: str,
    extras: Extras = Extras(),
    *,
    past: str | None = None,
    is_anew: bool = False,
) -> Written:
    """Write the site of a warehouse file to a folder.

    ``digest`` is that of the file; with ``past``, an instant as ``--as-of`` takes it, that of its
    content: the file itself does not stay.

    Raises:
        OSError: a file cannot be written; those that are there are whole.
    """
    store = Store.open(folder, digest_code(), is_anew=is_anew)
    site = Site(read_stamp(connection, digest), past)
    _put_assets(store)
    phrases = PhraseMemory(store.read_state(_PHRASES) if store.is_of_this_code else {})
    # DuckDB answers while the pages of papers are written
    with (
        Charts(folder / STATE / "charts") as charts,
        ThreadPoolExecutor(1) as beside,
        _interrupted(open_beside(connection)) as asked,
    ):
        reading = beside.submit(_read, asked, phrases, charts)
        quarters = read_quarters(connection)
        _put_papers(connection, store, site, quarters)
        shown, of_topics = reading.result()
        pages = _pages(shown, quarters, of_topics, extras)
        charts.draw_missing()
    for page in pages:
        page.put(store, site)
    store.write_state(_PHRASES, phrases.asked)
    if past is None:
        lists.archive_page(extras.instants).put(store, site)
    if extras.quality_page is not None:
        text = extras.quality_page
        store.write("quality.html", _without_time(text), lambda: text.encode("utf-8", "replace"))
    return store.finish()


def _read(
    connection: "duckdb.DuckDBPyConnection", phrases: PhraseMemory, charts: Charts
) -> tuple[Shown, Mapping[tuple[str, str], Chart]]:
    """Return what the pages show, and the charts of topics, which are being drawn meanwhile."""
    topics = read_topics(connection)
    told = read_told(connection)
    of_topics = ask_charts(topics, told, charts)
    charts.begin()
    return read_shown(connection, topics, told, phrases), of_topics


@contextmanager
def _interrupted(
    connection: "duckdb.DuckDBPyConnection",
) -> Iterator["duckdb.DuckDBPyConnection"]:
    """End what is asked by a connection where the block ends early, as by Ctrl-C."""
    try:
        yield connection
    except BaseException:
        connection.interrupt()
        raise


def _without_time(page: str) -> str:
    """Return the digest of a quality report but for when it was written."""
    return sha256(re.sub(r"Written on [^.]*\.", "", page).encode("utf-8", "replace")).hexdigest()


def _pages(
    shown: Shown,
    quarters: Mapping[str, str],
    charts: Mapping[tuple[str, str], Chart],
    extras: Extras,
) -> "list[Page]":
    names, days, gaps, held = shown.names, shown.days, shown.gaps, shown.held
    climbers, usual, topics, told = shown.climbers, shown.usual, shown.topics, shown.told
    return [
        front_page(_now(told), topics, names, climbers, days, gaps, held, _others(told)),
        lists.climbing_page(climbers, usual, names),
        lists.new_page(shown.new_papers, shown.changes, _began(told), extras.feeds),
        lists.ledger_page(
            shown.facts,
            days,
            gaps,
            held,
            refused=extras.refused,
            has_report=extras.quality_page is not None,
        ),
        lists.about_page(),
        lists.search_page(_count(quarters)),
        *topic_pages(topics, told, names, charts),
        *day_pages(days, names),
        *(
            lists.curve_page(feed, [one for one in usual if one.feed_id == feed])
            for feed in dict.fromkeys(one.feed_id for one in usual)
        ),
    ]


def _now(told: Sequence[TrendList]) -> list[TrendList]:
    """Return what lasts in each feed, by the shortest grain that shows something."""
    by_feed: dict[str, TrendList] = {}
    for one in told:
        lasting = _lasting(one)
        known = by_feed.get(one.feed_id)
        if known is None or (lasting and not known.bursts):
            by_feed[one.feed_id] = replace(one, bursts=lasting)
    return list(by_feed.values())


def _others(told: Sequence[TrendList]) -> dict[str, list[Other]]:
    """Return by feed what lasts, and is not told by the periods that :func:`_now` takes."""
    chosen = {one.feed_id: one.grain for one in _now(told)}
    others: dict[str, list[Other]] = {}
    for one in told:
        if one.grain != chosen[one.feed_id]:
            of_feed = others.setdefault(one.feed_id, [])
            of_feed += (Other(one.grain, burst) for burst in _lasting(one))
    return others


def _lasting(trends: TrendList) -> tuple[Burst, ...]:
    """Return the bursts of the newest stretch that last at its end."""
    return tuple(b for b in trends.bursts if b.end is None and b.start >= trends.first_period)


def _began(told: Sequence[TrendList]) -> list[Began]:
    """Return when topics began to rise, the latest first."""
    began = [
        Began(one.start, one.confirmed, one.feed_id, one.topic_id, one.name, trends.grain)
        for trends in told
        for one in trends.bursts
    ]
    return sorted(began, key=lambda one: (one.known, one.topic_id), reverse=True)[:_MOST_BEGAN]


def _count(quarters: Mapping[str, str]) -> list[tuple[str, int]]:
    """Return how many papers each quarter has, the newest first, those without a date last."""
    counts = Counter(quarters.values())
    return sorted(counts.items(), key=lambda one: (one[0] != "undated", one[0]), reverse=True)


def _put_assets(store: Store) -> None:
    for name in ASSETS:
        path = files("flows") / "site" / "assets" / name
        store.write(name, store.made_with, path.read_bytes)


def _put_papers(
    connection: "duckdb.DuckDBPyConnection",
    store: Store,
    site: Site,
    quarters: dict[str, str],
) -> None:
    """Write the pages of papers, and the shards of the search with any of them.

    A paper that no run derived anew since the last build is not even read.
    """
    runs = read_paper_runs(connection)
    before = store.read_state(_RUNS)
    pages = {paper_id: paper_page(paper_id) for paper_id in runs}
    touched = [
        paper_id
        for paper_id, run_id in runs.items()
        if before.get(paper_id) != run_id or not store.is_there(pages[paper_id])
    ]
    for paper_id in runs.keys() - set(touched):
        store.keep(pages[paper_id])
    for first in range(0, len(touched), _AT_ONCE):
        several = touched[first : first + _AT_ONCE]
        for row in read_papers(connection, several):
            paper_page_of(paper_of(row), row["digest"]).put(store, site)
    _put_shards(connection, store, quarters, touched)
    store.write_state(_RUNS, runs)


def _put_shards(
    connection: "duckdb.DuckDBPyConnection",
    store: Store,
    quarters: dict[str, str],
    touched: Collection[str],
) -> None:
    before = store.read_state(_QUARTERS)
    changed = changed_quarters(before, quarters, touched)
    for quarter, _ in _count(quarters):
        name = f"search/{quarter}.js"
        if before and quarter not in changed and store.is_there(name):
            store.keep(name)
            continue
        shard = shard_of(quarter, read_searched(connection, quarter))
        store.write(name, sha256(shard.encode()).hexdigest(), shard.encode)
    store.write_state(_QUARTERS, quarters)


def changed_quarters(
    before: Mapping[str, str], now: Mapping[str, str], touched: Collection[str]
) -> set[str]:
    """Return the quarters whose shard a build changes; ``before`` and ``now`` are by paper_id.

    A paper that moves, as when an earlier list with it is loaded, leaves one and enters another.
    """
    moved = {one for one in before.keys() | now.keys() if before.get(one) != now.get(one)}
    moved.update(touched)
    return {of[paper_id] for of in (before, now) for paper_id in moved & of.keys()}
