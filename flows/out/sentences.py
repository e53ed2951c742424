"""What is said of each piece of news, in plain words; every number with what it is out of."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from warehouse.counted import say_count, say_usual
from warehouse.news_values import Climbing, Day, News, Retitled, SaidBurst, TakenBack, Watched

_PERIODS: Final = {"week": "week of", "month": "month of", "four-weeks": "four weeks from"}
"""What is said before the first day of a period of a grain."""
_STALE_DAYS: Final = 3
"""From so many days on it is said how old the newest look was when it was published."""


def say_time(news: News) -> str:
    """Return when the publication was made that the news end with."""
    return f"{news.published_at:%Y-%m-%d %H:%M} UTC"


def say_newest(news: News) -> str:
    """Return when the newest look was taken, and how long before the publication; empty if none."""
    newest = news.newest_captured_at
    if newest is None:
        return ""
    days = (news.published_at - newest).days
    said = f"The newest look is of {newest:%Y-%m-%d %H:%M} UTC"
    if days >= _STALE_DAYS:
        said += f", {say_count(days, 'day')} before this: nothing later is known"
    return f"{said}."


def say_burst(burst: SaidBurst) -> str:
    """Return since when a topic rises, how much, and how sure that is."""
    parts = [f"since the {_say_period(burst.grain, burst.since)}"]
    if burst.burst_papers is not None and burst.expected is not None and burst.ratio is not None:
        parts.append(
            f"{say_count(burst.burst_papers, 'paper')} where {_are_usual(burst.expected)}"
            f" ({burst.ratio:.1f} times)"
        )
    else:
        parts.append("which the newest search does not find any more")
    parts.append(
        f"{burst.papers} of {say_count(burst.observed, 'paper')} in the"
        f" {_say_period(burst.grain, burst.period_start)}, the newest compared"
    )
    return "; ".join(parts)


def _say_period(grain: str, start: date) -> str:
    said = f"{start:%Y-%m}" if grain == "month" else str(start)
    return f"{_PERIODS.get(grain, f'{grain} of')} {said}"


def say_chance(burst: SaidBurst) -> str:
    """Return how many such bursts chance gives; empty where it was not tried."""
    if burst.chance_bursts is None or not burst.topics_searched:
        return ""
    return (
        f"of {say_count(burst.topics_searched, 'topic')} searched, chance gives"
        f" {burst.chance_bursts:.2f} such bursts"
    )


def say_climbing(one: Climbing) -> str:
    """Return the votes of a paper against the usual of its age."""
    days = say_count(one.age_days, "day")
    age = f"at an age of {days}" if one.age_days else "on its first day"
    said = (
        f"{say_count(one.votes, 'vote')} {age}; {_are_usual(one.votes_usual)}"
        f" (median of {say_count(one.papers_of_age, 'paper')})"
    )
    if one.gained is not None and one.gained_in_hours is not None and one.gained_in_hours >= 1:
        said += f"; {one.gained:+,} in the {one.gained_in_hours:.0f} h before"
    return f"{said}; seen on {one.captured_at:%Y-%m-%d}"


def say_taken_back(one: TakenBack) -> str:
    """Return what became of a paper, and when that was seen."""
    return one.status + (f", seen on {one.seen_at:%Y-%m-%d}" if one.seen_at else "")


def say_day(day: Day) -> str:
    """Return what is not known of a day."""
    return f"{day.feed_date}: {day.state}, {day.reason}"


def say_subject(news: News) -> str:
    """Return the news in one line of our own words: no text of others is in it."""
    feeds = news.feeds
    topics = {burst.topic_id for feed in feeds for burst in feed.began}
    found: Mapping[str, Sequence[Climbing | Watched | Retitled | TakenBack]] = {
        "climbed": [one for feed in feeds for one in feed.climbed],
        "on your watch-lists": [one for feed in feeds for one in feed.watched],
        "retitled": [one for feed in feeds for one in feed.retitled],
        "withdrawn": [one for feed in feeds for one in feed.taken_back],
    }
    said = [f"{say_count(len(topics), 'topic')} began to rise"] if topics else []
    for what, rows in found.items():
        # a paper of several feeds or watch-lists is one
        if papers := {one.paper.paper_id for one in rows}:
            said.append(f"{say_count(len(papers), 'paper')} {what}")
    return f"{news.published_at:%Y-%m-%d}: {', '.join(said) or 'nothing new'}"


def _are_usual(number: float) -> str:
    """Return what is usual, with its verb."""
    said = say_usual(number)
    return f"{said} {'is' if said == '1' else 'are'} usual"
