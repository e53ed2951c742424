"""The ledger of a feed whose captures do not say when they were taken."""

from pathlib import Path

import pytest

from tests.flows.captures import Bench, api_body, api_entry


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    return Bench(tmp_path, monkeypatch)


def put_list(bench: Bench, day: int, *, is_empty: bool = False) -> None:
    """Put a list of June 2025 into the inbox; the 2nd is a Monday."""
    number = 100 * day
    entry = api_entry(number, paper={"submittedOnDailyAt": None})
    bench.put(api_body([] if is_empty else [entry]), f"2025-06-{day:02}.json")


def days(bench: Bench) -> list[tuple[int, str]]:
    query = "select day(feed_date), state from core.feed_day order by feed_date"
    return bench.rows(query)


@pytest.mark.slow
def test_a_gap_before_the_newest_list_is_missing_and_one_after_it_is_not_known(
    bench: Bench,
) -> None:
    put_list(bench, 2)
    put_list(bench, 5)
    put_list(bench, 9, is_empty=True)
    assert bench.ingest(bench.inbox, layout="{feed_date}.json").code == 0
    assert days(bench) == [
        (2, "open"),
        (3, "missing"),
        (4, "missing"),
        (5, "open"),
        (6, "missing"),
        (7, "closed"),
        (8, "closed"),
        (9, "late"),
    ]
    assert bench.rows("select distinct reason from core.feed_day where state = 'missing'") == [
        ("expected, and nobody looked",)
    ]
    # a later list decides the last day too, whenever it comes
    put_list(bench, 10)
    assert bench.ingest(bench.inbox, layout="{feed_date}.json").code == 0
    assert days(bench)[-2:] == [(9, "missing"), (10, "open")]
    assert bench.rows("select reason from core.feed_day where feed_date = '2025-06-09'") == [
        ("expected, answered empty at an unknown time, never seen again",)
    ]


@pytest.mark.slow
def test_a_list_without_a_time_stands_at_the_beginning_of_its_day_among_those_with_one(
    bench: Bench,
) -> None:
    looks = [("2025-06-02", 10), ("2025-06-02T120000Z", 12), ("2025-06-04", 40)]
    looks += [("2025-06-04T000000Z", 41), ("2025-06-05", 50)]
    shown = []
    for seen, votes in looks:
        day, is_timed = seen[:10], "T" in seen
        paper = {"upvotes": votes, "submittedOnDailyAt": f"{day}T00:00:00Z"}
        name = f"here/{day}/{seen.replace('-', '')}.json" if is_timed else f"{day}.json"
        layout = "{origin}/{feed_date}/{captured_at}.json" if is_timed else "{feed_date}.json"
        bench.put(api_body([api_entry(1, paper=paper)]), name)
        assert bench.ingest(bench.inbox / name, layout=layout).code == 0
        shown += bench.rows("select votes from mart.paper")
    assert shown == [(10,), (12,), (40,), (41,), (50,)]
