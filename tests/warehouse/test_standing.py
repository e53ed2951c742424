"""What sources say of a paper beside its text: how it is announced, and that it is deleted."""

from pathlib import Path

import pytest

from tests.flows.captures import Bench, write
from tests.samples.arxiv_rss import RSS

RECORD = """<record><header{status}><identifier>oai:arXiv.org:2509.13332</identifier>
<datestamp>2025-09-18</datestamp></header>{metadata}</record>"""
METADATA = """<metadata><arXiv xmlns="http://arxiv.org/OAI/arXiv/"><id>2509.13332</id>
<created>2025-09-17</created><title>Small Things: Counted</title>
<categories>cs.LG</categories><abstract>We count.</abstract></arXiv></metadata>"""
SHOWN = RECORD.format(status="", metadata=METADATA)
DELETED = RECORD.format(status=' status="deleted"', metadata="")
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


@pytest.mark.parametrize("order", [(1, 0)])
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
    ingest(bench, "2.xml", replies[2])
    assert bench.rows(standing) == [("active", None)]
