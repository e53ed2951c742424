"""Which captures are let in, and why the others are held."""

from datetime import date, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.flows.captures import FEWER, LOOKED_AT
from transforms.parse.entry import Entry, Misfit, Parsed
from transforms.quarantine import Candidate, keep_loaded, quarantine
from transforms.validate import ParsedCapture, validate

TODAY = date(2025, 6, 20)
TODAY_1991 = date(1991, 6, 20)
SOUND = Entry(0, source_id="2506.01939", title="Slow Mirrors")
BROKEN = Entry(0, source_id="2506.01939", title="?!")


def judge(good: int = 1, bad: int = 0, **facts: Any) -> dict[str, Any]:
    """Return the admission of one capture with so many good and broken entries."""
    entries = [SOUND] * good + [BROKEN] * bad
    placed = [entry._replace(position=number) for number, entry in enumerate(entries)]
    said = facts.pop("said", {})
    placed = said.pop("entries", placed)
    parsed = Parsed(entries=placed, payloads=[{}] * len(placed), **said)
    judged = validate([ParsedCapture("a", "arxiv", facts.get("captured_at"), parsed)])
    known: dict[str, Any] = {
        "capture_id": "a",
        "kind": "daily_list",
        "feed_date": TODAY,
        "captured_at": LOOKED_AT,
        "page_limit": 50,
        "decision": None,
        "decision_reason": None,
        "parsed": parsed,
    }
    states = quarantine([Candidate(**{**known, **facts})], judged)
    kept = keep_loaded(states, judged)
    row = states.row(0, named=True)
    assert kept.accepted.height == row["entries_accepted"]
    assert kept.rejects.height == row["entries_rejected"]
    return row


def test_a_sound_capture_is_loaded() -> None:
    assert judge(3) == {
        "capture_id": "a",
        "state": "loaded",
        "reason": None,
        "is_truncated": False,
        "cut_reason": None,
        "entries_seen": 3,
        "entries_accepted": 3,
        "entries_rejected": 0,
        "entries_held": 0,
    }


@pytest.mark.parametrize("good, bad, state", [(2, 1, "loaded"), (2, 2, "loaded"), (2, 3, "held")])
def test_more_than_half_of_the_entries_rejected_holds_a_capture(
    good: int, bad: int, state: str
) -> None:
    states = judge(good, bad)
    assert states["state"] == state
    if state == "held":
        assert states["entries_held"] == good + bad
        assert states["reason"].startswith(f"mostly_rejected: {bad} of {good + bad} entries")
        assert "title holds no letter" in states["reason"]


@pytest.mark.parametrize(
    "captured_at, state",
    [
        ("2025-06-20T00:00:00", "loaded"),
        ("2025-06-19T00:00:00", "loaded"),
        ("2025-06-18T23:59:59", "held"),
        ("2025-06-17T12:00:00", "held"),
    ],
)
def test_a_feed_date_more_than_a_day_after_the_look_holds_a_capture(
    captured_at: str, state: str
) -> None:
    states = judge(captured_at=datetime.fromisoformat(captured_at))
    assert states["state"] == state
    assert (states["reason"] or "feed_date_ahead").startswith("feed_date_ahead")


def test_a_daily_list_without_a_date_is_held_and_a_search_is_not() -> None:
    assert judge(feed_date=None)["reason"].startswith("no_feed_date")
    assert judge(0, feed_date=None)["reason"].startswith("no_feed_date")
    assert judge(feed_date=None, kind="search")["state"] == "loaded"


def test_an_unknown_time_of_the_look_holds_nothing() -> None:
    assert judge(captured_at=None)["state"] == "loaded"


def test_an_envelope_or_a_parser_at_fault_holds_a_capture() -> None:
    assert judge(said={"envelope_error": "odd"})["reason"] == "unexpected_envelope: odd"
    assert judge(error="parser_error: no x")["reason"] == "parser_error: no x"


@pytest.mark.parametrize(
    "decision, facts, state",
    [
        ("hold", {}, "held"),
        ("retract", {}, "held"),
        ("release", {"good": 1, "bad": 9}, "loaded"),
        ("release", {"said": {"envelope_error": "odd"}}, "loaded"),
        ("release", {"feed_date": None}, "held"),
        ("release", {"error": "KeyError"}, "held"),
        ("restate", {}, "loaded"),
    ],
)
def test_a_decision_stands_above_the_rules_but_gives_no_date(
    decision: str, facts: dict[str, Any], state: str
) -> None:
    states = judge(**{"decision": decision, "decision_reason": "we looked", **facts})
    assert states["state"] == state


