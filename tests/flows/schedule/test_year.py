"""Months of daily runs, two a day, against servers and a machine that fail: is every day's state
right, on every day?

The expected states are computed here, from what the servers saw, by the words of the plan alone.
``PAPERSTRATA_DAYS`` is how many days; ``PAPERSTRATA_SEED`` another world.
"""

import json
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from flows.pipeline.ingest import ingest
from flows.report import Report
from flows.schedule.daily import due_now
from flows.schedule.status import describe_feeds
from flows.workspace import Workspace
from tests.flows.sources.replay import serve
from tests.flows.world import EASTERN, Asked, World, at, utc
from warehouse.connection import open_published

FIRST = date(2026, 3, 2)
"""The clocks of New York change on 8 March and on 1 November."""
DAYS = int(os.environ.get("PAPERSTRATA_DAYS", "10"))
SEED = int(os.environ.get("PAPERSTRATA_SEED", "37"))
REOBSERVED = (14, 7, 3, 1)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Seen:
    """One look that landed: when, the papers that it showed, and whether a part is missing."""

    moment: datetime
    papers: tuple[str, ...]
    is_cut: bool


@dataclass
class Feed:
    """What is known of one feed by what happened, and what must follow from it."""

    feed_id: str
    closed: frozenset[date]
    cutoff_days: int
    is_eastern: bool
    looks: dict[date, list[Seen]] = field(default_factory=dict)
    failed: set[date] = field(default_factory=set)

    def is_expected(self, day: date) -> bool:
        """Tell whether a list is expected."""
        return day.isoweekday() < 6 and day not in self.closed

    def cutoff(self, day: date) -> datetime:
        """Return the moment from which the list of a day is final."""
        if not self.is_eastern:
            return at(day) + timedelta(days=self.cutoff_days)
        return utc(at(day).replace(tzinfo=EASTERN)) + timedelta(days=self.cutoff_days)

    def today(self, moment: datetime) -> date:
        """Return the day that it is where the feed is."""
        if not self.is_eastern:
            return moment.date()
        return moment.replace(tzinfo=UTC).astimezone(EASTERN).date()

    def clock(self) -> datetime:
        """Return the newest look."""
        return max(look.moment for looks in self.looks.values() for look in looks)

    def state(self, day: date, clock: datetime) -> str:
        """Return the state of a day as the plan words it."""
        looks, cutoff = self.looks.get(day, []), self.cutoff(day)
        whole = [look for look in looks if not look.is_cut]
        if any(look.papers and look.moment >= cutoff for look in whole):
            return "loaded"
        if any(look.is_cut for look in looks):
            return "truncated"
        if any(look.papers for look in whole):
            return "open"
        if any(look.moment >= cutoff for look in whole) or (looks and not self.is_expected(day)):
            return "legit_empty"
        if not self.is_expected(day):
            return "closed"
        if day in self.failed and not looks:
            return "outage"
        return "late" if clock < cutoff + DAY else "missing"

    def ledger(self) -> dict[date, tuple[str, int]]:
        """Return the state and the papers of every day that the ledger must have."""
        if not self.looks:
            return {}
        clock, first = self.clock(), min(self.looks)
        last = max([*self.looks, self.today(clock)])
        days = [first + DAY * number for number in range((last - first).days + 1)]
        return {day: (self.state(day, clock), len(self.papers(day))) for day in days}

    def papers(self, day: date) -> set[str]:
        """Return all papers that any look at a day showed."""
        return {paper for look in self.looks.get(day, []) for paper in look.papers}

    def overdue(self, now: datetime) -> dict[date, str]:
        """Return the days that are overdue by the real clock."""
        if not self.looks:
            return {}
        overdue, day = {}, min(self.looks)
        while self.cutoff(day) + DAY <= now:
            state = self.state(day, now)
            if self.is_expected(day) and state in ("missing", "outage"):
                overdue[day] = state
            day += DAY
        return overdue

    def fresh_at(self) -> datetime | None:
        """Return up to when the feed is known."""
        known = []
        for day, looks in self.looks.items():
            following = day + DAY
            while not self.is_expected(following):
                following += DAY
            known += [min(look.moment, self.cutoff(following)) for look in looks]
        return max(known, default=None)

    def due(self, now: datetime) -> list[date]:
        """Return the days that a daily run must look at."""
        today = self.today(now)
        days = [today - DAY * age for age in range(28, -1, -1)]
        if self.is_eastern:
            days = [today] if "loaded" not in self.state_in_ledger(today) else []
            return [day for day in days if self.is_expected(day)]
        return [day for day in days if self._is_due(day, now)]

    def state_in_ledger(self, day: date) -> str:
        """Return the state of a day in the ledger, empty where it has no row."""
        return self.ledger().get(day, ("", 0))[0]

    def _is_due(self, day: date, now: datetime) -> bool:
        cutoff, state = self.cutoff(day), self.state_in_ledger(day)
        last = max((look.moment for look in self.looks.get(day, [])), default=None)
        if now < cutoff:
            return True
        if not self.is_expected(day):
            # looked at all the same, until it was seen after its end
            return now < cutoff + 3 * DAY and (last is None or last < cutoff)
        if last is None:
            return True
        if state != "legit_empty" and last < cutoff:
            return True
        if state == "truncated" and now < cutoff + 3 * DAY:
            return True
        passed = [cutoff + DAY * age for age in REOBSERVED if now >= cutoff + DAY * age]
        return bool(passed) and last < passed[0]


