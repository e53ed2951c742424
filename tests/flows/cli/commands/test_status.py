"""``status``: a heatmap, a row per feed, and one line that says whether all is well."""

import sys
from collections.abc import Iterator
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest

from flows import clock
from flows.cli.heatmap import draw_heatmap
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
    last = bench.run("status").out.splitlines()[-1]
    assert last.startswith("overdue: hf-daily ")


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
    assert set(report) == {"feeds", "others", "last_run"}
    (feed,) = report["feeds"]
    assert {"feed_id", "ok", "newest_captured_at", "days", "overdue"} < set(feed)
    assert set(feed) >= {"fresh_at", "age_hours", "state"}
    assert feed["ok"] is True


class Terminal(StringIO):
    """A terminal that remembers what it was shown."""

    def isatty(self) -> bool:
        return True


def test_the_picture_is_a_row_per_weekday_and_a_column_per_week(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setenv("COLUMNS", "80")
    monday = date(2025, 6, 2)
    states = ["loaded", "open", "truncated", "held", "outage", "legit_empty", "legit_empty"]
    days = [(monday + timedelta(days=number), state) for number, state in enumerate(states)]
    days += [(monday + timedelta(days=7), "missing"), (monday + timedelta(days=8), "late")]
    draw_heatmap("hf-daily", days)
    shown = [line.rstrip() for line in terminal.getvalue().splitlines()]
    assert shown[0] == "hf-daily  2025-06-02 to 2025-06-10"
    assert shown[1:8] == ["M ■ ✗", "T ◧ ?", "W ▣", "T h", "F x", "S ·", "S ·"]
    assert shown[8].startswith("■ loaded  ◧ open")


def test_in_a_pipe_the_picture_is_a_line_per_state_that_is_no_good(
    capsys: pytest.CaptureFixture[str],
) -> None:
    monday = date(2025, 6, 2)
    days = [(monday + timedelta(days=n), "missing" if n % 2 else "loaded") for n in range(20)]
    draw_heatmap("hf-daily", days)
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("hf-daily\tmissing\t10\t2025-06-03, 2025-06-05")
    assert line.endswith("..., 2025-06-21") or line.endswith("... 2025-06-21")
