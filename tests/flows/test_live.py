"""Looks that we take ourselves: what is due, daily runs over weeks with outages, backfill."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import pytest

from flows.backfill import backfill, due_now, plan_backfill
from flows.due import DaySeen, list_backfill, list_due
from flows.house import House
from flows.ingest import ingest
from flows.ledger import describe_feeds
from flows.report import Report
from tests.flows.captures import api_entry
from tests.flows.sources.replay import Replay, Reply, json_reply, serve
from transforms.calendar import Calendar
from warehouse.connection import open_published

WEEKDAYS = Calendar("hf-daily", "UTC", {1, 2, 3, 4, 5}, (), 24, 24)
MONDAY = date(2026, 3, 2)
_FIRST = date(2026, 1, 1)
REOBSERVED = [1, 3, 7, 14]
DAYS = int(os.environ.get("PAPERSTRATA_DAYS", "40"))


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


@pytest.mark.parametrize("state", ["open", "truncated", "missing", "late", "outage", "held"])
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
    assert days("all") == [0, 1, 2, 3, 4]
    assert days("all", at(friday)) == [1, 4]


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

    def house(self) -> House:
        house = House.open(self.home)
        house.now = lambda: self.moment
        return house

    def run(self) -> Report:
        house = self.house()
        return ingest(house, [], due_now(house, self.moment), verb="daily")

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


def test_weeks_of_daily_runs_leave_a_whole_ledger_whatever_failed_on_the_way(world: World) -> None:
    outage = range(8, 11)
    our_machine_is_off = range(15, 19)
    world.holidays = {MONDAY + timedelta(days=21)}
    for number in range(DAYS):
        world.moment = at(MONDAY + timedelta(days=number))
        world.down = number in outage
        if number in our_machine_is_off:
            continue
        report = world.run()
        assert bool(report.failed) == (world.down and bool(due_dates(world, report)))
        if number == outage[-1]:
            with open_published(world.home / "warehouse.duckdb") as connection:
                (feed,) = describe_feeds(connection, world.house(), world.moment)
            assert "outage" in {day["state"] for day in feed["overdue"]} or feed["ok"]
    states = world.states()
    today = world.moment.date()
    for day, state in states.items():
        if day in world.holidays:
            assert state == "legit_empty"
        elif day == today:
            assert state in ("open", "late")
        else:
            assert state == "loaded", day
    with open_published(world.home / "warehouse.duckdb") as connection:
        ages = connection.execute(
            "select distinct votes from core.paper_metric where paper_id = 'arxiv:2603.06000'"
            " order by 1"
        ).fetchall()
    assert [votes for (votes,) in ages] == [0, 1, 2, 4, 11 if 8 in outage else 8, 19]


def due_dates(world: World, report: Report) -> list[str]:
    """Return the looks that the run was asked to take."""
    record = next(
        run for run in world.house().journal.read("run") if run["run_id"] == report.run_id
    )
    return list(json.loads(record["parameters"])["due"])


def test_a_backfill_takes_every_day_once_and_goes_on_where_it_stopped(world: World) -> None:
    world.moment = at(MONDAY + timedelta(days=30))
    last = MONDAY + timedelta(days=11)
    taken: list[date | None] = []

    def take(due: object) -> Report:
        looks = list(due)  # type: ignore[call-overload]
        taken.extend(look.feed_date for look in looks)
        if len(taken) > 5 and not world.down:
            world.down = True
        return ingest(world.house(), [], looks, verb="backfill")

    first = backfill(world.house(), "hf-daily", MONDAY, last, "missing", take)
    assert len(first.failed) == 10
    world.down = False
    taken.clear()
    second = backfill(
        world.house(),
        "hf-daily",
        MONDAY,
        last,
        "missing",
        lambda due: ingest(world.house(), [], due, verb="backfill"),
    )
    assert not second.failed
    assert second.captures["loaded"] == 10
    assert set(world.states().values()) <= {"loaded", "missing", "late"}
    assert plan_backfill(world.house(), "hf-daily", MONDAY, last, "missing") == []


def test_a_look_at_a_server_that_is_down_is_recorded_and_the_rest_goes_on(world: World) -> None:
    world.run()
    world.moment, world.down = at(MONDAY + timedelta(days=1)), True
    report = world.run()
    assert [failed["feed_id"] for failed in report.failed] == ["hf-daily"] * len(report.failed)
    failed = world.house().landing.failed()
    assert failed.height == len(report.failed)
    assert failed["reason"].str.contains("503").any()
