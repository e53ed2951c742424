"""The page says what is wrong, since when and where; it escapes all and needs nothing else."""

import html
import json
import re
from datetime import date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

from warehouse.checks.quality.declarations import QUALITY_CHECKS
from warehouse.landing_records import REFUSED
from warehouse.migrate import read_sql, read_sql_file
from warehouse.report.advice import ADVICE
from warehouse.report.facts import Facts, count_refused
from warehouse.report.history import last_checked, read_series
from warehouse.report.over_time import describe_over_time
from warehouse.report.page import DataDocs, render_page, write_page
from warehouse.report.parts import Table, read_rows
from warehouse.visible import visible

START = datetime.fromisoformat("2026-03-01T06:00")
MADE = datetime.fromisoformat("2025-06-01T07:30")


def result(
    run: int, state: str = "passed", check_id: str = "votes_hold", **over: Any
) -> dict[str, Any]:
    return {
        "run_id": f"run-{run:02}",
        "check_id": check_id,
        "layer": "judgement",
        "severity": "warning",
        "state": state,
        "checked_at": str(START + timedelta(days=run)),
        "expected": "votes as usual",
        "observed": f"seen in run {run}",
        "failing_rows": None,
        **over,
    }


def day(feed_date: date, state: str) -> dict[str, Any]:
    return {
        "feed_id": "hf-daily",
        "name": "Daily Papers",
        "feed_date": feed_date,
        "state": state,
        "reason": f"it is {state}",
        "papers": 3,
    }


FEED = {
    "feed_id": "hf-daily",
    "name": "Daily Papers",
    "kind": "daily_list",
    "captures": 4,
    "entries": 1,
    "newest_captured_at": START,
    "expected_days": 8,
    "usable_days": 6,
    "first_date": date(2026, 2, 23),
    "last_date": date(2026, 3, 4),
}


def page_of(*records: dict[str, Any], facts: Facts | None = None, **over: Any) -> str:
    run_id = str(records[-1]["run_id"]) if records else ""
    shown = {"refused": [], "written_at": START, **over}
    return render_page(read_series(records, run_id), facts or Facts(), **shown)


def words_of(page: str) -> str:
    """Return what a reader of a page reads, without marks and white space runs."""
    body = page.split("<body>")[1]
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def test_the_first_sentence_says_that_all_is_well() -> None:
    assert "All is well: all 2 checks passed." in words_of(
        page_of(result(1), result(1, check_id="days_hold"))
    )


def test_the_first_sentence_says_what_is_wrong_the_worst_first() -> None:
    records = [
        result(1, "failed", "feeds_are_fresh"),
        result(1, "failed", "keys_are_unique", severity="critical"),
        result(1, "broken", "votes_fit", severity="critical"),
        result(1),
    ]
    assert words_of(page_of(*records)).startswith(
        "paperstrata: quality report Not well: a key stands in two rows; and it is not known"
        " whether votes fit: the check could not run. That stops publishing."
    )
    assert (
        "Usable, with 1 warning from 2 checks: the newest look at a daily list is too old."
        in words_of(page_of(records[0], records[3]))
    )


def test_every_check_says_in_plain_words_what_is_wrong_and_what_to_do() -> None:
    checks = {check.check_id for check in QUALITY_CHECKS}
    checks |= {name.removesuffix(".sql") for name, _ in read_sql("checks/integrity")}
    assert checks <= ADVICE.keys()


def test_a_finding_names_the_captures_of_its_day_and_commands_that_run_as_they_stand() -> None:
    row = {"feed_id": "hf-daily", "feed_date": "2026-03-02", "note": "x" * 3000}
    record = result(1, "failed", "volume_is_usual", failing_rows=json.dumps([row]))
    facts = Facts(day_captures={("hf-daily", "2026-03-02"): ["3f59266f0a1b"]})
    program = "paperstrata --home '/a b'"
    words = words_of(page_of(record, facts=facts, program=program, fetchable=["hf-daily"]))
    assert "3f59266f0a1b" in words
    assert "x" * 3000 in words, "no failing value is cut off"
    for command in ("captures list --feed hf-daily --date", "fetch hf-daily --date"):
        assert f"{program} {command} 2026-03-02" in html.unescape(words)
    assert "fetch hf-daily" not in words_of(page_of(record, program=program))


