"""What sources say of a paper beside its text: how it is announced, withdrawn, deleted."""

import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

import duckdb
import pytest

from tests.flows.captures import Bench, api_body, api_entry, write
from tests.samples.arxiv_rss import RSS
from warehouse.migrate import migrate

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
    title = "Large Things (arXiv:2509.13333v3 [math.NA] UPDATED CROSS LISTED)"
    behind = f'{{"id": "2509.13333", "title": "{title}", "abstract": "We count large things."}}'
    ingest(bench, "snapshot.jsonl", f"{line}\n{behind}\n")
    kept = "select source_version, announce_type, abstract from raw.entry"
    kept += " inner join raw.content using (content_id) order by position"
    assert bench.rows(kept) == [
        (2, "replace", "We count small things."),
        (3, "replace-cross", "We count large things."),
    ]


@pytest.mark.parametrize("order", [(0, 1), pytest.param((1, 0), marks=pytest.mark.slow)])
def test_a_paper_is_deleted_from_the_look_that_says_so_until_it_is_shown_again(
    bench: Bench, order: tuple[int, ...]
) -> None:
    days = ["2025-09-18", "2025-09-20", "2025-09-22"]
    records = [SHOWN, DELETED, SHOWN]
    standing = "select status, status_since::date::varchar, deleted_at::date::varchar"
    standing += " from mart.paper"
    replies = [
        REPLY.format(at=f"{day}T10:00:00Z", record=record)
        for day, record in zip(days, records, strict=True)
    ]
    for number in order:
        ingest(bench, f"{number}.xml", replies[number])
    assert bench.rows(standing) == [("deleted", "2025-09-20", "2025-09-18")]
    assert bench.rows(VERSIONS) == [("2025-09-18", "2025-09-20", False)]
    ingest(bench, "2.xml", replies[2])
    assert bench.rows(standing) == [("active", None, None)]
    assert bench.rows(VERSIONS) == [("2025-09-18", None, True)]
    known = "select status from mart.paper_as_of(date '2025-09-{}')"
    assert [bench.rows(known.format(day)) for day in (19, 21, 23)] == [
        [("active",)],
        [("deleted",)],
        [("active",)],
    ]


def api_look(day: str, withdrawn_at: str | None, listed: str = "2025-06-20") -> tuple[str, str]:
    """Return name and body of a look at a list on a day."""
    entry = api_entry(paper={"withdrawnAt": withdrawn_at, "submittedOnDailyAt": f"{listed}T04:00Z"})
    return f"here/{listed}/{day}T010000Z.json", api_body([entry]).decode()


@pytest.mark.slow
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


@pytest.mark.slow
def test_a_cross_list_counts_as_a_paper_of_the_day_where_the_feed_says_so(bench: Bench) -> None:
    cross = RSS.replace("replace-cross", "cross")
    counted = "select papers, (select count(*) from core.feed_paper),"
    counted += " (select count(first_feed_date) from core.paper), (select papers from core.feed_day"
    counted += " where state != 'closed') from mart.feed_coverage where grain = 'day'"
    for counts, papers in (("false", 1), ("true", 2), ("false", 1)):
        declared = f'[[feed]]\nfeed_id = "arxiv-new"\ncounts_cross = {counts}\n'
        write(bench.overlay / "feeds.toml", declared)
        ingest(bench, "announced.xml", cross)
        assert bench.rows(counted) == [(papers,) * 4]


PAPER = "arxiv:2501.00001"


class Shown(NamedTuple):
    """One look at one paper: on which day of June, and what it says; day 0 is an unknown time."""

    day: int
    says: str
    version: int | None = None
    feed_id: str = "one"
    format: str = "hf_api"
    list_day: int = 1


def at(day: int) -> datetime:
    return datetime(2025, 6, day)  # noqa: DTZ001 - naive UTC, as everywhere


@pytest.fixture(scope="module")
def empty_warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        migrate(connection)
        yield connection


