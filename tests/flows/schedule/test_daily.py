"""Looks that we take ourselves: what is due, daily runs over weeks with outages, backfill."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import pytest

from flows.pipeline.ingest import ingest
from flows.report import Report
from flows.schedule.backfill import backfill, plan_backfill
from flows.schedule.daily import due_now
from flows.schedule.due import DaySeen, list_backfill, list_due, list_due_today
from flows.workspace import Workspace
from tests.flows.captures import api_entry
from tests.flows.sources.replay import Replay, Reply, json_reply, serve
from transforms.calendar import Calendar
from warehouse.connection import open_published

WEEKDAYS = Calendar("hf-daily", "UTC", {1, 2, 3, 4, 5}, (), 24, 24)
MONDAY = date(2026, 3, 2)
_FIRST = date(2026, 1, 1)
REOBSERVED = [1, 3, 7, 14]


def at(day: date, hour: int = 18) -> datetime:
    """Return an hour of a day, naive UTC."""
    return datetime(day.year, day.month, day.day, hour)  # noqa: DTZ001 - naive UTC


def due_days(seen: dict[date, DaySeen], now: datetime) -> dict[date | None, str]:
    """Return the days of March that are due, and why."""
    due = list_due(WEEKDAYS, seen, now, REOBSERVED)
    return {look.feed_date: look.why for look in due if look.feed_date and look.feed_date >= MONDAY}


def test_the_list_of_the_day_is_due_and_a_weekend_is_not() -> None:
    assert due_days({}, at(MONDAY)) == {MONDAY: "the list of the day"}
    assert MONDAY + timedelta(days=5) not in due_days({}, at(MONDAY + timedelta(days=6)))


@pytest.mark.parametrize(
    "state", ["open", "truncated", "partial", "missing", "late", "outage", "held"]
)
def test_a_day_that_is_not_final_is_due_after_its_end(state: str) -> None:
    seen = {MONDAY: DaySeen(state, at(MONDAY))}
    assert due_days(seen, at(MONDAY + timedelta(days=1)))[MONDAY].startswith(state)


def test_a_final_day_is_looked_at_again_on_days_1_3_7_and_14() -> None:
    looked = at(MONDAY + timedelta(days=1), 1)
    ages = []
    for age in range(1, 25):
        moment = at(MONDAY + timedelta(days=1 + age), 1)
        if MONDAY in due_days({MONDAY: DaySeen("loaded", looked)}, moment):
            ages.append(age)
            looked = moment
    assert ages == REOBSERVED


def test_a_list_of_which_a_part_came_after_its_end_is_asked_for_again_at_once() -> None:
    cutoff = at(MONDAY + timedelta(days=1), 0)
    seen = {MONDAY: DaySeen("truncated", cutoff + timedelta(hours=6))}
    again = due_days(seen, cutoff + timedelta(hours=18))
    assert again[MONDAY] == "truncated: only a part of the list came"
    seen = {MONDAY: DaySeen("truncated", cutoff + timedelta(days=3, hours=1))}
    assert MONDAY not in due_days(seen, cutoff + timedelta(days=3, hours=18))


@pytest.mark.parametrize("state", [None, "legit_empty", "truncated", "outage", "held"])
def test_a_list_that_is_gone_tomorrow_is_due_until_it_is_seen_whole(state: str | None) -> None:
    seen = {MONDAY: DaySeen(state, at(MONDAY))} if state else {}
    (due,) = list_due_today(WEEKDAYS, seen, at(MONDAY, 20))
    assert due.feed_date == MONDAY


def test_a_list_that_is_gone_is_never_due_again() -> None:
    assert list_due_today(WEEKDAYS, {MONDAY: DaySeen("loaded", at(MONDAY))}, at(MONDAY, 20)) == []
    saturday = MONDAY + timedelta(days=5)
    assert list_due_today(WEEKDAYS, {}, at(saturday)) == []


def test_a_feed_with_lists_on_closed_days_is_looked_at_then_until_the_day_was_seen() -> None:
    every_day = replace(WEEKDAYS, is_looked_at_when_closed=True)
    sunday = MONDAY - timedelta(days=1)

    def why(state: DaySeen | None, now: datetime) -> str | None:
        due = list_due(every_day, {sunday: state} if state else {}, now, REOBSERVED)
        return next((look.why for look in due if look.feed_date == sunday), None)

    assert why(None, at(sunday)) == "the list of the day"
    unseen = "closed: no look since the day ended"
    assert why(None, at(MONDAY)) == why(DaySeen("closed", None), at(MONDAY)) == unseen
    assert why(DaySeen("legit_empty", at(sunday)), at(MONDAY)) == unseen
    assert why(DaySeen("legit_empty", at(MONDAY, 1)), at(MONDAY)) is None
    assert why(DaySeen("closed", None), at(MONDAY + timedelta(days=3))) is None
    # a list that came all the same is looked at as any other
    assert why(DaySeen("open", at(sunday)), at(MONDAY)) is not None
    days = [look.feed_date for look in list_backfill(every_day, {}, sunday, MONDAY, "missing")]
    assert days == [sunday, MONDAY]
    seen = {sunday: DaySeen("legit_empty", at(MONDAY))}
    days = [look.feed_date for look in list_backfill(every_day, seen, sunday, MONDAY, "missing")]
    assert days == [MONDAY]


def test_a_backfill_takes_what_it_is_asked_for() -> None:
    friday = MONDAY + timedelta(days=4)
    seen = {
        MONDAY: DaySeen("loaded", at(friday)),
        MONDAY + timedelta(days=1): DaySeen("outage", None),
        MONDAY + timedelta(days=2): DaySeen("held", at(friday)),
        MONDAY + timedelta(days=3): DaySeen("legit_empty", at(friday)),
    }

    def days(only: str, since: datetime | None = None) -> list[int]:
        due = list_backfill(WEEKDAYS, seen, MONDAY, friday + timedelta(days=2), only, since)
        return [(look.feed_date - MONDAY).days for look in due if look.feed_date]

    assert days("missing") == [1, 4]
    assert days("failed") == [1, 2]
    assert days("all") == [0, 1, 2, 3, 4, 5, 6]
    assert days("all", at(friday)) == [1, 4, 5, 6]


@dataclass
class World:
    """A server with a list for every weekday, which fails while it is ``down``."""

    home: Path
    moment: datetime = field(default_factory=lambda: at(MONDAY))
    down: bool = False
    holidays: set[date] = field(default_factory=set)

    def answer(self, path: str) -> Reply:
        asked = parse_qs(urlparse(path).query)
        if self.down:
            return json_reply({"error": "on strike"}, 503)
        day = date.fromisoformat(asked["date"][0])
        if day in self.holidays or day.isoweekday() > 5 or asked.get("p", ["0"]) != ["0"]:
            return json_reply([])
        number = (day - _FIRST).days
        age = max((self.moment.date() - day).days, 0)
        at_first = {"submittedOnDailyAt": f"{day}T01:00:00.000Z"}
        return json_reply(
            [
                api_entry(
                    n % 5, paper={"id": f"2603.{number:03}{n:02}", "upvotes": age, **at_first}
                )
                for n in range(2 + min(age, 1))
            ]
        )

    def workspace(self) -> Workspace:
        workspace = Workspace.open(self.home)
        workspace.now = lambda: self.moment
        return workspace

    def run(self) -> Report:
        workspace = self.workspace()
        return ingest(workspace, [], due_now(workspace, self.moment), verb="daily")

    def states(self) -> dict[date, str]:
        with open_published(self.home / "warehouse.duckdb") as connection:
            query = "select feed_date, state from core.feed_day where is_expected"
            return dict(connection.execute(query).fetchall())


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    overlay = tmp_path / "config"
    overlay.mkdir()
    (overlay / "settings.toml").write_text("fetch_tries = 1\n")
    (overlay / "feeds.toml").write_text("[[feed]]\nfeed_id = 'hf-daily'\ndaily = true\n")
    (overlay / "topics.yaml").write_text(
        "version: '1'\nareas: [{id: a, name: A}]\nfields: [{id: b, name: B, parent: a}]\n"
        "topics: [{id: c, name: C, parent: b, aliases: [quiet gradient], acronyms: [], weak: []}]\n"
    )
    world = World(tmp_path / "home")
    with serve(world.answer) as server:
        monkeypatch.setenv("PAPERSTRATA_CONFIG", str(overlay))
        monkeypatch.setenv("HF_ENDPOINT", server.address)
        assert isinstance(server, Replay)
        yield world


@pytest.mark.slow
def test_a_backfill_takes_every_day_once_and_goes_on_where_it_stopped(world: World) -> None:
    world.moment = at(MONDAY + timedelta(days=30))
    last = MONDAY + timedelta(days=11)
    taken: list[date | None] = []

    def take(due: object) -> Report:
        looks = list(due)  # type: ignore[call-overload]
        taken.extend(look.feed_date for look in looks)
        if len(taken) > 5 and not world.down:
            world.down = True
        return ingest(world.workspace(), [], looks, verb="backfill")

    first = backfill(world.workspace(), "hf-daily", MONDAY, last, "missing", take)
    assert len(first.failed) == 12  # the weekend is looked at too
    world.down = False
    taken.clear()
    second = backfill(
        world.workspace(),
        "hf-daily",
        MONDAY,
        last,
        "missing",
        lambda due: ingest(world.workspace(), [], due, verb="backfill"),
    )
    assert not second.failed
    assert second.captures["loaded"] == 12
    assert set(world.states().values()) <= {"loaded", "missing", "late"}
    assert plan_backfill(world.workspace(), "hf-daily", MONDAY, last, "missing") == []


@pytest.mark.slow
def test_a_look_at_a_server_that_is_down_is_recorded_and_the_rest_goes_on(world: World) -> None:
    world.run()
    world.moment, world.down = at(MONDAY + timedelta(days=1)), True
    report = world.run()
    assert [failed.feed_id for failed in report.failed] == ["hf-daily"] * len(report.failed)
    failed = world.workspace().landing.failed()
    assert failed.height == len(report.failed)
    assert failed["reason"].str.contains("503").any()