def test_reasons_and_fields_are_counted_by_period_over_the_whole_history() -> None:
    rows = [
        {
            "kind": "field new",
            "feed_id": "hf-daily",
            "reason": "paper.aura",
            "period_start": date(2026, 3, 2),
            "count": 3,
            "total": 40,
            "unit": "entries",
        }
    ]
    facts = Facts(over_time=rows, span=(date(2026, 2, 17), date(2026, 3, 9)))
    page = page_of(result(1), facts=facts)
    bars = re.findall(r'<i title="(week[^"]+)" style="height:(\d+)%">', page)
    assert bars == [
        ("week of 2026-02-16: none", "0"),
        ("week of 2026-02-23: none", "0"),
        ("week of 2026-03-02: 3 of 40 entries", "100"),
        ("week of 2026-03-09: none", "0"),
    ]


def test_a_time_or_date_for_which_a_capture_is_held_does_not_count_over_time() -> None:
    with duckdb.connect() as connection:
        connection.execute(
            "create schema raw; create table raw.capture as from (values"
            " ('a', 'daily', timestamp '2026-03-02', 'loaded', null),"
            " ('b', 'daily', timestamp '9999-12-31', 'held', 'captured_at_ahead: far'),"
            " ('c', 'daily', null, 'held', 'feed_date_ahead: far')"
            ") as captures(capture_id, feed_id, captured_at, state, reason),"
            " (select date '9999-12-31' as feed_date, timestamp '2026-03-03' as loaded_at,"
            " 5 as entries_seen, 5 as entries_accepted, 0 as entries_rejected);"
            " create table raw.reject (capture_id varchar, rule varchar, field varchar);"
            " create table raw.issue (capture_id varchar, rule varchar, field varchar);"
            " create table raw.field_drift (capture_id varchar, drift varchar, field varchar,"
            " entry_count integer)"
        )
        span = connection.execute(read_sql_file("report/period_span")).fetchall()
        held = connection.execute(
            f"select reason, period_start, count, total from ({read_sql_file('report/over_time')})",
            {"grain": "week"},
        ).fetchall()
    assert span == [(date(2026, 3, 2), date(2026, 3, 3))]
    assert held == [
        ("captured_at_ahead", date(2026, 3, 2), 1, 3),
        ("feed_date_ahead", date(2026, 3, 2), 1, 3),
    ]


def test_the_last_month_of_the_calendar_is_no_error() -> None:
    row = {"kind": "k", "feed_id": "f", "reason": "r", "period_start": date(9999, 12, 1)}
    rows = [{**row, "count": 1, "total": 2, "unit": "entries"}]
    (line,) = describe_over_time(rows, "month", date(9999, 11, 5), date.max).lines
    assert [bar.height for bar in line.bars] == [0, 100]


def test_a_run_without_checks_is_not_called_well() -> None:
    words = words_of(page_of())
    assert "Nothing was checked." in words
    assert "All is well" not in words


def test_a_run_that_only_checked_that_all_adds_up_is_not_called_well() -> None:
    words = words_of(page_of(result(1, check_id="keys_are_unique", layer="identity")))
    assert "All is well" not in words
    assert "All adds up, by 1 check. Whether feeds are fresh" in words
    assert "paperstrata quality" in words


def test_since_when_is_the_first_failure_of_the_present_series() -> None:
    states = ["failed", "passed", "failed", "broken", "failed"]
    records = [result(run, state) for run, state in enumerate(states, 1)]
    (series,) = read_series(records, "run-05")
    assert series.since is not None
    assert (series.since.observed, series.bad_runs, series.was_ever_good) == (
        "seen in run 3",
        3,
        True,
    )
    assert "Since 2026-03-04 06:00 UTC (3 runs in a row)." in words_of(page_of(*records))


def test_a_check_that_never_passed_is_wrong_since_it_was_first_checked() -> None:
    records = [result(run, "failed") for run in (1, 2)]
    assert "Since 2026-03-02 06:00 UTC, when it was first checked (2 runs in a row)." in words_of(
        page_of(*records)
    )


