"""Each judging check passes on a sound warehouse, and fails on one with the damage it is for."""

import json
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from errno import ENOSPC
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import duckdb
import great_expectations.expectations as gxe
import pandas as pd
import pytest
from great_expectations.data_context.store.tuple_store_backend import TupleFilesystemStoreBackend

from config.settings import load_settings
from flows.pipeline.ingest import ingest
from flows.pipeline.inputs import Inputs, Stated
from flows.pipeline.path_template import PathTemplate
from flows.workspace import Workspace
from tests.flows.captures import LAYOUT, api_body, api_entry, write
from transforms.text import key_text
from warehouse.checks.data_docs import Context
from warehouse.checks.offline import make_offline
from warehouse.checks.quality import ranges
from warehouse.checks.quality.declarations import QUALITY_CHECKS, WARNING, QualityCheck
from warehouse.checks.quality.expectations import Expectations
from warehouse.checks.quality.judged import Judged
from warehouse.checks.quality.run import check_again, check_and_document, run_checks
from warehouse.checks.result import CheckResult
from warehouse.connection import open_published

FIRST = date(2025, 5, 5)
DAYS = [FIRST + timedelta(days=n) for n in range(40) if (FIRST + timedelta(days=n)).weekday() < 5]
LAST = DAYS[-1]
NOW = datetime.combine(LAST, time(22)) + timedelta(days=1)
PAPERS = 12
ABSTRACT = "We look at it with care, and find that small things add up to large ones. " * 5


def entry(day: int, place: int, votes: int = 0) -> dict[str, Any]:
    number = day * PAPERS + place
    shown = {
        "summary": f"Case {number}. {ABSTRACT}",
        "upvotes": 4 + place + votes,
        "publishedAt": f"{DAYS[day]}T05:00:00.000Z",
        "submittedOnDailyAt": f"{DAYS[day]}T06:00:00.000Z",
    }
    return api_entry(number, paper=shown)


def write_days(folder: Path) -> None:
    """Write a list of 12 papers for each working day, seen in the evening and after its end."""
    for day, feed_date in enumerate(DAYS):
        for votes, stamp in enumerate((feed_date, feed_date + timedelta(days=1))):
            entries = [entry(day, place, votes) for place in range(PAPERS)]
            path = folder / "us" / str(feed_date) / f"{stamp:%Y%m%d}T200000Z.json"
            write(path, api_body(entries))