@dataclass
class Year:
    """The simulation: a world, a home, and what the oracle makes of the former."""

    world: World
    home: Path
    feeds: dict[str, Feed]
    counts: Counter[str] = field(default_factory=Counter)

    def workspace(self) -> Workspace:
        """Open the home at the moment."""
        workspace = Workspace.open(self.home)
        workspace.now = lambda: self.world.moment
        return workspace

    def run(self) -> Report:
        """Run ``daily`` and learn from what the servers saw."""
        workspace, asked_before = self.workspace(), len(self.world.asked)
        due = due_now(workspace, self.world.moment)
        expected = [
            (feed.feed_id, day)
            for feed in self.feeds.values()
            for day in feed.due(self.world.moment)
        ]
        assert [(look.feed_id, look.feed_date) for look in due] == expected, self.world.moment
        report = ingest(workspace, [], due, verb="daily")
        self._learn(self.world.asked[asked_before:], expected)
        self.counts += Counter(runs=1, looks=len(due), failed=len(report.failed))
        return report

    def _learn(self, asked: list[Asked], due: list[tuple[str, date]]) -> None:
        taken: set[tuple[str, date]] = set()
        pages: dict[tuple[str, date], list[Asked]] = {}
        for request in asked:
            pages.setdefault((request.feed_id, request.feed_date), []).append(request)
        for (feed_id, day), requests in pages.items():
            good = [request for request in requests if request.trouble is None]
            is_whole = len(good) == len(requests) and not requests[-1].has_next
            if good:
                papers = tuple(paper for request in good for paper in request.papers)
                seen = Seen(self.world.moment, papers, not is_whole)
                self.feeds[feed_id].looks.setdefault(day, []).append(seen)
            if is_whole:
                # what shows only today is asked for today, whatever it answers
                feed = self.feeds[feed_id]
                taken.add((feed_id, feed.today(self.world.moment) if feed.is_eastern else day))
        for feed_id, day in due:
            if (feed_id, day) not in taken:
                self.feeds[feed_id].failed.add(day)

    def check(self) -> None:
        """Hold ledger and status against the oracle."""
        self.counts["checks"] += 1
        workspace = self.workspace()
        if not workspace.settings.home.published.exists():
            return
        with open_published(workspace.settings.home.published) as connection:
            ledger: dict[str, dict[date, tuple[str, int]]] = {}
            for feed_id, day, state, papers in connection.execute(
                "select feed_id, feed_date, state, papers from core.feed_day"
            ).fetchall():
                ledger.setdefault(feed_id, {})[day] = (state, papers)
            described = {
                feed["feed_id"]: feed
                for feed in describe_feeds(connection, workspace, self.world.moment)
            }
        for feed_id, feed in self.feeds.items():
            assert ledger.get(feed_id, {}) == feed.ledger(), (feed_id, self.world.moment)
            self._check_status(described[feed_id], feed)

    def _check_status(self, said: dict[str, Any], feed: Feed) -> None:
        overdue = {day["feed_date"]: day["state"] for day in said["overdue"]}
        if not feed.looks:
            assert said["state"] in ("never seen", "overdue")
            return
        assert overdue == feed.overdue(self.world.moment), (feed.feed_id, self.world.moment)
        assert said["ok"] == (not overdue)
        assert said["newest_captured_at"] == feed.clock()
        assert said["fresh_at"] == feed.fresh_at()


