"""``quality`` checks what is published; the same judgement stops a run that must not publish."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pytest

from flows.cli.exit_codes import code_of_report
from flows.pipeline.checks import check_candidate, check_published, write_reports
from flows.pipeline.ingest import ingest
from flows.pipeline.inputs import Inputs, Stated
from flows.pipeline.path_template import PathTemplate
from flows.run import Run
from flows.workspace import Workspace
from tests.flows.captures import DAY, LAYOUT, Bench, Ending, api_body, api_entry

ABSTRACT = "We look at it with care, and find that small things add up to large ones. " * 5


def entries(count: int, **paper: Any) -> list[dict[str, Any]]:
    return [
        api_entry(number, paper={"summary": f"Case {number}. {ABSTRACT}", **paper})
        for number in range(count)
    ]


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    return Bench(tmp_path, monkeypatch)


def run_judged(bench: Bench, damage: str = "select 1") -> Any:
    """Ingest what the bench holds and judge it as ``daily`` does, after some damage."""

    def judge(work: duckdb.DuckDBPyConnection, run: Run) -> list[dict[str, Any]]:
        work.execute(damage)
        return check_candidate(work, run)

    given = Inputs((bench.inbox,), Stated(layout=PathTemplate(LAYOUT)))
    return ingest(Workspace.open(bench.home), [given], quality_checks=judge)


def journal(bench: Bench, kind: str) -> list[dict[str, Any]]:
    return Workspace.open(bench.home).journal.read(kind)


class Judged(NamedTuple):
    """A home with four papers, its published bytes, and how ``quality`` ended twice."""

    bench: Bench
    published: bytes
    said: Ending
    as_json: Ending


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judged]:
    with pytest.MonkeyPatch.context() as patch:
        bench = Bench(tmp_path_factory.mktemp("judged"), patch)
        bench.put(api_body(entries(4)))
        assert bench.ingest().code == 0
        published = (bench.home / "warehouse.duckdb").read_bytes()
        yield Judged(bench, published, bench.run("quality"), bench.run("quality", "--json"))


@pytest.mark.slow
def test_warnings_end_with_0_and_are_shown(judged: Judged) -> None:
    bench, ending = judged.bench, judged.said
    assert ending.code == 0
    assert ending.err == ""
    lines = ending.out.splitlines()
    assert lines[0] == "The newest look at a daily list is too old."
    assert lines[1].startswith("  feeds_are_fresh, warning. ")
    assert f"report: {bench.home}/reports/quality.html" in lines
    page = (bench.home / "reports" / "quality.html").read_text()
    assert (
        "Usable, with 1 warning from 26 checks: the newest look at a daily list is too old." in page
    )
    assert 'href="data_docs/index.html"' in page
    assert (bench.home / "reports" / "data_docs" / "index.html").exists()


@pytest.mark.slow
def test_json_is_one_object_with_every_check(judged: Judged) -> None:
    ending = judged.as_json
    assert set(ending.report) == {"ok", "checks", "report", "data_docs"}
    assert ending.report["ok"] is True
    assert {check["layer"] for check in ending.report["checks"]} == {"identity", "judgement"}
    keys = {"check_id", "layer", "severity", "state", "expected", "observed", "failing_rows"}
    assert all(set(check) == keys for check in ending.report["checks"])
    assert Path(ending.report["report"]).exists()


@pytest.mark.slow
def test_results_and_run_are_in_the_journal_and_the_warehouse_is_as_it_was(
    judged: Judged, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench, ending = Bench(tmp_path, monkeypatch), judged.as_json
    bench.begin_like(judged.bench)
    assert (bench.home / "warehouse.duckdb").read_bytes() == judged.published
    run = journal(bench, "run")[-1]
    assert (run["verb"], run["state"], run["reason"]) == ("quality", "unchanged", None)
    recorded = [row for row in journal(bench, "check_result") if row["run_id"] == run["run_id"]]
    assert [(row["check_id"], row["state"]) for row in recorded] == [
        (check["check_id"], check["state"]) for check in ending.report["checks"]
    ]
    # the next publication copies both into the warehouse
    bench.put(api_body(entries(5)), f"here/{DAY}/20250621T020000Z.json")
    bench.ingest()
    assert bench.rows("select count(*) from ops.check_result where layer = 'judgement'") == [(36,)]
    assert bench.rows("select state from ops.run where verb = 'quality'") == [("unchanged",)] * 2


@pytest.mark.slow
def test_since_when_comes_from_the_runs_before(bench: Bench) -> None:
    bench.put(api_body(entries(4)))
    bench.ingest()
    for _ in range(2):
        bench.run("quality")
    first = next(
        row for row in journal(bench, "check_result") if row["check_id"] == "feeds_are_fresh"
    )
    page = (bench.home / "reports" / "quality.html").read_text()
    since = f"Since {first['checked_at'][:16]} UTC, when it was first checked (2 runs in a row)."
    assert since in page


@pytest.mark.slow
def test_a_critical_failure_of_what_is_published_ends_with_5(bench: Bench) -> None:
    bench.put(api_body(entries(12)))
    bench.ingest()
    published = bench.home / "warehouse.duckdb"
    published.chmod(0o644)
    with duckdb.connect(str(published)) as connection:
        connection.execute("update raw.entry set votes = -1")
        connection.execute("insert into core.paper select * from core.paper limit 1")
    ending = bench.run("quality", "--json")
    assert ending.code == 5
    assert ending.report["ok"] is False
    bad = {c["check_id"] for c in ending.report["checks"] if c["state"] == "failed"}
    assert {"votes_are_never_negative", "keys_are_unique"} <= bad
    page = (bench.home / "reports" / "quality.html").read_text()
    assert "Not well: " in page
    assert "a key stands in two rows" in page


@pytest.mark.slow
def test_a_title_with_a_script_does_nothing_on_the_page(bench: Bench) -> None:
    hostile = "<script>alert(1)</script> and pebbles"
    bench.put(api_body([*entries(3), api_entry(9, paper={"id": 1, "title": hostile})]))
    bench.put(b"\x89PNG", "here/<script>alert(1)</script>.json")
    bench.ingest()
    bench.run("quality")
    page = (bench.home / "reports" / "quality.html").read_text()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;.json" in page
    assert "<script" not in page


def test_without_a_warehouse_it_is_a_usage_error(bench: Bench) -> None:
    ending = bench.run("quality")
    assert ending.code == 2
    assert "no warehouse" in ending.err


@pytest.mark.slow
def test_a_run_with_warnings_publishes_and_its_page_is_about_it(bench: Bench) -> None:
    bench.put(api_body(entries(4)))
    report = run_judged(bench)
    assert report.is_published
    assert [check.check_id for check in report.failed_checks] == ["feeds_are_fresh"]
    page = write_reports(Workspace.open(bench.home), report.run_id).read_text()
    assert "holds 4 papers from 1 capture." in page
    assert "with 1 warning from 26 checks" in page


@pytest.mark.slow
def test_a_critical_check_stops_publishing_and_the_last_good_warehouse_stays(bench: Bench) -> None:
    bench.put(api_body(entries(4)))
    assert run_judged(bench).is_published
    bench.put(api_body(entries(12)), f"here/{DAY}/20250621T020000Z.json")
    report = run_judged(bench, "update raw.entry set votes = -1 where position = 3")
    assert report.is_blocked
    assert not report.is_published
    assert bench.rows("select count(*) from core.paper") == [(4,)]
    page = write_reports(Workspace.open(bench.home), report.run_id).read_text()
    assert "Not well: votes below 0 were accepted. That stops publishing." in page
    # nothing is lost: what landed is loaded by the next run
    assert run_judged(bench).is_published
    assert bench.rows("select count(*) from core.paper") == [(12,)]


@pytest.mark.slow
def test_a_load_of_which_much_is_rejected_is_not_published(bench: Bench) -> None:
    bad = [api_entry(number, paper={"id": number}) for number in range(5)]
    bench.put(api_body(entries(12)[5:] + bad))
    report = run_judged(bench)
    assert report.entries["rejected"] == 5
    assert not report.is_published
    failed = {check.check_id: check for check in report.failed_checks}
    assert failed["latest_load_is_accepted"].severity == "critical"
    rows = json.loads(failed["latest_load_is_accepted"].failing_rows)
    assert (rows[0]["entries"], rows[0]["rejected"]) == (12, 5)


@pytest.mark.slow
def test_a_broken_warning_does_not_take_the_load_with_it(bench: Bench) -> None:
    bench.put(api_body(entries(4)))
    report = run_judged(bench, "alter table raw.field_drift rename to gone")
    broken = [check.check_id for check in report.failed_checks if check.state == "broken"]
    assert broken == ["fields_are_as_known"]
    assert report.is_published
    assert bench.rows("select count(*) from core.paper") == [(4,)]


@pytest.mark.slow
def test_data_docs_that_cannot_be_written_are_left_undone_and_the_exit_code_says_so(
    bench: Bench,
) -> None:
    bench.put(api_body(entries(4)))
    assert bench.ingest().code == 0
    (bench.home / "reports").mkdir()
    (bench.home / "reports" / "data_docs").symlink_to("nowhere")
    ending = bench.run("quality")
    assert (ending.code, ending.err) == (1, "")
    assert "data_docs_are_written" in ending.out
    bench.put(api_body(entries(5)))
    report = run_judged(bench)
    assert report.is_published
    assert any("the Data Docs could not be written" in warning for warning in report.warnings)
    assert code_of_report(report) == 1


@pytest.mark.slow
def test_a_broken_critical_check_stops_publishing(bench: Bench) -> None:
    bench.put(api_body(entries(4)))
    report = run_judged(bench, "alter table raw.reject rename to gone")
    broken = {check.check_id for check in report.failed_checks if check.state == "broken"}
    assert broken == {"latest_load_is_accepted", "few_entries_are_rejected"}
    assert report.is_blocked
    assert not (bench.home / "warehouse.duckdb").exists()


@pytest.mark.slow
def test_what_is_published_can_be_judged_under_another_verb(bench: Bench) -> None:
    bench.put(api_body(entries(4)))
    bench.ingest()
    judged = check_published(Workspace.open(bench.home), "daily")
    assert judged.is_ok
    assert [finding.check_id for finding in judged.findings] == ["feeds_are_fresh"]
    assert journal(bench, "run")[-1]["verb"] == "daily"
