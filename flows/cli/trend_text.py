"""What ``trends`` prints for people."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from flows.cli.output import is_narrower_than, show_table
from flows.cli.output import say_wrapped as say
from flows.cli.trend_grain import NAMES, Chosen, say_why
from warehouse.counted import say_count, say_usual

if TYPE_CHECKING:
    from warehouse.trend_answers import Burst, Evidence, Phrase, TrendList

_BARS = "▁▂▃▄▅▆▇█"
_WIDTH = 24
"""Signs of a sparkline: neighbouring periods are averaged to fit."""
_BEGINS = {
    "first": None,
    "gap": "nothing before is compared: a gap of more than two months lies between",
    "volume": "nothing before is compared: the number of papers changed threefold then",
}
_LEAST_COLUMNS = 110
"""A terminal with fewer has no room for the bars in the table."""


def sparkline(shares: Sequence[float]) -> str:
    """Return shares as bars from zero to the highest one, the oldest first."""
    if not shares:
        return ""
    width = min(_WIDTH, len(shares))
    edges = [len(shares) * part // width for part in range(width + 1)]
    means = [sum(shares[a:b]) / (b - a) for a, b in pairwise(edges)]
    top = max(means) or 1.0
    return "".join(_BARS[min(len(_BARS) - 1, int(len(_BARS) * mean / top))] for mean in means)


def print_list(
    chosen: Chosen, limit: int, topic: str | None = None, since: date | None = None
) -> None:
    """Print what one feed says: what rises, since when, how surely, why, and what was left out.

    ``topic`` is the name of the one that was asked for.
    """
    trends = chosen.trends
    say(
        f"{trends.feed_id}, by {NAMES[trends.grain]}: {_counted(trends)} compared,"
        f" {trends.first_period} to {trends.last_period}{_ends(trends)}"
    )
    for line in (say_why(chosen), _BEGINS.get(trends.begins, _mix_changed(trends.begins))):
        if line:
            say(f"  {line}")
    if trends.is_old:
        say(
            f"  not of today: after the {NAMES[trends.grain]} of {trends.last_period} too few days"
            " were seen to compare anything; what follows is of then"
        )
    _print_bursts(trends, limit, topic, since)
    if since is None:
        _print_longer(chosen)
    _print_alarms(trends, limit, topic, since)
    _print_slow(trends, limit)
    for period in trends.not_compared:
        say(
            f"  not compared: {NAMES[trends.grain]} of {period.period_start},"
            f" {say_count(period.papers, 'paper')}: {period.reason}"
        )


def _print_bursts(trends: "TrendList", limit: int, topic: str | None, since: date | None) -> None:
    if not trends.bursts:
        say(f"  {_nothing(trends, topic, since)}")
        return
    columns = ("topic", "since", "known", "papers", "usual", "times", _drawn(trends))
    rows = [_row(burst) for burst in trends.bursts[:limit]]
    # a narrow terminal would part the bars: there they have lines of their own
    is_narrow = is_narrower_than(_LEAST_COLUMNS)
    show_table(
        columns[:-1] if is_narrow else columns, [row[: 6 if is_narrow else 7] for row in rows]
    )
    left = len(trends.bursts) - limit
    if left > 0:
        say(f"  and {left} more: give a higher --limit")
    for burst in trends.bursts[:limit]:
        if is_narrow:
            say(f"  {burst.name}: {_drawn(trends)} {sparkline(burst.shares)}")
        _print_why(burst)
    say(f"  {_reliability(trends)}")


def _print_longer(chosen: Chosen) -> None:
    """Print what rises by longer periods alone."""
    told = {burst.topic_id for burst in chosen.trends.bursts}
    for trends in chosen.longer:
        for burst in trends.bursts:
            if burst.topic_id not in told:
                told.add(burst.topic_id)
                say(
                    f"  by {NAMES[trends.grain]} also: {burst.name}, since {burst.start}:"
                    f" {burst.papers} of {say_count(burst.observed, 'paper')}, where"
                    f" {say_usual(burst.expected)} are usual"
                )


def _print_alarms(trends: "TrendList", limit: int, topic: str | None, since: date | None) -> None:
    """Print the alarms, apart from bursts: they say nothing of what lasts."""
    if not trends.alarm_topics and not trends.alarms:
        return
    if topic and not trends.alarms:
        return
    when = f"since {since}" if since else f"in the {NAMES[trends.grain]} of {trends.last_period}"
    what = f"alarms of {topic}" if topic else f"alarms {when}"
    rule = "without hindsight: by the periods before each alone"
    if not trends.alarms:
        tested = say_count(trends.alarm_topics or 0, "topic")
        say(f"  no {what}, {rule}; {tested} tested")
        return
    say(f"  {what}, {rule}; whether it lasts, a burst tells:")
    for one in trends.alarms[:limit]:
        say(
            f"    {one.name}, {NAMES[trends.grain]} of {one.period_start}: {one.papers} of"
            f" {say_count(one.observed, 'paper')}, {one.expected:.1f} expected"
            f" (q {one.q_value:.4f}, {say_count(one.tested, 'topic')} tested)"
        )
    left = len(trends.alarms) - limit
    if left > 0:
        say(f"    and {left} more: give a higher --limit")


def _periods(trends: "TrendList") -> str:
    return "periods of four weeks" if trends.grain == "four-weeks" else f"{trends.grain}s"


def _counted(trends: "TrendList") -> str:
    if trends.grain == "four-weeks":
        return say_count(trends.periods, "period") + " of four weeks"
    return say_count(trends.periods, trends.grain)


def _ends(trends: "TrendList") -> str:
    """Say when the last of four weeks ends, for they begin on any Monday."""
    if trends.grain != "four-weeks":
        return ""
    return f" (the last ends on {trends.last_period + timedelta(days=27)})"


def _mix_changed(attribute: str) -> str:
    return f"nothing before is compared: what the list shows changed then ({attribute} of papers)"


def _print_slow(trends: "TrendList", limit: int) -> None:
    """Print the slow trends: what rises first, then what falls."""
    if not trends.slow:
        return
    one = trends.slow[0]
    say(
        f"  slow trends over {one.periods} months, {one.first_period} to {one.last_period}"
        " (Mann-Kendall, at most 5% of them by chance):"
    )
    rising = [one for one in trends.slow if one.slope_per_year > 0]
    falling = [one for one in trends.slow if one.slope_per_year < 0][::-1]
    show_table(
        ("topic", "first 3 months", "last 3", "points a year", "(95 %)", "papers"),
        [
            (
                one.name,
                f"{one.share_first:.1%}",
                f"{one.share_last:.1%}",
                f"{100 * one.slope_per_year:+.1f}",
                f"({100 * one.slope_low:+.1f} to {100 * one.slope_high:+.1f})",
                f"{one.papers} of {one.observed}",
            )
            for one in [*rising[:limit], *falling[: max(1, limit // 3)]]
        ],
    )


def _drawn(trends: "TrendList") -> str:
    return f"share by {NAMES[trends.grain]}"


def _row(burst: "Burst") -> tuple[object, ...]:
    name = burst.name if burst.end is None else f"{burst.name} (until {burst.end})"
    return (
        name,
        burst.start,
        burst.confirmed,
        burst.papers,
        say_usual(burst.expected),
        f"{burst.ratio:.1f}",
        sparkline(burst.shares),
    )


def _print_why(burst: "Burst") -> None:
    if burst.phrases:
        say(f"  {burst.name}: phrases that drive it: {', '.join(map(_phrase, burst.phrases))}")
    parts = [
        f"{one.name} {one.share_of_rise:.0%}" for one in burst.because if one.share_of_rise > 0
    ]
    if parts:
        say(f"  {burst.name}: of the rise, papers also on {', '.join(parts)}")
    print_papers(burst.evidence)


def _phrase(one: "Phrase") -> str:
    before = f"{one.papers_before / one.papers_before_of:.1%}"
    return f"{one.phrase} ({one.papers / one.papers_of:.0%}, before {before})"


def print_papers(papers: "Sequence[Evidence]") -> None:
    """Print papers with what tells that they exist: id, date of the list, votes."""
    for paper in papers:
        votes = "votes unknown" if paper.votes is None else say_count(paper.votes, "vote")
        say(f"    {paper.title} ({paper.paper_id}, {paper.first_feed_date}, {votes})")


def _nothing(trends: "TrendList", topic: str | None, since: date | None) -> str:
    """Say that there is no burst to tell, of what, and why."""
    what = f"no burst of {topic}" if topic else "no topic rises suddenly"
    when = f" on {since} or later" if since else ""
    return f"{what}{when} ({_why_nothing(trends)})"


def _why_nothing(trends: "TrendList") -> str:
    if not trends.topics:
        return f"too few comparable {_periods(trends)}, or too few papers"
    if trends.is_topic_searched is False:
        return f"not searched: a general topic, or too few papers in these {_periods(trends)}"
    if trends.found and not trends.shown:
        return (
            f"{say_count(trends.topics, 'topic')} searched; bursts found: {trends.found}, none"
            f" shown, for chance gives {trends.chance_bursts:.2f}"
        )
    return f"{say_count(trends.topics, 'topic')} searched"


def _reliability(trends: "TrendList") -> str:
    rate = trends.false_discovery_rate
    if rate is None:
        return f"{say_count(trends.topics, 'topic')} searched"
    return (
        f"{say_count(trends.topics, 'topic')} searched, {say_count(trends.shown, 'burst')} in all;"
        " by chance"
        f" {trends.chance_bursts:.2f} ({rate:.0%}), as in {trends.shuffles} shuffled histories"
    )


def say_nothing(listed: int, topic: str | None, feed: str | None, *, is_general: bool) -> None:
    """Say why there is nothing to compare; ``listed`` is how many papers daily lists show."""
    if is_general:
        say(f"nothing to compare: {topic} is a general topic, and those are no trend")
    elif not listed and feed:
        say(f"nothing to compare: no papers of {feed} are loaded, or were known by then")
    elif not listed:
        say("nothing to compare: no daily list with papers is loaded, or was known by then")
    else:
        of = f"of {say_count(listed, 'paper')} in daily lists"
        what = f"the topic {topic}" if topic else "a topic"
        say(f"nothing to compare: {of}, none names {what} in its text")