@pytest.mark.parametrize(
    "entries, facts, is_truncated",
    [
        (49, {}, False),
        (50, {}, True),
        (51, {}, False),
        (50, {"page_limit": None}, False),
        (50, {"kind": "search"}, False),
        (50, {"has_next": False}, False),
        (3, {"said": {"is_cut": True}}, True),
    ],
)
def test_a_foreign_list_as_long_as_the_limit_is_truncated(
    entries: int, facts: dict[str, Any], is_truncated: bool
) -> None:
    assert judge(entries, **facts)["is_truncated"] == is_truncated


def test_a_list_that_is_cut_says_why() -> None:
    assert judge(50)["cut_reason"] == "the list was cut at the page limit of 50"
    said = judge(50, said={"is_cut": True})["cut_reason"]
    assert said == "the body holds fewer entries than it says"


def test_entries_that_all_state_other_days_than_the_given_one_hold_a_capture() -> None:
    days = (TODAY - timedelta(days=2), TODAY - timedelta(days=1))
    held = judge(said={"stated_days": days})
    assert held["reason"].startswith("date_conflict: it is given as the list of 2025-06-20")
    assert held["reason"].endswith("of 2025-06-18, 2025-06-19")
    assert judge(said={"stated_days": (*days, TODAY)})["state"] == "loaded"


def test_a_look_on_the_last_day_of_the_calendar_breaks_nothing() -> None:
    assert judge(captured_at=datetime.fromisoformat("9999-12-31T23:00:00"))["state"]


@FEWER
@given(
    st.integers(0, 4),
    st.integers(0, 4),
    st.none() | st.dates(date(1990, 1, 1), date(2100, 1, 1)),
    st.none() | st.integers(-60, 60),
    st.sampled_from(["daily_list", "search", "trending", "harvest"]),
    st.sampled_from([None, "hold", "release", "retract", "restate"]),
)
def test_entries_seen_are_accepted_rejected_and_held(
    good: int,
    bad: int,
    feed_date: date | None,
    hours: int | None,
    kind: str,
    decision: str | None,
) -> None:
    captured_at = LOOKED_AT if hours is None else LOOKED_AT + timedelta(hours=hours)
    states = judge(
        good,
        bad,
        feed_date=feed_date,
        captured_at=captured_at,
        kind=kind,
        decision=decision,
        decision_reason="so",
    )
    parts = sum(states[f"entries_{state}"] for state in ("accepted", "rejected", "held"))
    assert parts == states["entries_seen"] == good + bad
    assert (states["state"] == "held") == (states["reason"] is not None)
    assert states["state"] == "loaded" or states["entries_held"] == good + bad


def test_an_admission_is_one_row_per_capture_in_the_order_of_the_batch() -> None:
    judged = validate([])
    candidates = [
        Candidate(name, "search", None, None, None, None, None, Parsed()) for name in "cab"
    ]
    assert quarantine(candidates, judged)["capture_id"].to_list() == ["c", "a", "b"]
    assert quarantine([], judged).height == 0
    assert isinstance(quarantine([], judged), pl.DataFrame)


def test_a_list_that_says_itself_that_it_is_of_another_day_is_held_until_somebody_decides() -> None:
    said = {"feed_date": date(2025, 3, 4)}
    state = judge(feed_date=date(2025, 3, 5), said=said)
    assert state["state"] == "held"
    assert state["reason"] == (
        "date_conflict: it is given as the list of 2025-03-05, and says itself that it is of"
        " 2025-03-04"
    )
    for decision in ("release", "restate"):
        assert judge(feed_date=date(2025, 3, 5), said=said, decision=decision)["state"] == "loaded"


def test_entries_that_state_their_days_are_loaded_and_are_a_part_of_them_unless_declared() -> None:
    days = {"stated_days": (date(2025, 3, 9), date(2025, 3, 10))}
    state = judge(feed_date=None, said=days)
    assert (state["state"], state["is_truncated"]) == ("loaded", True)
    assert state["cut_reason"] == (
        "its rows state the day, and nobody says that they are all of that day"
    )
    assert not judge(feed_date=None, said=days, has_whole_days=True)["is_truncated"]
    assert judge(50, feed_date=None, said=days, has_whole_days=True)["is_truncated"]
    # a decision that names a day settles it for all
    restated = judge(said={"stated_days": (TODAY, date(2025, 3, 10))}, decision="restate")
    assert not restated["is_truncated"]


