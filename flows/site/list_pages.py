"""The other lists: what climbs, what is new, the ledger, the archive, what the site stands on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import Any, Final

from flows.site.front import first_of_each_feed
from flows.site.pages import Page
from flows.site.search_index import COMMON
from flows.site.sparkline import (
    AGE_TICKS,
    VOTE_TICKS,
    VOTES_HEIGHT,
    VOTES_LEFT,
    VOTES_RIGHT,
    VOTES_WIDTH,
    age_x,
    votes_y,
)
from warehouse.answers.days import FeedDay
from warehouse.answers.lists import Change, Climber, Gap, Held, NewPaper, UsualVotes
from warehouse.answers.question import show_sql
from warehouse.report.facts import Facts, Row
from warehouse.report.ledger import describe_kept_out

CLIMBING: Final = 50
NEW_DAYS: Final = 20
CHANGES: Final = 100
_USABLE: Final = ("loaded", "open", "truncated", "partial", "legit_empty", "closed")
_MOST_GAPS: Final = 400


@dataclass(frozen=True)
class Began:
    """A topic that began to rise."""

    since: date
    known: date
    feed_id: str
    topic_id: str
    name: str
    grain: str


def climbing_page(
    climbers: Sequence[Climber], usual: Sequence[UsualVotes], names: Mapping[str, str]
) -> Page:
    """Return the papers by votes against the usual, and what is usual."""
    return Page(
        "climbing.html",
        "climbing.html.j2",
        "What climbs",
        "climbing",
        {
            "names": dict(names),
            "feeds": first_of_each_feed(climbers, CLIMBING),
            "usual": tuple((feed, tuple(of)) for feed, of in groupby(usual, _feed)),
            "sql": show_sql("queries/climbing", limit=CLIMBING),
            "sql_usual": show_sql("vote_curve"),
        },
        is_stamped=True,
    )


def new_page(
    papers: Sequence[NewPaper],
    changes: Sequence[Change],
    began: Sequence[Began],
    feeds: Sequence[str] = (),
) -> Page:
    """Return what is new, the newest day first: all above a date came after it."""
    return Page(
        "new.html",
        "new.html.j2",
        "What is new",
        "new",
        {
            "days": tuple(
                (day, tuple(of)) for day, of in groupby(papers, attrgetter("first_feed_date"))
            ),
            "changes": tuple(changes),
            "began": tuple(began),
            "feeds": tuple(feeds),
            "sql": show_sql("new_papers", days=NEW_DAYS),
            "sql_began": show_sql("topic_bursts"),
            "sql_changes": show_sql("new_wordings", rows=CHANGES),
        },
        is_stamped=True,
    )


def ledger_page(
    facts: Facts,
    days: Mapping[date, Sequence[FeedDay]],
    gaps: Sequence[Gap],
    held: Sequence[Held],
    *,
    refused: Sequence[Row] = (),
    has_report: bool,
) -> Page:
    """Return what is known of each feed: what is missing, held or refused, and why.

    ``refused`` are the files of which nothing could land, by reason: no warehouse has them.
    """
    missing = [one for of in days.values() for one in of if one.state not in _USABLE]
    return Page(
        "ledger.html",
        "ledger.html.j2",
        "The ledger",
        "ledger",
        {
            "feeds": tuple(map(_Known.of, facts.feeds)),
            "gaps": tuple(gaps),
            "missing": tuple(missing[:_MOST_GAPS]),
            "missing_count": len(missing),
            "held": tuple(held),
            "kept_out": describe_kept_out([*refused, *facts.kept_out]),
            "has_refused": bool(refused),
            "has_report": has_report,
            "sql_feeds": show_sql("report/feeds"),
            "sql_gaps": show_sql("gaps"),
            "sql_days": show_sql("days"),
            "sql_held": show_sql("held"),
            "sql_kept_out": show_sql("report/kept_out"),
        },
        is_stamped=True,
    )


def about_page() -> Page:
    """Return what the site stands on."""
    values = {"sql": show_sql("stamp")}
    return Page("about.html", "about.html.j2", "About", "about", values, is_stamped=True)


def archive_page(instants: Sequence[str]) -> Page:
    """Return the list of the past states that were published."""
    values = {"instants": tuple(instants)}
    return Page("archive.html", "archive.html.j2", "Archive", "about", values)


def search_page(quarters: Sequence[tuple[str, int]]) -> Page:
    """Return the search; ``quarters`` are its shards with their number of papers, newest first."""
    values = {"quarters": tuple(quarters), "common": " ".join(sorted(COMMON))}
    return Page("search.html", "search.html.j2", "Search", "search", values)


def curve_page(feed: str, usual: Sequence[UsualVotes]) -> Page:
    """Return the drawing of the usual votes that all papers of a feed share: a file of its own,
    so that a page changes with its paper only.
    """
    known = [one for one in usual if one.papers >= 5]
    ages = [age_x(one.age_from) for one in known]
    high = [f"{x},{votes_y(one.votes_high)}" for x, one in zip(ages, known, strict=True)]
    low = [f"{x},{votes_y(one.votes_low)}" for x, one in zip(ages, known, strict=True)]
    middle = [f"{x},{votes_y(one.votes_usual)}" for x, one in zip(ages, known, strict=True)]
    values: dict[str, Any] = {
        "band": "M" + "L".join([*high, *reversed(low)]) + "Z" if len(known) > 1 else "",
        "line": "M" + "L".join(middle) if len(known) > 1 else "",
        "size": (VOTES_WIDTH, VOTES_HEIGHT),
        "left": VOTES_LEFT,
        "right": VOTES_WIDTH - VOTES_RIGHT,
        "ages": tuple((one, age_x(one)) for one in AGE_TICKS),
        "votes": tuple((one, votes_y(one)) for one in VOTE_TICKS),
    }
    return Page(f"curves/{feed}.svg", "curve.svg.j2", feed, "", values)


@dataclass(frozen=True)
class _Known:
    """What we have of a feed; see warehouse/report/feeds.sql."""

    feed_id: str
    name: str
    captures: int
    entries: int
    newest_captured_at: Any
    expected_days: int | None
    usable_days: int | None
    first_date: date | None
    last_date: date | None

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "_Known":
        return cls(**{name: row[name] for name in cls.__dataclass_fields__})


def _feed(usual: UsualVotes) -> str:
    return usual.feed_id
