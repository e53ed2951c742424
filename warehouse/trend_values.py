"""What the marts say is rising, as values; ``trend_answers`` reads them."""

from dataclasses import dataclass
from datetime import date
from typing import Final


@dataclass(frozen=True)
class Neighbour:
    """Another topic of the papers of a burst."""

    topic_id: str
    name: str
    papers: int
    share_of_rise: float
    """Rise of the share of papers with both topics, over the rise of the topic's share."""


@dataclass(frozen=True)
class Phrase:
    """A phrase that the papers of a burst use more than the papers of the feed before it."""

    phrase: str
    papers: int
    """Papers of the burst with it, of ``papers_of`` that were looked at."""
    papers_of: int
    papers_before: int
    """Papers of the feed before the burst with it, of ``papers_before_of``; any topic."""
    papers_before_of: int
    log_odds_low: float
    """Lower end of the 95 % interval of the log odds ratio (Monroe et al. 2008); the order."""


@dataclass(frozen=True)
class Evidence:
    """A paper behind a topic; ``votes`` null if no look shows any."""

    topic_id: str
    paper_id: str
    title: str
    first_feed_date: date
    votes: int | None


@dataclass(frozen=True)
class Burst:
    """A burst that is shown; see mart.topic_burst. Dates are first days of periods."""

    feed_id: str
    topic_id: str
    name: str
    start: date
    confirmed: date
    peak: date
    end: date | None
    status: str
    strength: float
    papers: int
    observed: int
    expected: float
    ratio: float
    shares: tuple[float, ...] = ()
    """By period over the whole history of the feed, the oldest first; only those with papers."""
    because: tuple[Neighbour, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    phrases: tuple[Phrase, ...] | None = None
    """None where they were not looked for; empty where none is more than an accident."""
    share: float | None = None
    """Papers over observed, with its 95 % interval (Wilson 1927)."""
    share_low: float | None = None
    share_high: float | None = None
    compared_from: date | None = None
    """The first period of its stretch: what its papers are compared with begins there."""
    last_day: date | None = None
    """The last day that is known of it."""


@dataclass(frozen=True)
class SlowTrend:
    """A share that rises or falls slowly; see mart.topic_trend."""

    feed_id: str
    topic_id: str
    name: str
    periods: int
    papers: int
    observed: int
    share_first: float
    share_last: float
    slope_per_year: float
    slope_low: float
    slope_high: float
    q_value: float
    first_period: date
    last_period: date


@dataclass(frozen=True)
class Untested:
    """A period that was not compared with others, and why."""

    period_start: date
    papers: int
    reason: str


@dataclass(frozen=True)
class Alarm:
    """More papers of a topic in a period than all before it explains; see mart.topic_alarm."""

    topic_id: str
    name: str
    period_start: date
    papers: int
    observed: int
    expected: float
    q_value: float
    tested: int
    """Topics that were tested in the period."""


_OLD_DAYS: Final = {"week": 28, "four-weeks": 84, "month": 93}
"""From the beginning of the newest period that is compared: its own days, and twice as many."""


@dataclass(frozen=True)
class TrendList:
    """What was searched in one feed; see mart.trend_list."""

    feed_id: str
    grain: str
    first_period: date
    last_period: date
    periods: int
    topics: int
    found: int
    """Bursts that were found, shown or not; of them ``shown`` are more than chance gives."""
    shown: int
    chance_bursts: float
    false_discovery_rate: float | None
    shuffles: int
    bursts: tuple[Burst, ...]
    slow: tuple[SlowTrend, ...]
    not_compared: tuple[Untested, ...]
    is_topic_searched: bool | None = None
    """Whether the topic that was asked for was searched; None where none was."""
    alarms: tuple[Alarm, ...] = ()
    """Found without hindsight, the latest first; a burst is what proved to last."""
    alarm_topics: int | None = None
    """Topics that were tested for an alarm in the last period."""
    begins: str = "first"
    """Why it does not reach back further; see mart.feed_coverage."""
    newest_day: date | None = None
    """The newest day of the ledger of the feed."""

    @property
    def is_old(self) -> bool:
        """Whether the newest period that is compared lies far before the newest day."""
        newest = self.newest_day or self.last_period
        return (newest - self.last_period).days > _OLD_DAYS[self.grain]


@dataclass(frozen=True)
class Life:
    """The life of a topic in one daily list, in one stretch of months; see mart.topic_life.

    Dates and months of ``curve`` columns are those of a Gompertz curve, with 95 % intervals.
    """

    feed_id: str
    topic_id: str
    first_seen: date
    first_month: date
    last_month: date
    papers: int
    observed: int
    months: int
    course: str
    curve_share: float | None
    curve_peak_date: date | None
    curve_peak_low: date | None
    curve_peak_high: date | None
    curve_months_to_peak: float | None
    curve_months_to_peak_low: float | None
    curve_months_to_peak_high: float | None
    curve_half_life_months: float | None
    curve_half_life_low: float | None
    curve_half_life_high: float | None
    curve_second_date: date | None
    curve_second_low: date | None
    curve_second_high: date | None