def test_the_history_of_a_run_ends_with_it() -> None:
    records = [result(1), result(2, "failed"), result(3)]
    (series,) = read_series(records, "run-02")
    assert [one.state for one in series.results] == ["passed", "failed"]


@given(st.lists(st.sampled_from(["passed", "failed", "broken"]), min_size=1, max_size=40))
def test_the_present_series_is_as_long_as_the_bad_end_of_the_history(states: list[str]) -> None:
    records = [result(run, state) for run, state in enumerate(states)]
    (series,) = read_series(records, f"run-{len(states) - 1:02}")
    bad_end = re.search("b*$", "".join("p" if state == "passed" else "b" for state in states))
    assert bad_end is not None
    assert series.bad_runs == len(bad_end[0])
    assert (series.since is None) == (states[-1] == "passed")
    if series.since:
        assert series.since.observed == f"seen in run {len(states) - series.bad_runs}"


def test_every_check_has_a_square_for_each_of_its_last_thirty_runs() -> None:
    records = [result(run, "failed" if run == 33 else "passed") for run in range(40)]
    page = page_of(*records)
    history = page.split("Every check")[1]
    squares = re.findall(r'<i class="square (\w+)" title="([^"]+)">', history)
    assert len(squares) == 30
    assert squares[23] == ("warn", "2026-04-03 06:00 UTC: failed. seen in run 33")
    assert 'role="img" aria-label="30 runs, 1 of them bad"' in history
    assert "failed last on 2026-04-03" in words_of(page)


def test_a_broken_check_is_shown_as_one_that_could_not_be_checked() -> None:
    words = words_of(page_of(result(1, "broken", observed="Binder Error: no such column")))
    assert "It is not known whether votes hold: the check could not run" in words
    assert "Binder Error: no such column" in words


@pytest.mark.parametrize("write", [json.dumps, str])
def test_the_page_names_the_failing_rows(write: Any) -> None:
    rows = [
        {"paper_id": "arxiv:2506.1", "votes": 12345},
        {"paper_id": "arxiv:2506.2", "extra": None},
    ]
    page = page_of(result(1, "failed", failing_rows=write(rows)))
    assert ">arxiv:2506.1</td>" in page
    assert ">12,345</td>" in page
    assert ">arxiv:2506.2</td>" in page
    assert "paper id votes extra" in words_of(page)


@pytest.mark.parametrize(
    "rows", ["no rows", "[1, 2]", "{", "[" * 5000, "[{'a': __import__('os')}]"]
)
def test_failing_rows_that_cannot_be_read_are_shown_as_they_are(rows: str) -> None:
    assert read_rows(rows) == [{"rows": rows}]


def test_everything_from_outside_is_escaped() -> None:
    hostile = '<script>alert("1")</script><img src=x onerror=alert(1)>\'"&'
    records = [
        result(
            1,
            "failed",
            hostile,
            expected=hostile,
            observed=hostile,
            failing_rows=json.dumps([{hostile: hostile, "key": '" onclick="alert(1)'}]),
            severity=hostile,
        ),
        result(1, hostile, "odd_state"),
    ]
    kept_out = {
        "kind": "entries rejected",
        "feed_id": hostile,
        "reason": hostile,
        "count": 1,
        "example": hostile,
    }
    facts = Facts(
        holdings={
            "papers": 1,
            "captures": 1,
            "newest_captured_at": None,
            "published_at": None,
        },
        feeds=[{**FEED, "name": hostile}],
        days={"hf-daily": [day(date(2026, 3, 4), hostile)]},
        kept_out=[kept_out],
    )
    found = Tags(
        page_of(*records, facts=facts, refused=[kept_out], data_docs=DataDocs(hostile, MADE))
    )
    assert found.tags.isdisjoint({"script", "img"})
    assert not [name for name in found.attributes if name.startswith("on")]


