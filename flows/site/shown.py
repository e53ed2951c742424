"""What the pages show that are of no paper alone: asked a set at a time, before any is made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Final

from flows.pipeline.burst_phrases import PhraseMemory, add_phrases
from flows.site import list_pages as lists
from flows.site.grains import GRAINS
from warehouse.answers.days import FeedDay, read_days
from warehouse.answers.lists import (
    Change,
    Climber,
    Gap,
    Held,
    NewPaper,
    UsualVotes,
    read_changes,
    read_climbers,
    read_feed_names,
    read_gaps,
    read_held,
    read_new_papers,
    read_usual_votes,
)
from warehouse.answers.topics import Topic
from warehouse.report.facts import Facts, read_facts
from warehouse.trend_answers import TrendList, read_trend_lists, say_why

if TYPE_CHECKING:
    import duckdb

_MOST_TOLD: Final = 8
"""Bursts of a list whose phrases are looked for: those that last, then the strongest."""


@dataclass(frozen=True)
class Shown:
    """What these pages show of one warehouse file."""

    names: Mapping[str, str]
    """The name for people of each feed."""
    days: Mapping[date, Sequence[FeedDay]]
    gaps: Sequence[Gap]
    held: Sequence[Held]
    climbers: Sequence[Climber]
    usual: Sequence[UsualVotes]
    new_papers: Sequence[NewPaper]
    changes: Sequence[Change]
    facts: Facts
    topics: Sequence[Topic]
    told: Sequence[TrendList]
    """The lists of all grains, with their bursts; see :func:`read_told`."""


def read_shown(
    connection: "duckdb.DuckDBPyConnection",
    topics: Sequence[Topic],
    told: Sequence[TrendList],
    phrases: PhraseMemory,
) -> Shown:
    """Return what the pages show; ``told`` is of :func:`read_told`, and gets its phrases here.

    Phrases that ``phrases`` knows are not looked for again.
    """
    return Shown(
        names=read_feed_names(connection),
        days=read_days(connection),
        gaps=read_gaps(connection),
        held=read_held(connection),
        climbers=read_climbers(connection, lists.CLIMBING),
        usual=read_usual_votes(connection),
        new_papers=read_new_papers(connection, lists.NEW_DAYS),
        changes=read_changes(connection, lists.CHANGES),
        facts=read_facts(connection),
        topics=topics,
        told=[add_phrases(connection, one, _MOST_TOLD, phrases) for one in told],
    )


def read_told(connection: "duckdb.DuckDBPyConnection") -> list[TrendList]:
    """Return the lists of all grains, the shortest first, with their bursts, and why the newest
    rise, but for phrases; a burst that a shorter grain tells is not told again.
    """
    found = [
        one
        for grain in GRAINS
        for one in read_trend_lists(connection, grain, None, None, date(1, 1, 1), says_why=False)
    ]
    return [say_why(connection, one) for one in _tell_once(found)]


def _tell_once(lists: Sequence[TrendList]) -> list[TrendList]:
    told: dict[tuple[str, str], list[tuple[date, date]]] = {}
    kept = []
    for trends in lists:
        new = []
        for burst in trends.bursts:
            spans = told.setdefault((trends.feed_id, burst.topic_id), [])
            span = burst.start, burst.end or date.max
            if all(span[1] < start or span[0] > end for start, end in spans):
                new.append((burst, spans, span))
        for _, spans, span in new:
            spans.append(span)
        kept.append(replace(trends, bursts=tuple(burst for burst, *_ in new)))
    return kept
