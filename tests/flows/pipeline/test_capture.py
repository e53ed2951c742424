"""A landed capture that the configuration of today cannot read is held, and stops no other."""

from pathlib import Path

import pytest

from tests.flows.captures import Bench, api_page, write

pytestmark = pytest.mark.slow
FEED = """
[[feed]]
feed_id = "picks"
name = "Picks"
kind = "daily_list"
family = "lab"
source_rank = 5
id_scheme = "arxiv-optional"
"""
TABLE = """
[feed.table]
[feed.table.columns]
title = "Paper"
source_id = "Link"
"""
PICKS = "Paper,Link,Authors\nA Modest Study,arXiv:2506.01234,Ada Example\n"


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """Return a home with a capture of a table that its overlay declares."""
    bench = Bench(tmp_path, monkeypatch)
    write(bench.overlay / "feeds.toml", FEED + TABLE)
    write(bench.home.parent / "picks.csv", PICKS)
    picks = bench.home.parent / "picks.csv"
    assert bench.ingest(picks, "--feed-date", "2025-06-19", layout=None).code == 0
    return bench


@pytest.mark.parametrize(
    "declared, rule",
    [
        ("", "undeclared_feed: no feed 'picks' is declared any more"),
        (FEED, "unknown_format: "),
        (FEED + TABLE.replace("Paper", "Work"), "unknown_format: "),
    ],
    ids=["the feed is gone", "its table is gone", "its columns have other names"],
)
def test_a_capture_whose_feed_is_declared_otherwise_is_held_and_comes_back(
    bench: Bench, declared: str, rule: str
) -> None:
    write(bench.overlay / "feeds.toml", declared)
    bench.put(api_page())
    ending = bench.ingest()
    assert ending.code == 1
    assert ending.report["published"]
    ((reason,),) = bench.rows("select reason from raw.capture where state = 'held'")
    assert reason.startswith(rule)
    assert bench.rows("select count(*) from core.paper") == [(3,)]
    assert bench.ingest().code == 0
    write(bench.overlay / "feeds.toml", FEED + TABLE)
    assert bench.ingest().code == 0
    assert bench.rows("select count(*) from raw.capture where state = 'held'") == [(0,)]
    assert bench.rows("select count(*) from core.paper") == [(4,)]


def test_a_host_that_is_declared_later_gives_the_ids_of_its_links(bench: Bench) -> None:
    picks = write(
        bench.home.parent / "linked.csv",
        "Paper,Link\nA Study of Lamps,https://www.mirror.example/abs/2506.04321v1\n",
    )
    assert bench.ingest(picks, "--feed-date", "2025-06-20", layout=None).code == 0
    ids = "select source_id from raw.entry where source_id like '%04321'"
    assert bench.rows(ids) == []
    hosts = 'link_hosts = ["mirror.example"]\n'
    write(bench.overlay / "feeds.toml", FEED + hosts + TABLE)
    assert bench.ingest().code == 0
    assert bench.rows(ids) == [("arxiv:2506.04321",)]
