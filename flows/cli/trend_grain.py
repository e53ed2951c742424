"""In which periods each daily list is told: the shortest in which a burst is more than chance."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    import duckdb

    from warehouse.trend_answers import TrendList

GRAINS: Final = ("week", "four-weeks", "month")
NAMES: Final = {"week": "week", "four-weeks": "four weeks", "month": "month"}


class Chosen(NamedTuple):
    """What one daily list says, and the lists by shorter periods that were passed over for it, and
    by longer ones.
    """

    trends: "TrendList"
    passed: "tuple[TrendList, ...]" = ()
    longer: "tuple[TrendList, ...]" = ()


def choose_lists(
    connection: "duckdb.DuckDBPyConnection",
    grain: str | None,
    feed: str | None,
    topic: str | None,
    since: date | None,
) -> list[Chosen]:
    """Return what each daily list says, by ``grain``, or else by the shortest that tells a burst.

    A burst is told where its expected rate of false discovery is at most one in twenty: where weeks
    hold too few papers none is, and four weeks may tell one. Where no grain tells any, the shortest
    that was searched is taken.
    """
    from warehouse.trend_answers import read_trend_lists

    by_feed: dict[str, list[TrendList]] = {}
    for one in (grain,) if grain else GRAINS:
        for trends in read_trend_lists(connection, one, feed, topic, since):
            by_feed.setdefault(trends.feed_id, []).append(trends)
    return [_choose(lists) for _, lists in sorted(by_feed.items())]


def grain_of(chosen: Sequence[Chosen], default: str) -> str | None:
    """Return the grain that all lists are told by, or None where they differ."""
    grains = {one.trends.grain for one in chosen} or {default}
    return next(iter(grains)) if len(grains) == 1 else None


def say_why(chosen: Chosen) -> str | None:
    """Return why the list is told by longer periods than weeks, or None where it is not."""
    if not chosen.passed:
        return None
    return "shorter periods tell nothing: " + "; ".join(map(_tell_passed, chosen.passed))


def _choose(lists: "Sequence[TrendList]") -> Chosen:
    for place, trends in enumerate(lists):
        if trends.bursts:
            return Chosen(trends, tuple(lists[:place]), tuple(lists[place + 1 :]))
    return Chosen(next((one for one in lists if one.topics), lists[0]))


def _tell_passed(trends: "TrendList") -> str:
    by = f"by {NAMES[trends.grain]}"
    if not trends.topics:
        return f"{by} too few are comparable, or too few papers"
    if trends.shown:
        return f"{by} none of {trends.shown} bursts lasts, or is of what was asked for"
    found = "1 burst was" if trends.found == 1 else f"{trends.found} bursts were"
    return f"{by} {found} found, none beyond chance, which gives {trends.chance_bursts:.2f}"