def standing_of(
    connection: duckdb.DuckDBPyConnection, looks: Sequence[Shown]
) -> tuple[str, datetime | None, str] | None:
    """Return status, since when and by which look, by its number; None for an active paper."""
    for table in ("raw.capture", "raw.entry", "raw.issue", "core.paper_alias"):
        connection.execute(f"delete from {table}")
    connection.execute(
        "insert into core.paper_alias values (?, ?, 'run', now()::timestamp)", [PAPER, PAPER]
    )
    for number, look in enumerate(looks):
        connection.execute(
            """
            insert into raw.capture by name
            select ?::varchar as capture_id, ?::varchar as feed_id, 'daily_list' as kind,
                ?::date as feed_date, ?::timestamp as captured_at, ?::varchar as format,
                'p/1' as parser_version, 'r' as rules_digest, 1 as bytes, 1 as entries_seen,
                1 as entries_accepted, 0 as entries_rejected, 0 as entries_held,
                false as is_truncated, 'loaded' as state, 'run' as run_id,
                now()::timestamp as loaded_at
            """,
            [
                str(number),
                look.feed_id,
                date(2025, 6, look.list_day),
                at(look.day) if look.day else None,
                look.format,
            ],
        )
        if look.says == "deleted":
            connection.execute(
                "insert into raw.issue values (?, 0, 'deleted', 'record', 'deleted',"
                " 'oai:arXiv.org:2501.00001', 'run', now()::timestamp)",
                [str(number)],
            )
            continue
        connection.execute(
            """
            insert into raw.entry by name
            select ?::varchar as capture_id, 0 as position, ?::varchar as own_id, 't' as title_key,
                'c' as content_id, ?::integer as source_version, ?::boolean as is_withdrawn,
                'run' as run_id, now()::timestamp as loaded_at
            """,
            [str(number), PAPER, look.version, look.says == "withdrawn"],
        )
    found = connection.execute(
        "select status, status_since, status_capture_id from core.paper_status"
    ).fetchall()
    return found[0] if found else None


WITHDRAWN = Shown(2, "withdrawn", version=2)
STANDINGS = {
    "nothing said": ([Shown(1, "shown")], None),
    "withdrawn": ([Shown(1, "shown"), WITHDRAWN], ("withdrawn", at(2), "1")),
    "withdrawn twice": ([WITHDRAWN, Shown(3, "withdrawn")], ("withdrawn", at(2), "0")),
    "shown later": ([WITHDRAWN, Shown(3, "shown")], None),
    "a newer version": ([WITHDRAWN, Shown(3, "shown", version=3)], None),
    "an older version": (
        [WITHDRAWN, Shown(3, "shown", version=1)],
        ("withdrawn", at(2), "0"),
    ),
    "shown in another format": (
        [WITHDRAWN, Shown(3, "shown", format="rss")],
        ("withdrawn", at(2), "0"),
    ),
    "shown by another feed": (
        [WITHDRAWN, Shown(3, "shown", feed_id="two")],
        ("withdrawn", at(2), "0"),
    ),
    "shown at the same time": ([WITHDRAWN, Shown(2, "shown")], ("withdrawn", at(2), "0")),
    "deleted too": ([WITHDRAWN, Shown(3, "deleted")], ("deleted", at(3), "1")),
    "deleted, shown in another format": (
        [Shown(2, "deleted"), Shown(3, "shown", format="rss")],
        None,
    ),
    "unknown times, the later list shows it": (
        [Shown(0, "withdrawn", list_day=4), Shown(0, "shown", list_day=5)],
        None,
    ),
    "unknown times, the earlier list shows it": (
        [Shown(0, "withdrawn", list_day=5), Shown(0, "shown", list_day=4)],
        ("withdrawn", None, "0"),
    ),
    "a known and an unknown time": (
        [Shown(0, "withdrawn", feed_id="two"), WITHDRAWN],
        ("withdrawn", at(2), "1"),
    ),
}


@pytest.mark.parametrize("looks, standing", STANDINGS.values(), ids=STANDINGS.keys())
def test_a_paper_is_taken_back_until_a_look_that_could_say_so_shows_it_otherwise(
    empty_warehouse: duckdb.DuckDBPyConnection,
    looks: list[Shown],
    standing: tuple[str, datetime | None, str] | None,
) -> None:
    assert standing_of(empty_warehouse, looks) == standing