@pytest.fixture(scope="module", autouse=True)
def shipped_config(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The settings as they are shipped, and one correction."""
    overlay = tmp_path_factory.mktemp("config")
    (overlay / "corrections.toml").write_text(
        "[[override]]\npaper = 'arxiv:2506.10001'\nfield = 'organisation'\nvalue = 'Example Lab'\n"
        "reason = 'the site does not say'\n"
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PAPERSTRATA_CONFIG", str(overlay))
        yield


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published warehouse of 30 working days in which nothing is wrong."""
    folder = tmp_path_factory.mktemp("sound")
    write_days(folder / "captures")
    given = Inputs((folder / "captures",), Stated(feed_id="hf-daily", layout=PathTemplate(LAYOUT)))
    report = ingest(Workspace.open(folder / "home"), [given])
    assert report.is_published
    return folder / "home" / "warehouse.duckdb"


@pytest.fixture
def damaged(sound: Path, tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A copy of it that a test may damage."""
    path = tmp_path / "warehouse.duckdb"
    shutil.copyfile(sound, path)
    with duckdb.connect(str(path)) as connection:
        yield connection


def judge_one(
    connection: duckdb.DuckDBPyConnection,
    check_id: str,
    reports: Path,
    now: datetime = NOW,
    **limits: float,
) -> CheckResult:
    quality_check = next(one for one in QUALITY_CHECKS if one.check_id == check_id)
    (result,) = judge_some(connection, reports, [quality_check], now, **limits)
    return result


def judge_some(
    connection: duckdb.DuckDBPyConnection,
    reports: Path,
    quality_checks: Iterable[QualityCheck] = QUALITY_CHECKS,
    now: datetime = NOW,
    **limits: float,
) -> list[CheckResult]:
    usual = load_settings().quality.model_dump()
    context = Context(reports)
    try:
        judge = Expectations(context).find_failing
        results = run_checks(connection, now, usual | limits, judge, quality_checks)
    finally:
        context.close()
    quick = run_checks(connection, now, usual | limits, ranges.find_failing, quality_checks)
    # whoever judges, the verdict is the same, of the same rows
    assert [(one.state, one.failing_rows) for one in quick] == [
        (one.state, one.failing_rows) for one in results
    ]
    return results


def failing(result: CheckResult) -> list[dict[str, Any]]:
    assert result.state == "failed", result
    rows = json.loads(result.failing_rows)
    assert isinstance(rows, list)
    return rows


def test_the_pages_of_checks_lie_in_a_home_whose_name_has_the_sign_of_a_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ELSEWHERE", "gone")
    reports = tmp_path / "a$ELSEWHERE${ELSEWHERE}$UNSET_NAME$"
    context = Context(reports)
    try:
        context.build_docs([])
    finally:
        context.close()
    assert [path.name for path in tmp_path.iterdir()] == [reports.name]
    assert [path.name for path in reports.rglob("*.html")] == ["index.html"]


@pytest.mark.slow
def test_a_sound_warehouse_passes_every_check(sound: Path, tmp_path: Path) -> None:
    with open_published(sound) as connection:
        results = judge_some(connection, tmp_path)
    assert [result.check_id for result in results if result.state != "passed"] == []
    assert len(results) == len(QUALITY_CHECKS)
    # and each had something to judge
    assert [r.check_id for r in results if r.observed == "nothing to judge yet"] == []


def test_an_empty_warehouse_has_nothing_to_judge(
    damaged: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    for table in (
        "raw.capture",
        "raw.entry",
        "core.feed_day",
        "core.paper_alias",
        "core.correction",
    ):
        damaged.execute(f"delete from {table}")
    results = judge_some(damaged, tmp_path)
    assert {result.state for result in results} == {"passed"}
    assert {result.observed for result in results} == {"nothing to judge yet"}


def test_every_check_has_a_query_and_every_query_a_check() -> None:
    folder = Path(sys.modules["warehouse.checks.quality.run"].__file__ or "").parent
    assert {path.stem for path in folder.glob("*.sql")} == {one.check_id for one in QUALITY_CHECKS}


@pytest.mark.parametrize("papers", [1, 45])
def test_a_day_with_far_fewer_or_more_papers_than_usual_fails(
    damaged: duckdb.DuckDBPyConnection, tmp_path: Path, papers: int
) -> None:
    damaged.execute("update core.feed_day set papers = ? where feed_date = ?", [papers, DAYS[-3]])
    (row,) = failing(judge_one(damaged, "volume_is_usual", tmp_path))
    assert (row["feed_date"], row["papers"], row["usual_papers"]) == (str(DAYS[-3]), papers, 12)


def test_a_list_that_shows_just_the_papers_of_the_one_before_is_told(
    damaged: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    assert judge_one(damaged, "lists_differ_from_the_one_before", tmp_path).state == "passed"
    damaged.execute(
        "delete from raw.entry where capture_id in"
        " (select capture_id from raw.capture where feed_date = ?)",
        [LAST],
    )
    again = "capture_id || '-again' as capture_id"
    damaged.execute(
        f"insert into raw.entry select entry.* replace ({again}) from raw.entry as entry"
        " inner join raw.capture using (capture_id) where feed_date = ?",
        [DAYS[-2]],
    )
    damaged.execute(
        f"insert into raw.capture select * replace ({again}, ?::date as feed_date)"
        " from raw.capture where feed_date = ?",
        [LAST, DAYS[-2]],
    )
    (row,) = failing(judge_one(damaged, "lists_differ_from_the_one_before", tmp_path))
    assert (row["feed_date"], row["date_before"]) == (str(LAST), str(DAYS[-2]))
    assert row["papers"] == PAPERS


def test_an_expected_day_that_answers_empty_is_unusual(
    damaged: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    damaged.execute(
        "update core.feed_day set papers = 0, state = 'legit_empty' where feed_date = ?", [LAST]
    )
    (row,) = failing(judge_one(damaged, "volume_is_usual", tmp_path))
    assert (row["feed_date"], row["papers"]) == (str(LAST), 0)


def test_a_feed_without_a_history_has_no_unusual_day(
    damaged: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    damaged.execute("delete from core.feed_day where feed_date < ?", [DAYS[-5]])
    damaged.execute("update core.feed_day set papers = 1 where feed_date = ?", [LAST])
    assert judge_one(damaged, "volume_is_usual", tmp_path).state == "passed"


@pytest.mark.slow
def test_old_data_is_a_warning_and_stops_nothing(
    damaged: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    later = NOW + timedelta(days=900)
    result = judge_one(damaged, "feeds_are_fresh", tmp_path, later)
    (row,) = failing(result)
    assert row["hours_old"] == 900 * 24 + 2
    assert result.observed == (
        "hf-daily: known up to 2025-06-14 20:00 UTC, 21,602 hours (900.1 days) before this check"
    )
    assert result.severity == "warning"
    results = judge_some(damaged, tmp_path, now=later)
    assert [r.check_id for r in results if r.state != "passed"] == ["feeds_are_fresh"]


def test_a_backfill_of_old_days_makes_no_feed_fresh(
    damaged: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    damaged.execute(
        "insert into raw.capture by name select * replace"
        " (capture_id || '-again' as capture_id, ?::timestamp as captured_at)"
        " from raw.capture where feed_date < ?",
        [NOW + timedelta(days=900), DAYS[-5]],
    )
    result = judge_one(damaged, "feeds_are_fresh", tmp_path, NOW + timedelta(days=900))
    (row,) = failing(result)
    assert row["hours_old"] == 900 * 24 + 2
    assert row["newest_captured_at"] > row["fresh_at"]


def test_a_look_from_the_future_fails(damaged: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    result = judge_one(damaged, "feeds_are_fresh", tmp_path, NOW - timedelta(days=1))
    assert failing(result)[0]["hours_old"] == -22


def forget_times(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("update raw.capture set captured_at = null, captured_at_source = null")


def test_looks_without_a_time_are_as_fresh_as_their_newest_list(
    damaged: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    forget_times(damaged)
    newest = datetime.combine(LAST, time())
    soon = newest + timedelta(hours=30)
    assert judge_one(damaged, "feeds_are_fresh", tmp_path, soon).state == "passed"
    (row,) = failing(judge_one(damaged, "feeds_are_fresh", tmp_path, newest + timedelta(hours=100)))
    assert (row["hours_old"], row["newest_captured_at"]) == (100, None)
    assert row["fresh_at"] == str(newest)


@pytest.mark.slow
def test_no_check_is_broken_by_looks_without_a_time(
    damaged: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    forget_times(damaged)
    results = judge_some(damaged, tmp_path)
    assert {one.check_id: one.observed for one in results if one.state != "passed"} == {}


def test_a_check_that_needs_times_says_that_it_cannot_judge_without(
    damaged: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    forget_times(damaged)
    result = judge_one(damaged, "votes_do_not_fall", tmp_path)
    assert (result.state, result.observed) == (
        "passed",
        "cannot be judged: hf-daily: captures that do not say when they were taken: 60",
    )


def test_looks_with_a_time_are_judged_beside_those_without(
    damaged: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    damaged.execute("update raw.capture set captured_at = null where feed_date = ?", [DAYS[0]])
    result = judge_one(damaged, "votes_do_not_fall", tmp_path)
    assert result.state == "passed"
    assert result.observed == (
        "fall_share 0.0 (100 looks);"
        " cannot be judged: hf-daily: captures that do not say when they were taken: 2"
    )


def test_lists_without_a_time_are_recent_by_their_date(
    damaged: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    forget_times(damaged)
    damaged.execute("update raw.capture set run_id = '0' where feed_date < ?", [LAST])
    for day, state in ((DAYS[0], "passed"), (DAYS[-3], "failed")):
        damaged.execute(
            "update raw.entry set votes = 20000 where capture_id in"
            " (select capture_id from raw.capture where feed_date = ?)",
            [day],
        )
        assert judge_one(damaged, "votes_are_plausible", tmp_path).state == state


def test_a_feed_of_unknown_age_is_broken_not_passed(
    damaged: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    damaged.execute("update raw.capture set captured_at = null, feed_date = null")
    result = judge_one(damaged, "feeds_are_fresh", tmp_path)
    assert (result.state, result.observed) == (
        "broken",
        "hf-daily: hours_old is unknown",
    )


@pytest.mark.parametrize("state", ["missing", "outage", "held", "late"])
def test_recent_days_that_nobody_saw_fail_when_there_are_more_than_a_few(
    damaged: duckdb.DuckDBPyConnection, tmp_path: Path, state: str
) -> None:
    change = "update core.feed_day set state = ? where feed_date in (?, ?)"
    damaged.execute(change, [state, DAYS[-3], DAYS[-4]])
    assert judge_one(damaged, "recent_days_are_complete", tmp_path).state == "passed"
    damaged.execute(change, [state, DAYS[-5], DAYS[-6]])
    (row,) = failing(judge_one(damaged, "recent_days_are_complete", tmp_path))
    assert row["gap_days"] == 4
    assert row["gaps"].startswith(f"{DAYS[-3]} {state}, {DAYS[-4]} {state}")


def test_a_late_day_is_no_gap_before_its_cut_off(
    damaged: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    damaged.execute("update core.feed_day set state = 'late', cutoff_at = ?", [NOW])
    early = NOW - timedelta(minutes=1)
    assert judge_one(damaged, "recent_days_are_complete", tmp_path, early).state == "passed"
    assert judge_one(damaged, "recent_days_are_complete", tmp_path).state == "failed"


def test_a_history_with_holes_fails_and_names_the_longest(
    damaged: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    holes = [DAYS[0], DAYS[3], DAYS[4], DAYS[5]]
    damaged.execute("update core.feed_day set state = 'missing' where feed_date in ?", [holes])
    assert judge_one(damaged, "recent_days_are_complete", tmp_path).state == "passed"
    (row,) = failing(judge_one(damaged, "history_is_complete", tmp_path))
    assert (row["gap_days"], row["expected_days"]) == (4, 30)
    assert row["longest_gap"] == f"{DAYS[3]} to {DAYS[5]}"


def test_a_held_capture_fails_until_somebody_decides(
    damaged: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    damaged.execute(
        "update raw.capture set state = 'held', reason = 'no_feed_date' where feed_date = ?", [LAST]
    )
    (row,) = failing(judge_one(damaged, "no_capture_is_held", tmp_path))
    assert (row["reason"], row["held_captures"]) == ("no_feed_date", 2)
    damaged.execute("update raw.capture set decision = 'retract' where state = 'held'")
    assert judge_one(damaged, "no_capture_is_held", tmp_path).state == "passed"


def reject(connection: duckdb.DuckDBPyConnection, entries: int) -> None:
    """Make entries of the last look rejects."""
    connection.execute(
        "update raw.capture set entries_accepted = entries_accepted - $n, entries_rejected = $n"
        " where captured_at = (select max(captured_at) from raw.capture)",
        {"n": entries},
    )
    connection.execute(
        "insert into raw.reject by name select capture_id, position, 'missing' as rule,"
        " 'title' as field, 'title is missing' as reason, '' as run_id, captured_at as loaded_at"
        " from raw.capture cross join range($n) as positions(position)"
        " where captured_at = (select max(captured_at) from raw.capture)",
        {"n": entries},
    )


def test_a_few_rejected_entries_are_a_warning(
    damaged: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    reject(damaged, 10)
    result = judge_one(damaged, "few_entries_are_rejected", tmp_path)
    (row,) = failing(result)
    assert result.severity == "warning"
    assert (row["rejected"], row["rules"]) == (10, "missing title (10)")
    assert judge_one(damaged, "latest_load_is_accepted", tmp_path).state == "passed"


def test_a_load_of_which_much_is_rejected_is_critical(
    damaged: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    reject(damaged, 5)
    damaged.execute(
        "update raw.capture set run_id = '9'"
        " where captured_at = (select max(captured_at) from raw.capture)"
    )
    result = judge_one(damaged, "latest_load_is_accepted", tmp_path)
    (row,) = failing(result)
    assert result.severity == "critical"
    assert (row["entries"], row["rejected"], row["commonest_rule"]) == (12, 5, "missing title")
    # what was published before does not stop the next load for ever
    damaged.execute("update raw.capture set run_id = '99' where feed_date = ?", [DAYS[0]])
    assert judge_one(damaged, "latest_load_is_accepted", tmp_path).state == "passed"


def test_a_handful_of_entries_does_not_stop_publishing(
    damaged: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    reject(damaged, 12)
    damaged.execute("update raw.capture set run_id = '9' where entries_rejected > 0")
    least = {"judged_entries_least": 13}
    assert judge_one(damaged, "latest_load_is_accepted", tmp_path, **least).state == "passed"


def test_abstracts_that_vanish_are_critical(
    damaged: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    recent = "(select capture_id from raw.capture where feed_date = ?)"
    damaged.execute(f"update raw.entry set content_key = null where capture_id in {recent}", [LAST])
    # of one load only, nobody knows what it used to show
    assert judge_one(damaged, "latest_load_has_abstracts", tmp_path).state == "passed"
    damaged.execute("update raw.capture set run_id = '9' where feed_date = ?", [LAST])
    result = judge_one(damaged, "latest_load_has_abstracts", tmp_path)
    (row,) = failing(result)
    assert result.severity == "critical"
    assert (row["entries"], row["nulls"], row["lost_share"]) == (24, 24, 1)


@pytest.mark.parametrize(
    ("field", "damage"),
    [
        ("abstract", "update raw.entry set content_key = null where position < 2"),
        ("authors", "update raw.content set authors = null where hash(content_id) % 5 = 0"),
        ("published_date", "update raw.entry set published_date = null where position < 2"),
        ("votes", "update raw.entry set votes = null where position < 2"),
    ],
)
def test_values_that_are_missing_fail_and_name_the_field(
    damaged: duckdb.DuckDBPyConnection, tmp_path: Path, field: str, damage: str
) -> None:
    damaged.execute(damage)
    (row,) = failing(judge_one(damaged, "values_are_there", tmp_path))
    assert (row["feed_id"], row["field"]) == ("hf-daily", field)
    assert row["example_id"].startswith("arxiv:2506.")


def test_a_feed_that_never_shows_a_field_lost_none(
    damaged: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    damaged.execute("update raw.entry set votes = null, published_date = null, content_key = null")
    assert judge_one(damaged, "values_are_there", tmp_path).state == "passed"


def test_a_daily_list_that_shows_an_abstract_now_and_then_should_always_show_it(
    damaged: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    damaged.execute("update raw.entry set content_key = null where position > 0")
    assert failing(judge_one(damaged, "values_are_there", tmp_path))[0]["field"] == "abstract"


def test_negative_votes_are_critical(damaged: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    damaged.execute("update raw.entry set votes = -3 where source_id = 'arxiv:2506.10007'")
    result = judge_one(damaged, "votes_are_never_negative", tmp_path)
    (row,) = failing(result)
    assert result.severity == "critical"
    assert (row["example_id"], row["lowest_votes"]) == ("arxiv:2506.10007", -3)


@pytest.mark.parametrize(
    ("damage", "column"),
    [
        ("update raw.entry set votes = 0", "median_votes"),
        ("update raw.entry set votes = votes + 500", "median_votes"),
        ("update raw.entry set votes = 20000 where position = 3", "highest_votes"),
    ],
)
def test_implausible_votes_fail(
    damaged: duckdb.DuckDBPyConnection, tmp_path: Path, damage: str, column: str
) -> None:
    damaged.execute(damage)
    result = judge_one(damaged, "votes_are_plausible", tmp_path)
    (row,) = failing(result)
    word = column.removesuffix("_votes")
    assert f"{word} {row[column]:,.12g}" in result.observed


def test_votes_that_fall_much_between_two_looks_fail(
    damaged: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    one_paper = "where source_id = 'arxiv:2506.10353' and capture_id in"
    damaged.execute(
        f"update raw.entry set votes = 40 {one_paper} (select capture_id from raw.capture)"
    )
    later = "(select capture_id from raw.capture where captured_at > feed_date + 1)"
    damaged.execute(f"update raw.entry set votes = 35 {one_paper} {later}")
    assert judge_one(damaged, "votes_do_not_fall", tmp_path).state == "passed"
    damaged.execute(f"update raw.entry set votes = 20 {one_paper} {later}")
    (row,) = failing(judge_one(damaged, "votes_do_not_fall", tmp_path))
    assert row["paper_id"] == "arxiv:2506.10353"
    assert (row["votes_before"], row["votes"], row["fall_share"]) == (40, 20, 0.5)


@pytest.mark.parametrize(
    "damage",
    [
        "update raw.content set abstract = repeat('a', 120)",
        "update raw.content set abstract = repeat('a', 9000)",
        "update raw.content set abstract = 'cut' where hash(content_id) % 5 = 0",
    ],
)
def test_abstracts_of_unusual_length_fail(
    damaged: duckdb.DuckDBPyConnection, tmp_path: Path, damage: str
) -> None:
    damaged.execute(damage)
    (row,) = failing(judge_one(damaged, "abstracts_have_usual_length", tmp_path))
    assert row["feed_id"] == "hf-daily"


def test_new_and_vanished_fields_fail_and_are_named(
    damaged: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    damaged.execute(
        "insert into raw.field_drift by name select capture_id, drift, drift || '_field' as field,"
        " 12 as entry_count, '' as run_id, loaded_at from raw.capture"
        " cross join (values ('new'), ('vanished')) as drifts(drift) where feed_date = ?",
        [LAST],
    )
    rows = failing(judge_one(damaged, "fields_are_as_known", tmp_path))
    assert [(row["drift"], row["field"], row["drifted_captures"]) for row in rows] == [
        ("new", "new_field", 2),
        ("vanished", "vanished_field", 2),
    ]


def test_a_field_that_no_capture_of_the_feed_ever_showed_has_not_vanished(
    damaged: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    damaged.execute(
        "insert into raw.field_drift by name select capture_id, 'vanished' as drift,"
        " 'Abstract' as field, 12 as entry_count, '' as run_id, loaded_at from raw.capture"
    )
    assert judge_one(damaged, "fields_are_as_known", tmp_path).state == "passed"


def test_many_identities_that_wait_for_review_fail(
    damaged: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    damaged.execute(
        "insert into core.match_edge select alias_id, 'x', 'title_key', 0.5, 'a title', 'review',"
        " '', loaded_at from core.paper_alias order by alias_id limit 20"
    )
    (row,) = failing(judge_one(damaged, "few_papers_wait_for_review", tmp_path))
    assert (row["waiting"], row["identities"]) == (20, 360)


@pytest.mark.parametrize(
    ("titles", "state"),
    [
        (("A Modest Study of Small Mirrors", "Feeding Zebrafish Larvae at Night"), "failed"),
        (("A Modest Study of Small Mirrors", "Small Mirrors: What They Show"), "passed"),
        (("GPT-4", "GPT4 Technical Report"), "passed"),
        (("A Modest Study of Small Mirrors", "小镜子的研究"), "passed"),
    ],
)
def test_an_id_with_two_unlike_titles_is_found(
    damaged: duckdb.DuckDBPyConnection, tmp_path: Path, titles: tuple[str, str], state: str
) -> None:
    looks = damaged.execute(
        "select capture_id from raw.capture where feed_date = ? order by captured_at", [LAST]
    ).fetchall()
    for (capture_id,), title in zip(looks, titles, strict=True):
        damaged.execute(
            "insert into raw.content by name select content_id || ? as content_id, ? as title,"
            " content_key, abstract, authors, run_id, loaded_at from raw.content"
            " inner join raw.entry using (content_id, content_key, run_id, loaded_at)"
            " where capture_id = ? and position = 0",
            [title, title, capture_id],
        )
        damaged.execute(
            "update raw.entry set content_id = content_id || $title, title_key = $key"
            " where capture_id = $capture_id and position = 0",
            {"title": title, "key": key_text(title), "capture_id": capture_id},
        )
    result = judge_one(damaged, "ids_keep_their_title", tmp_path)
    assert result.state == state
    if state == "failed":
        (row,) = failing(result)
        assert row["source_id"] == f"arxiv:2506.{10_000 + (len(DAYS) - 1) * PAPERS}"
        assert {row["title"], row["other_title"]} == {*titles}


def test_of_an_id_with_very_many_titles_the_first_are_compared(
    damaged: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    damaged.execute(
        "insert into raw.content by name select 'crowd' || n as content_id,"
        " if(n < 20, 'Small mirrors', 'Zebrafish') as title, '' as run_id,"
        " '2026-01-01'::timestamp as loaded_at from range(21) as numbers(n)"
    )
    damaged.execute(
        "insert into raw.entry by name select 'crowd' || n as content_id, 'arxiv:1' as own_id,"
        " 'arxiv:1' as source_id, 'key' || lpad(n::varchar, 2, '0') as title_key, n as position,"
        " (select min(capture_id) from raw.capture) as capture_id, '' as run_id,"
        " '2026-01-01'::timestamp as loaded_at from range(21) as numbers(n)"
    )
    assert judge_one(damaged, "ids_keep_their_title", tmp_path).state == "passed"
    damaged.execute("delete from raw.entry where title_key = 'key00'")
    assert judge_one(damaged, "ids_keep_their_title", tmp_path).state == "failed"


def test_a_correction_whose_guard_no_longer_holds_is_named(
    damaged: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    damaged.execute("update core.correction set state = 'expired', observed = 'Another Lab'")
    (row,) = failing(judge_one(damaged, "corrections_are_in_force", tmp_path))
    assert row["correction_id"] == "override arxiv:2506.10001 organisation"


def test_only_what_is_recent_is_judged_of_an_old_load(
    damaged: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    old = "(select capture_id from raw.capture where feed_date = ?)"
    damaged.execute(f"update raw.entry set votes = 20000 where capture_id in {old}", [DAYS[0]])
    assert judge_one(damaged, "votes_are_plausible", tmp_path).state == "failed"
    damaged.execute("update raw.capture set run_id = '9' where feed_date = ?", [LAST])
    assert judge_one(damaged, "votes_are_plausible", tmp_path).state == "passed"


@pytest.mark.parametrize("quality_check", QUALITY_CHECKS, ids=lambda one: one.check_id)
def test_a_check_whose_tables_are_gone_is_broken(
    damaged: duckdb.DuckDBPyConnection, tmp_path: Path, quality_check: QualityCheck
) -> None:
    for name in (
        "core.feed_day",
        "core.correction",
        "core.match_edge",
        "raw.capture",
        "raw.entry",
        "raw.field_drift",
    ):
        damaged.execute(f"alter table {name} rename to gone_{name.split('.')[1]}")
    result = judge_one(damaged, quality_check.check_id, tmp_path)
    assert result.state == "broken"
    assert "does not exist" in result.observed


def test_a_check_without_a_query_is_broken(sound: Path, tmp_path: Path) -> None:
    unknown = QualityCheck("nobody_asked", WARNING, "row", (), "raw.capture", "", "", lambda _: [])
    with open_published(sound) as connection:
        (result,) = judge_some(connection, tmp_path, [unknown])
    assert (result.state, result.observed) == (
        "broken",
        "there is no quality/nobody_asked.sql",
    )


def test_an_empty_frame_is_broken_where_there_is_something_to_judge(
    damaged: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    damaged.execute("update raw.capture set state = 'held'")
    assert judge_one(damaged, "feeds_are_fresh", tmp_path).observed == "nothing to judge yet"
    fresh = next(one for one in QUALITY_CHECKS if one.check_id == "feeds_are_fresh")
    wrong = replace(fresh, basis="core.paper")
    (result,) = judge_some(damaged, tmp_path, [wrong])
    assert (result.state, result.observed) == (
        "broken",
        "the query returns no row, of 360 in core.paper",
    )


def test_an_expectation_that_raises_is_broken_not_failed(sound: Path, tmp_path: Path) -> None:
    import great_expectations.expectations as gxe

    wrong = QualityCheck(
        "votes_are_plausible",
        WARNING,
        "feed",
        ("feed_id",),
        "raw.entry",
        "a text between two numbers",
        "",
        lambda _: [gxe.ExpectColumnMeanToBeBetween(column="highest_id", min_value=1)],
    )
    with open_published(sound) as connection:
        (result,) = judge_some(connection, tmp_path, [wrong])
    assert result.state == "broken"


class Loads(HTMLParser):
    """Collects what a page would load or run."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "link", "img", "iframe", "object", "embed", "source", "base"):
            self.found.append(tag)
        self.found += [name for name, _ in attrs if name in ("src", "srcset", "background")]
        self.found += [name for name, _ in attrs if name.startswith("on")]

    def handle_data(self, data: str) -> None:
        if self.lasttag == "style" and ("url(" in data or "@import" in data):
            self.found.append(data)


@pytest.mark.slow
def test_the_data_docs_load_nothing_and_every_link_leads_to_a_page(
    damaged: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    reject(damaged, 10)
    check_and_document(damaged, NOW, load_settings().quality.model_dump(), tmp_path)
    pages = list((tmp_path / "data_docs").rglob("*.html"))
    assert len(pages) == 1 + 2 * len(QUALITY_CHECKS)
    for page in pages:
        assert Loads(page.read_text()).found == [], page
    assert {path.suffix for path in (tmp_path / "data_docs").rglob("*") if path.is_file()} == {
        ".html"
    }
    index = (tmp_path / "data_docs" / "index.html").read_text()
    links = [part.split('"')[0] for part in index.split('href="')[1:]]
    assert len(links) == len(QUALITY_CHECKS) + 1
    assert all((tmp_path / "data_docs" / link).exists() for link in links[1:])
    # nothing else stays
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == ["data_docs"]


@pytest.mark.slow
def test_data_docs_of_which_a_page_cannot_be_written_do_not_replace_those_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "data_docs").mkdir()
    (tmp_path / "data_docs" / "index.html").write_text("those before")
    context, write, pages = Context(tmp_path), TupleFilesystemStoreBackend._set, Counter[bool]()

    def fail_once(store: Any, key: Any, value: Any, **options: Any) -> Any:
        is_page = "<html" in str(value)
        pages[is_page] += 1
        if is_page and pages[True] == 1:
            raise OSError(ENOSPC, "No space left on device")
        return write(store, key, value, **options)

    monkeypatch.setattr(TupleFilesystemStoreBackend, "_set", fail_once)
    expected = [gxe.ExpectColumnValuesToBeBetween(column="row", min_value=2)]
    context.validate("one", pd.DataFrame({"row": [1]}), expected, ["row"])
    with pytest.raises(OSError, match="No space left"):
        context.build_docs([])
    context.close()
    assert (tmp_path / "data_docs" / "index.html").read_text() == "those before"
    assert "Traceback" not in capfd.readouterr().err


@pytest.mark.slow
def test_what_was_judged_is_judged_again_only_where_a_verdict_a_rule_or_a_publication_is_another(
    damaged: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    usual = load_settings().quality.model_dump()
    first = check_and_document(damaged, NOW, usual, tmp_path, "p")
    docs, later = (tmp_path / "data_docs").stat().st_ino, NOW + timedelta(hours=1)
    repeated = {one.check_id: one for one in check_again(damaged, later, usual, tmp_path, "p")}
    assert (tmp_path / "data_docs").stat().st_ino == docs
    # what it says of the clock is of now, all else as it was
    assert repeated.pop("feeds_are_fresh").observed == "hours_old 3.0 (1 feed)"
    assert [one for one in first if one.check_id in repeated] == list(repeated.values())

    note = Judged.read(tmp_path)
    assert note is not None
    assert note.is_of("p", usual, NOW + timedelta(days=7))
    assert not note.is_of("p", usual, NOW + timedelta(days=8))
    assert not note.is_of("p", usual, NOW - timedelta(hours=1))
    assert not note.is_of("p", {**usual, "recent_days": 6}, later)
    assert not note.is_of("q", usual, later)
    assert note.says_the_same(first)
    assert not note.says_the_same([replace(first[0], state="broken"), *first[1:]])

    # a feed goes stale
    stale = check_again(damaged, NOW + timedelta(days=3), usual, tmp_path, "p")
    assert [one.check_id for one in stale if one.state == "failed"] == ["feeds_are_fresh"]
    assert (tmp_path / "data_docs").stat().st_ino != docs
    assert not note.says_the_same(stale)
    (tmp_path / "judged.json").write_text('{"judged_at": "2026-01-01T00:00+00:00"}')
    assert Judged.read(tmp_path) is None


def test_a_page_is_made_offline_whatever_it_holds() -> None:
    page = (
        '<!DOCTYPE html><html><head><link rel="stylesheet" href="https://x.example/a.css">'
        '<style>body { background: url("https://x.example/a.png") }</style>'
        '<script src="https://x.example/a.js"></script></head><body onload="a()">'
        '<p class="k">a &lt;b&gt; &amp; &#233;</p><img src="https://x.example/a.png" alt="a logo">'
        '<a href="javascript:a()">b</a><a href="../c.html">c</a><br/><svg onload="a()"></svg>'
        "<script>if (1 < 2) { a() }</script></body></html>"
    )
    made = make_offline(page)
    assert Loads(made).found == []
    assert "x.example" not in made
    assert (
        '<p class="k">a &lt;b&gt; &amp; &#233;</p>a logo<a>b</a><a href="../c.html">c</a>' in made
    )


@pytest.mark.slow
def test_judging_talks_to_nobody_and_prints_nothing(sound: Path, tmp_path: Path) -> None:
    script = """
import sys
def listen(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto"):
        raise SystemExit(f"{event} {arguments}")
sys.addaudithook(listen)
from datetime import datetime
from pathlib import Path
from config.settings import load_settings
from warehouse.connection import open_published
from warehouse.checks.quality.run import check_and_document
with open_published(Path(sys.argv[1])) as connection:
    results = check_and_document(
        connection, datetime(2025, 6, 15), load_settings().quality.model_dump(), Path(sys.argv[2])
    )
assert {result.state for result in results} == {"passed"}, results
"""
    ended = subprocess.run(
        [sys.executable, "-c", script, str(sound), str(tmp_path)],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[3],
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