@pytest.fixture
def year(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Year]:
    overlay = tmp_path / "config"
    overlay.mkdir()
    (overlay / "settings.toml").write_text("fetch_tries = 1\nduckdb_threads = 1\n")
    (overlay / "feeds.toml").write_text(
        "[[feed]]\nfeed_id = 'arxiv-new'\ndaily = true\noptions = { categories = 'cs.LG' }\n"
    )
    (overlay / "topics.yaml").write_text(
        "version: '1'\nareas: [{id: a, name: A}]\nfields: [{id: b, name: B, parent: a}]\n"
        "topics: [{id: c, name: C, parent: b, aliases: [quiet gradient], acronyms: [], weak: []}]\n"
    )
    monkeypatch.setenv("PAPERSTRATA_CONFIG", str(overlay))
    closed = Workspace.open(tmp_path / "home").calendar("arxiv-new")
    assert closed
    holidays = frozenset(closed.holidays)
    world = World(FIRST, DAYS, Random(SEED), holidays)
    feeds = {
        "hf-daily": Feed("hf-daily", frozenset(), 1, is_eastern=False),
        "arxiv-new": Feed("arxiv-new", holidays, 0, is_eastern=True),
    }
    with serve(world.answer) as server:
        monkeypatch.setenv("HF_ENDPOINT", server.address)
        monkeypatch.setenv("ARXIV_ENDPOINT", server.address)
        yield Year(world, tmp_path / "home", feeds)


@pytest.mark.slow
@pytest.mark.timeout(300 + 20 * DAYS)
def test_every_day_has_its_right_state_on_every_day(year: Year) -> None:
    world, random = year.world, Random(SEED + 1)
    for number in range(DAYS):
        day = FIRST + DAY * number
        for hour in (random.uniform(0.05, 12), random.uniform(12, 23.95)):
            world.moment = at(day, hour).replace(microsecond=0)
            if not world.trouble("us"):
                year.run()
            year.check()
    outages = {f"outages of {name}": len(times) for name, times in world.outages.items()}
    last_runs_over_a_quiet_fortnight(year)
    spoilt = Counter(f"answers {asked.trouble}" for asked in world.asked if asked.trouble)
    counts = {"days": DAYS, **year.counts, **outages, "requests": len(world.asked), **spoilt}
    print(json.dumps(counts))


def last_runs_over_a_quiet_fortnight(year: Year) -> None:
    """Let nothing fail any more: then every list that ever came out within reach is known whole."""
    world = year.world
    world.outages = {name: [] for name in world.outages}
    world.random.random = lambda: 0.5  # type: ignore[method-assign]
    for days in (1, 1, 2, 4, 7):
        world.moment += days * DAY
        year.run()
    year.check()
    hugging_face = year.feeds["hf-daily"]
    for day, (state, papers) in hugging_face.ledger().items():
        listed = world.lists.get(("hf-daily", day))
        if (world.moment.date() - day).days in range(3, 28) and hugging_face.is_expected(day):
            out = listed.shown_at(hugging_face.looks[day][-1].moment) if listed else []
            assert (state, papers) == ("loaded" if out else "legit_empty", len(out)), day
    with open_published(year.home / "warehouse.duckdb") as connection:
        votes = connection.execute(
            "select paper_id, captured_at, votes from core.paper_metric where feed_id = 'hf-daily'"
        ).fetchall()
    assert set(votes) == world.votes()