@pytest.mark.parametrize(
    ("query", "is_held"),
    [
        ("week=2025-W25", False),  # Monday 2025-06-16 to Sunday 2025-06-22
        ("week=2025-W24", True),
        ("week=2026-W25&p=1", True),
        ("month=2025-06", False),
        ("month=2025-05", True),
        ("week=2025-W60", False),  # no week, so nothing to compare with
        ("sort=trending", False),
    ],
)
def test_the_body_of_another_week_or_month_than_was_asked_for_is_held(
    query: str, is_held: bool
) -> None:
    said = {"stated_days": (date(2025, 6, 19), date(2025, 6, 20))}
    row = judge(2, said=said, feed_date=None, query=query)
    assert row["state"] == ("held" if is_held else "loaded")
    if is_held:
        assert row["reason"].startswith(f"date_conflict: it was asked for with {query}, and says")
        assert judge(2, said=said, feed_date=None, query=query, decision="release")["state"] == (
            "loaded"
        )


def test_a_list_of_which_no_entry_states_a_day_says_just_that() -> None:
    said = "no_feed_date: neither layout nor flag says which day's list this is, and "
    assert judge(3, feed_date=None)["reason"] == said + "none of its 3 entries states one"
    assert judge(1, feed_date=None)["reason"] == said + "its one entry states no day"


def test_a_list_dated_long_before_all_of_its_papers_is_held() -> None:
    def state(published: str) -> dict[str, Any]:
        entries = [Entry(n, "2506.01939", "Slow Mirrors", published_date=published) for n in (0, 1)]
        entries[1] = entries[1]._replace(published_date="2025-06-20")
        return judge(feed_date=date(1991, 6, 20), captured_at=None, said={"entries": entries})

    assert state("2025-06-18")["reason"] == (
        "date_conflict: it is given as the list of 1991-06-20, and all of its papers are later,"
        " the first of 2025-06-18"
    )
    assert state("1991-06-01")["state"] == "loaded"


def test_ids_tell_the_month_of_papers_that_do_not_say_when_they_were_published() -> None:
    def state(identifier: str, day: date) -> str:
        said = {"entries": [Entry(0, identifier, "Slow Mirrors")]}
        facts = {"captured_at": None, "newest_within_days": 180}
        return str(judge(feed_date=day, said=said, **facts)["reason"])

    assert "all of its papers are later, the first of 2025-06-01" in state("2506.01939", TODAY_1991)
    assert "the last of 2024-06-30" in state("2406.01939v2", TODAY)
    assert "the last of 1999-01-31" in state("hep-th/9901001", TODAY)
    assert state("2506.01939", date(2025, 5, 31)) == state("2412.01939", TODAY) == "None"


def test_an_envelope_whose_entries_all_state_another_day_is_held() -> None:
    said = {"feed_date": TODAY, "stated_days": (date(2025, 6, 19),)}
    assert judge(said=said)["reason"] == (
        "date_conflict: it is given as the list of 2025-06-20, and its entries say that they are of"
        " 2025-06-19"
    )
    assert judge(said={**said, "stated_days": (date(2025, 6, 19), TODAY)})["state"] == "loaded"
    assert judge(said=said, decision="restate", decision_reason="x")["state"] == "loaded"


def test_a_list_whose_path_alone_dates_it_long_after_all_of_its_papers_is_held() -> None:
    entry = Entry(0, "2406.01939", "Slow Mirrors", published_date="2024-06-20")

    def state(said: dict[str, Any] | None = None, **facts: Any) -> dict[str, Any]:
        facts = {"captured_at": None, "newest_within_days": 180, **facts}
        return judge(said={"entries": [entry], **(said or {})}, **facts)

    assert state()["reason"] == (
        "date_conflict: it is given as the list of 2025-06-20, and all of its papers are earlier by"
        " more than 180 days, the last of 2024-06-20"
    )
    assert state(newest_within_days=365)["state"] == "loaded"
    assert state(newest_within_days=None)["state"] == "loaded"
    assert state(said={"feed_date": TODAY})["state"] == "loaded"
    assert state(captured_at=LOOKED_AT)["state"] == "loaded"
    assert state(decision="restate")["state"] == "loaded"


def test_a_list_dated_after_the_day_on_which_it_says_that_it_was_made_is_held() -> None:
    made = {"captured_after": TODAY - timedelta(days=2)}
    assert judge(captured_at=None, said=made)["reason"] == (
        "feed_date_ahead: feed date 2025-06-20 lies more than a day after 2025-06-18, when it was"
        " made"
    )
    made = {"captured_after": TODAY - timedelta(days=1)}
    assert judge(captured_at=None, said=made)["state"] == "loaded"


def test_a_list_whose_own_date_cannot_be_read_says_so() -> None:
    reason = "feed_date is '05/03/2025', no date in ISO 8601 or the declared format"
    misfit = Misfit(0, "feed_date", "not_a_date", reason, "05/03/2025")
    state = judge(feed_date=None, said={"misfits": [misfit]})
    assert state["reason"] == f"no_feed_date: {reason}"
