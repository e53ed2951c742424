"""What sources say of a paper beside its text: how it is announced, withdrawn, deleted."""

import json
from pathlib import Path

import pytest

from tests.flows.captures import Bench, api_body, api_entry, write
from tests.samples.arxiv_rss import RSS

RECORD = """<record><header{status}><identifier>oai:arXiv.org:2509.13332</identifier>
<datestamp>2025-09-18</datestamp></header>{metadata}</record>"""
METADATA = """<metadata><arXiv xmlns="http://arxiv.org/OAI/arXiv/"><id>2509.13332</id>
<created>2025-09-17</created><title>Small Things: Counted</title>
<categories>cs.LG</categories><abstract>We count.</abstract></arXiv></metadata>"""
SHOWN = RECORD.format(status="", metadata=METADATA)
DELETED = RECORD.format(status=' status="deleted"', metadata="")
VERSIONS = "select valid_from::date::varchar, valid_to::date::varchar, is_current"
VERSIONS += " from core.paper_version order by family, version"
REPLY = """<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">
<responseDate>{at}</responseDate><request verb="ListRecords"/>
<ListRecords>{record}</ListRecords></OAI-PMH>"""


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    return Bench(tmp_path, monkeypatch)


def ingest(bench: Bench, name: str, text: str) -> None:
    path = bench.home.parent / name
    write(path, text)
    assert bench.ingest(path, layout=None).code in (0, 1)


def test_a_replacement_is_an_observation_and_no_paper_of_the_day(bench: Bench) -> None:
    ingest(bench, "announced.xml", RSS)
    listed = "select source_version, announce_type, first_feed_date::varchar from raw.entry"
    listed += " inner join core.paper on own_id = paper_id order by source_version"
    assert bench.rows(listed) == [(1, "new", "2025-09-18"), (3, "replace-cross", None)]
    assert bench.rows("select papers from core.feed_day") == [(1,)]
    assert bench.rows("select papers from mart.feed_coverage where grain = 'day'") == [(1,)]


def test_how_arxiv_announces_a_paper_is_kept_whoever_carries_it(bench: Bench) -> None:
    abstract = "arXiv:2509.13332v2 Announce Type: replace Abstract: We count small things."
    line = f'{{"id": "2509.13332", "title": "Small Things", "abstract": "{abstract}"}}'
    ingest(bench, "snapshot.jsonl", line + "\n")
    kept = "select source_version, announce_type, abstract from raw.entry"
    kept += " inner join raw.content using (content_id)"
    assert bench.rows(kept) == [(2, "replace", "We count small things.")]


@pytest.mark.parametrize("order", [pytest.param((0, 1), marks=pytest.mark.slow), (1, 0)])
def test_a_paper_is_deleted_from_the_look_that_says_so_until_it_is_shown_again(
    bench: Bench, order: tuple[int, ...]
) -> None:
    days = ["2025-09-18", "2025-09-20", "2025-09-22"]
    records = [SHOWN, DELETED, SHOWN]
    standing = "select status, status_since::date::varchar from mart.paper"
    replies = [
        REPLY.format(at=f"{day}T10:00:00Z", record=record)
        for day, record in zip(days, records, strict=True)
    ]
    for number in order:
        ingest(bench, f"{number}.xml", replies[number])
    assert bench.rows(standing) == [("deleted", "2025-09-20")]
    assert bench.rows(VERSIONS) == [("2025-09-18", "2025-09-20", False)]
    ingest(bench, "2.xml", replies[2])
    assert bench.rows(standing) == [("active", None)]
    assert bench.rows(VERSIONS) == [("2025-09-18", None, True)]


def api_look(day: str, withdrawn_at: str | None, listed: str = "2025-06-20") -> tuple[str, str]:
    """Return name and body of a look at a list on a day."""
    entry = api_entry(paper={"withdrawnAt": withdrawn_at, "submittedOnDailyAt": f"{listed}T04:00Z"})
    return f"here/{listed}/{day}T010000Z.json", api_body([entry]).decode()


def test_a_paper_that_the_api_shows_withdrawn_is_so_until_it_shows_it_otherwise(
    bench: Bench,
) -> None:
    layout = "{origin}/{feed_date}/{captured_at}.json"
    root = bench.home.parent / "looks"
    standing = "select status, status_since::date::varchar, withdrawn_at::varchar, captured_at"
    standing += "::date::varchar from mart.paper left join raw.capture as capture"
    standing += " on capture.capture_id = status_capture_id"
    gone = "2025-06-19 08:00:00"
    for day, withdrawn_at in (("20250622", "2025-06-19T08:00:00Z"), ("20250621", None)):
        name, body = api_look(day, withdrawn_at)
        write(root / name, body)
        assert bench.ingest(root / name, layout=layout).code == 0
        assert bench.rows(standing) == [("withdrawn", "2025-06-22", gone, "2025-06-22")]
    assert bench.rows(VERSIONS) == [("2025-06-21", "2025-06-22", False)]
    name, body = api_look("20250624", None)
    write(root / name, body)
    assert bench.ingest(root / name, layout=layout).code == 0
    assert bench.rows(standing) == [("active", None, None, None)]
    assert bench.rows(VERSIONS) == [("2025-06-21", None, True)]


@pytest.mark.slow
def test_comment_journal_and_licence_come_from_the_newest_look_that_shows_them(
    bench: Bench,
) -> None:
    paper = {"id": "2509.13332", "title": "Small Things", "abstract": "We count small things."}
    looks = {
        "2025-09-18": {"comments": "12 pages", "license": "http://l.example/1"},
        "2025-09-20": {"comments": "14 pages", "journal-ref": "J. Small Things 1 (2025)"},
        "2025-09-22": {},
    }
    for day in sorted(looks, reverse=True):
        path = bench.home.parent / day / "dump.jsonl"
        write(path, json.dumps({**paper, **looks[day]}) + "\n")
        assert bench.ingest(path, "--captured-at", f"{day}T10:00Z", layout=None).code == 0
    shown = "select author_comment, journal_ref, licence, status from mart.paper"
    expected = ("14 pages", "J. Small Things 1 (2025)", "http://l.example/1", "active")
    assert bench.rows(shown) == [expected]


def test_a_cross_list_counts_as_a_paper_of_the_day_where_the_feed_says_so(bench: Bench) -> None:
    cross = RSS.replace("replace-cross", "cross")
    counted = "select papers, (select count(*) from core.feed_paper),"
    counted += " (select count(first_feed_date) from core.paper), (select papers from core.feed_day"
    counted += " where state != 'closed') from mart.feed_coverage where grain = 'day'"
    for counts, papers in (("false", 1), ("true", 2)):
        declared = f'[[feed]]\nfeed_id = "arxiv-new"\ncounts_cross = {counts}\n'
        write(bench.overlay / "feeds.toml", declared)
        ingest(bench, "announced.xml", cross)
        assert bench.rows(counted) == [(papers,) * 4]
