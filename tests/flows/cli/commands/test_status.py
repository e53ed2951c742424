"""``status``: a heatmap, a row per feed, and one line that says whether all is well."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from flows import clock
from tests.flows.captures import Bench, api_body, api_entry, search_text, write

LAYOUT = "{origin}/{feed_date}/{captured_at}.json"


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    yield Bench(tmp_path, monkeypatch)


def look(bench: Bench, days_ago: int) -> None:
    """Put a look at a list into the warehouse, taken now, of so many days ago."""
    moment = clock.now()
    day = moment.date() - timedelta(days=days_ago)
    entry = api_entry(0, paper={"submittedOnDailyAt": None})
    bench.put(api_body([entry]), f"us/{day}/{moment:%Y%m%dT%H%M%SZ}.json")
    assert bench.ingest(layout=LAYOUT).code == 0


@pytest.mark.slow
def test_in_a_pipe_a_row_per_feed_and_a_last_line_that_all_is_well(bench: Bench) -> None:
    look(bench, 0)
    write(bench.inbox / "page.txt", search_text())
    bench.run("ingest", bench.inbox / "page.txt")
    ending = bench.run("status")
    assert (ending.code, ending.err) == (0, "")
    lines = ending.out.splitlines()
    heading = lines.index("feed\tnewest look (UTC)\tknown up to (UTC)\tage\tin the ledger\toverdue")
    moment = f"{clock.now():%Y-%m-%d}"
    name, newest, fresh, age, _, overdue = lines[heading + 1].split("\t")
    assert (name, newest[:10], fresh, age, overdue) == ("hf-daily", moment, newest, "0 h", "0")
    assert lines[heading + 2].split("\t") == ["hf-search", "", "", "", "search", ""]
    assert lines[-1] == "all is well: no expected day is overdue"


def test_the_last_line_names_what_is_overdue(bench: Bench) -> None:
    look(bench, 100)
    lines = bench.run("status", "--home", str(bench.home)).out.splitlines()
    assert lines[-1].startswith("overdue: hf-daily ")
    gap = re.fullmatch(
        r"hf-daily: (\d+) expected days without a usable look, from (\S+) to (\S+)", lines[-3]
    )
    assert gap is not None
    first, last = gap[2], gap[3]
    told = f"  paperstrata --home {bench.home} backfill hf-daily --from {first} --to {last}"
    assert lines[-2] == told
    assert 60 < int(gap[1]) < 80
    # the papers of the demonstration do not exist: none is fetched into its home
    (bench.home / "captures" / "synthetic").mkdir(parents=True)
    assert "backfill" not in bench.run("status").out


def test_the_last_line_names_what_was_never_looked_at(bench: Bench) -> None:
    write(bench.overlay / "feeds.toml", "[[feed]]\nfeed_id = 'arxiv-new'\ndaily = true\n")
    look(bench, 0)
    ending = bench.run("status")
    assert "arxiv-new\t\t\t\tnever seen\t0" in ending.out.splitlines()
    last = "no expected day is overdue, but never looked at: arxiv-new"
    assert ending.out.splitlines()[-1] == last


def test_json_has_the_keys_of_the_contract(bench: Bench) -> None:
    look(bench, 0)
    report = bench.run("status", "--json").report
    damage = {"damaged_journal_lines", "lost_journal_lines", "damaged_packs"}
    damage |= {"changed_site_files", "changed_reports"}
    assert set(report) == {"feeds", "others", "last_run", *damage}
    (feed,) = report["feeds"]
    assert {"feed_id", "ok", "newest_captured_at", "days", "overdue"} < set(feed)
    assert set(feed) >= {"fresh_at", "age_hours", "state"}
    assert feed["ok"] is True
    (bench.home / "journal" / "run.ndjson").unlink()
    ending = bench.run("status", "--json")
    assert ending.code == 1
    assert "has no line of 1 run" in ending.report["lost_journal_lines"][0]
