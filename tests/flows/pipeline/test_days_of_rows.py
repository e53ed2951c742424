"""One capture with the rows of several days: each entry on its day, and what the ledger says."""

from pathlib import Path

import pytest

from tests.flows.captures import Bench, write

FEED = """
[[feed]]
feed_id = "picks"
name = "Picks of a reading group"
kind = "daily_list"
family = "lab"
source_rank = 5
id_scheme = "arxiv-optional"
{rows}
[feed.calendar]
time_zone = "UTC"
weekdays = [1, 2, 3, 4, 5]
cutoff_hours = 24
deadline_hours = 24
[feed.table.columns]
title = "Paper"
source_id = "arXiv"
votes = "Upvotes"
feed_date = "Day"
"""
TABLE = """Paper,arXiv,Upvotes,Day
Quiet Lanterns on Two Lists,2503.05236,9,2025-03-10
Quiet Lanterns on Two Lists,2503.05236,3,2025-03-09
Counting Rain,2503.05179,3,2025-03-09
Slow Mirrors,2503.05180,3,2025-03-12
Tin Roofs,2503.05181,1,
"""


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    bench = Bench(tmp_path, monkeypatch)
    write(bench.overlay / "feeds.toml", FEED.format(rows=""))
    write(bench.home.parent / "all.csv", TABLE)
    return bench


@pytest.mark.slow
def test_a_table_of_several_days_is_loaded_to_them_as_a_part_or_whole_as_declared(
    bench: Bench,
) -> None:
    table = bench.home.parent / "all.csv"
    ending = bench.ingest(table, "--captured-at", "2025-03-20T00:00:00Z", layout=None)
    assert ending.code == 0
    (issue,) = ending.report["issues"]
    assert (issue["field"], issue["rule"]) == ("stated_date", "required")
    days = "select feed_date::varchar, state, captures, papers, is_complete from core.feed_day"
    assert bench.rows(f"{days} where captures > 0 order by all") == [
        ("2025-03-09", "partial", 1, 2, False),
        ("2025-03-10", "partial", 1, 1, False),
        ("2025-03-12", "partial", 1, 1, False),
    ]
    assert bench.rows("select distinct reason from core.feed_day where state = 'partial'") == [
        ("partial evidence: its rows state the day, and nobody says that they are all of that day",)
    ]
    # 2025-03-11 is between them, and nobody saw it; the clock goes on to the look
    assert bench.rows(f"{days} where feed_date = '2025-03-11'") == [
        ("2025-03-11", "missing", 0, 0, False)
    ]
    assert bench.rows("select max(feed_date)::varchar from core.feed_day") == [("2025-03-20",)]
    paper = "select votes, first_feed_date::varchar, captures from core.paper"
    # the later day is the later observation, though it stands first
    assert bench.rows(f"{paper} where paper_id = 'arxiv:2503.05236'") == [(9, "2025-03-09", 1)]
    assert bench.rows(f"{paper} where paper_id = 'arxiv:2503.05181'") == [(1, None, 1)]

    write(bench.overlay / "feeds.toml", FEED.format(rows='rows = "whole days"'))
    assert bench.ingest(table, layout=None).code == 0
    assert bench.rows(f"{days} where captures > 0 order by all") == [
        ("2025-03-09", "loaded", 2, 2, True),
        ("2025-03-10", "loaded", 2, 1, True),
        ("2025-03-12", "loaded", 2, 1, True),
    ]
