"""What ``status`` says of feeds by the real clock: what is overdue, up to when a feed is known."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from flows.pipeline.ingest import ingest
from flows.pipeline.inputs import Inputs, Stated
from flows.pipeline.path_template import PathTemplate
from flows.schedule.status import describe_feeds, describe_others, find_gaps
from flows.workspace import Workspace
from tests.flows.captures import LAYOUT, Bench, api_body, api_entry, search_text, write
from transforms.calendar import Calendar
from warehouse.connection import open_published
from warehouse.landing_records import FAILED

MONDAY = date(2025, 6, 16)


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    yield Bench(tmp_path, monkeypatch)


def at(day: int, hour: int = 0) -> datetime:
    """Return an hour of a day, the Monday being 0, naive UTC."""
    start = datetime(2025, 6, 16)  # noqa: DTZ001 - naive UTC
    return start + timedelta(days=day, hours=hour)


def look(bench: Bench, day: int, moment: datetime, papers: int = 2) -> None:
    """Put a look at the list of a day, taken at a moment, into the warehouse."""
    feed_date = MONDAY + timedelta(days=day)
    entries = [
        api_entry(
            number, paper={"id": f"2506.{30 + day:02}{number:03}", "submittedOnDailyAt": None}
        )
        for number in range(papers)
    ]
    path = bench.inbox / "us" / str(feed_date) / f"{moment:%Y%m%dT%H%M%SZ}.json"
    write(path, api_body(entries))
    given = Inputs((path,), Stated(feed_id="hf-daily", layout=PathTemplate(LAYOUT)))
    assert ingest(Workspace.open(bench.home), [given]).captures["loaded"] == 1


def describe(bench: Bench, now: datetime) -> dict[str, Any]:
    workspace = Workspace.open(bench.home)
    with open_published(workspace.settings.home.published) as connection:
        (feed,) = describe_feeds(connection, workspace, now)
    return feed


def test_a_look_at_the_list_of_the_day_makes_a_feed_fresh(bench: Bench) -> None:
    look(bench, 0, at(0, 18))
    feed = describe(bench, at(0, 20))
    assert (feed["fresh_at"], feed["age_hours"]) == (at(0, 18), 2.0)
    assert (feed["ok"], feed["state"], feed["overdue"]) == (True, "current", [])


@pytest.mark.slow
def test_a_backfill_of_old_days_makes_no_feed_fresh(bench: Bench) -> None:
    look(bench, 0, at(0, 18))
    look(bench, -5, at(9, 12))
    look(bench, -4, at(9, 12))
    feed = describe(bench, at(9, 13))
    assert feed["newest_captured_at"] == at(9, 12)
    # of Monday's list nothing newer is known, and Tuesday's was final on Wednesday
    assert feed["fresh_at"] == at(0, 18)
    look(bench, 0, at(9, 14))
    assert describe(bench, at(9, 15))["fresh_at"] == at(2)


@pytest.mark.slow
def test_a_feed_of_which_only_the_past_was_filled_in_is_as_fresh_as_that_past(bench: Bench) -> None:
    look(bench, 0, at(30))
    look(bench, 1, at(30))
    feed = describe(bench, at(31))
    assert feed["fresh_at"] == at(3)
    assert feed["age_hours"] == 28 * 24.0


@pytest.mark.slow
def test_the_list_of_a_friday_is_the_newest_over_the_weekend(bench: Bench) -> None:
    look(bench, 4, at(7, 6))
    assert describe(bench, at(7, 7))["fresh_at"] == at(7, 6)
    look(bench, 4, at(8, 6))
    assert describe(bench, at(8, 7))["fresh_at"] == at(8)


def test_a_list_without_the_time_of_its_look_is_known_from_its_date(bench: Bench) -> None:
    undated = api_entry(0, paper={"submittedOnDailyAt": None})
    path = write(bench.inbox / "list.json", api_body([undated]))
    ingest(Workspace.open(bench.home), [Inputs((path,), Stated("hf-daily", feed_date=MONDAY))])
    feed = describe(bench, at(3))
    assert (feed["newest_captured_at"], feed["fresh_at"], feed["age_hours"]) == (None, at(0), 72.0)


def test_a_failed_look_that_the_ledger_has_not_seen_makes_an_outage(bench: Bench) -> None:
    look(bench, 0, at(0, 18))
    look(bench, 2, at(3, 6))
    rows = [
        ("hf-daily", MONDAY + timedelta(days=day), at(day, 6), None, "HTTP 503") for day in (1, 4)
    ]
    landing = Workspace.open(bench.home).landing
    landing.write("failed", pl.DataFrame(rows, FAILED, orient="row"))
    assert describe(bench, at(2, 12))["overdue"] == []
    overdue = describe(bench, at(8, 1))["overdue"]
    assert [((day["feed_date"] - MONDAY).days, day["state"]) for day in overdue] == [
        (1, "outage"),
        (3, "missing"),
        (4, "outage"),
    ]


@pytest.mark.slow
def test_an_empty_list_that_was_never_seen_again_is_missing_after_its_deadline(
    bench: Bench,
) -> None:
    look(bench, 0, at(1, 1))
    look(bench, 1, at(1, 6), papers=0)
    assert describe(bench, at(2, 23))["ok"]
    (day,) = describe(bench, at(3))["overdue"]
    assert (day["feed_date"], day["state"]) == (MONDAY + timedelta(days=1), "missing")
    assert "answered empty" in day["reason"]


def add_feed(bench: Bench, text: str) -> None:
    write(bench.overlay / "feeds.toml", f"[[feed]]\n{text}\n")


def test_a_feed_that_is_due_daily_and_was_never_looked_at_is_named(bench: Bench) -> None:
    add_feed(bench, "feed_id = 'arxiv-new'\ndaily = true")
    look(bench, 0, at(0, 18))
    workspace = Workspace.open(bench.home)
    with open_published(workspace.settings.home.published) as connection:
        unseen, seen = describe_feeds(connection, workspace, at(0, 20))
    assert (unseen["feed_id"], unseen["state"], unseen["ok"]) == ("arxiv-new", "never seen", True)
    assert (unseen["days"], unseen["overdue"], unseen["fresh_at"]) == ({}, [], None)
    assert (seen["feed_id"], seen["state"]) == ("hf-daily", "current")


def test_a_feed_of_which_every_look_ever_failed_is_overdue_from_the_first_on(bench: Bench) -> None:
    add_feed(bench, "feed_id = 'arxiv-new'\ndaily = true")
    look(bench, 0, at(0, 18))
    workspace = Workspace.open(bench.home)
    rows = [("arxiv-new", MONDAY, at(0, 6), None, "no connection")]
    workspace.landing.write("failed", pl.DataFrame(rows, FAILED, orient="row"))
    with open_published(workspace.settings.home.published) as connection:
        feed, _ = describe_feeds(connection, workspace, at(2, 12))
    assert [(day["feed_date"], day["state"]) for day in feed["overdue"]] == [
        (MONDAY, "outage"),
        (MONDAY + timedelta(days=1), "missing"),
    ]
    assert (feed["ok"], feed["state"]) == (False, "overdue")


def test_feeds_without_days_are_as_fresh_as_their_newest_look(bench: Bench) -> None:
    add_feed(bench, "feed_id = 'hf-trending'\ndaily = true")
    path = write(bench.inbox / "page.txt", search_text())
    ingest(Workspace.open(bench.home), [Inputs((path,), Stated(captured_at=at(0, 18)))])
    workspace = Workspace.open(bench.home)
    with open_published(workspace.settings.home.published) as connection:
        search, trending = describe_others(connection, workspace, at(1, 18))
    assert (search["feed_id"], search["kind"], search["fresh_at"]) == (
        "hf-search",
        "search",
        at(0, 18),
    )
    assert search["age_hours"] == 24.0
    assert (trending["feed_id"], trending["state"]) == ("hf-trending", "never seen")


def test_a_held_day_is_overdue_but_no_gap_that_a_backfill_fills() -> None:
    days = [
        {"feed_date": MONDAY + timedelta(days=day), "state": state}
        for day, state in enumerate(("missing", "held", "late", "outage"))
    ]
    gaps = find_gaps(days, Calendar("a", "UTC", range(1, 8), (), 24, 24))
    assert gaps == [(days[2]["feed_date"], days[3]["feed_date"], 2), (MONDAY, MONDAY, 1)]