class Tags(HTMLParser):
    """Collects the names of tags and attributes of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}


def test_the_page_needs_nothing_but_itself() -> None:
    docs = DataDocs("data_docs/index.html", MADE)
    page = page_of(result(1, "failed"), facts=Facts(feeds=[FEED]), data_docs=docs)
    found = Tags(page)
    assert found.tags.isdisjoint({"script", "link", "img", "iframe", "object", "embed"})
    assert found.attributes.isdisjoint({"src", "srcset", "background"})
    assert not re.findall(r"https?:|url\(|@import", page)
    assert "prefers-color-scheme: dark" in page
    assert '<meta name="viewport"' in page
    assert 'href="data_docs/index.html"' in page
    assert "made on 2025-06-01 07:30 UTC" in page


def test_the_calendar_shows_each_day_with_its_state_and_says_it_in_words() -> None:
    states = [
        "loaded",
        "open",
        "truncated",
        "late",
        "held",
        "legit_empty",
        "legit_empty",
        "missing",
    ]
    days = [day(date(2026, 2, 23) + timedelta(days=n), state) for n, state in enumerate(states)]
    page = page_of(result(1), facts=Facts(feeds=[FEED], days={"hf-daily": days}))
    cells = re.findall(r'<i class="day (\w+)" style="grid-area:(\d)/(\d)" title="([^"]+)"', page)
    assert [state for state, *_ in cells] == states
    # Monday to Sunday stand below the row of the months; the next Monday begins a column
    assert [(int(row), int(column)) for _, row, column, _ in cells] == [
        *((row, 2) for row in range(2, 9)),
        (2, 3),
    ]
    assert cells[0][3] == "Mon 23 Feb 2026: loaded, 3 papers. it is loaded"
    label = "The days from Mon 23 Feb 2026 to Mon 02 Mar 2026: 1 held, 1 late, 2 legit_empty"
    assert label in page
    words = words_of(page)
    assert "Of 8 expected days from 2026-02-23 to 2026-03-04, 6 have a list (75%)." in words
    assert "3 days without a list in the half year to 2026-03-02" in words
    assert "Mon 02 Mar 2026 missing it is missing" in words


def test_what_was_kept_out_is_counted_by_reason() -> None:
    refused = pl.DataFrame(
        [
            ("/in/a.png", 1, "x", "a PNG picture", START),
            ("/in/b.png", 1, "y", "a PNG picture", START + timedelta(days=1)),
            ("/in/c", 0, "z", "the file is empty", START),
        ],
        schema=REFUSED,
        orient="row",
    )
    rows = count_refused(refused)
    assert [(row["reason"], row["count"], row["example"]) for row in rows] == [
        ("a PNG picture", 2, "/in/b.png"),
        ("the file is empty", 1, "/in/c"),
    ]
    assert "3 files refused." in words_of(page_of(result(1), refused=rows))


def test_the_last_run_that_judged_is_the_one_to_report() -> None:
    records = [result(1), result(2), result(3, layer="identity")]
    assert last_checked(records) == "run-02"
    assert last_checked(records[2:]) == "run-03"
    assert last_checked([]) == ""


def test_a_page_replaces_the_one_before_at_once(tmp_path: Path) -> None:
    page = tmp_path / "reports" / "quality.html"
    write_page(page, "one")
    write_page(page, "two \ud800")
    assert page.read_text().startswith("two ?\n<!-- crc32 ")
    assert list(page.parent.iterdir()) == [page]


KEPT_OUT = {"kind": "rejected", "count": 1, "feed_id": "hf-daily", "example": "a.json"}


def test_a_table_cell_is_cut_where_it_is_very_long() -> None:
    ((cell,),) = Table.of(["a"], [["x" * 10_000]]).rows
    assert len(cell.value) < 1_000


@given(st.text())
def test_text_comes_back_from_the_page_as_it_went_in_but_for_what_steers(value: str) -> None:
    facts = Facts(kept_out=[{**KEPT_OUT, "reason": value}])
    page = render_page([], facts, [], datetime(2025, 6, 3))  # noqa: DTZ001 - naive UTC
    (cell,) = lxml_html.fromstring(page).xpath('//td[@data-column="Reason"]')
    # a parser of HTML reads every line break as one of Unix
    assert (cell.text or "") == visible(value).replace("\r\n", "\n")
