"""The checks: of a candidate before it is published, and of what is published."""

import json
import shlex
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import polars as pl

from flows.clock import Stopwatch, new_run_id
from flows.program import NAME, program
from flows.report import Outcome, Report, describe
from flows.run import QualityChecks, Run
from flows.stopped import raise_if_stopped
from flows.workspace import Workspace
from warehouse.checks.integrity.run import check_integrity
from warehouse.checks.result import DATA_DOCS, CheckResult
from warehouse.connection import open_published
from warehouse.lock import is_held
from warehouse.publication import read_publication_id
from warehouse.published import list_loaded

if TYPE_CHECKING:
    from warehouse.report.facts import Facts, Row
    from warehouse.report.findings import Finding
    from warehouse.report.page import DataDocs


@dataclass(frozen=True)
class Checked:
    """The results of all checks of one run, and where its reports are."""

    run_id: str
    results: list[CheckResult]
    page: Path
    data_docs: Path

    @property
    def is_ok(self) -> bool:
        """Whether no critical check failed or broke."""
        return not blocking(self.results)

    @property
    def findings(self) -> list[CheckResult]:
        """The checks that did not pass."""
        return [result for result in self.results if result.state != "passed"]


def check_run(
    run: Run, work: duckdb.DuckDBPyConnection, quality_checks: QualityChecks | None
) -> Outcome:
    """Check the candidate of a run, put the results on record, and return the bad ones."""
    landed = run.workspace.landing.captures()["capture_id"]
    if run.damage.has_lost_captures:
        # those that are loaded stay, though their packs cannot be read any more
        landed = landed.append(pl.Series(list(run.publication.loaded), dtype=pl.String)).unique()
    results = check_integrity(work, landed.to_frame("capture_id"), by_hash=True)
    if quality_checks:
        results += quality_checks(work, run)
    _record_results(run.workspace, run.run_id, results)
    return Outcome(
        failed_checks=[row for row in results if row.state != "passed"],
        warnings=say_unwritten(results),
    )


def check_candidate(work: duckdb.DuckDBPyConnection, run: Run) -> list[CheckResult]:
    """Run the quality checks on the candidate of a run; to be given to ``ingest``."""
    return _check_quality(work, run.workspace, run.run_id)


def check_published(
    workspace: Workspace, verb: str = "quality", *, is_again: bool = False
) -> Checked:
    """Run all checks on the published warehouse, record them, write the reports.

    With ``is_again`` Great Expectations need not judge once more what it judged: see
    ``warehouse.checks.quality.run.check_again``.

    Raises:
        NotPublishedError: there is none.
    """
    run_id, started_at, watch = new_run_id(), workspace.now(), Stopwatch()
    with open_published(workspace.settings.home.published, is_current=True) as connection:
        with watch.measure("integrity"):
            results = check_integrity(connection, _list_landed(connection, workspace))
        with watch.measure("quality"):
            publication_id = read_publication_id(connection)
            results += _check_quality(connection, workspace, publication_id, is_again=is_again)
    _record_results(workspace, run_id, results)
    with watch.measure("report"):
        page = write_reports(workspace, run_id)
    _record(workspace, verb, run_id, started_at, results, watch)
    return Checked(run_id, results, page, data_docs(workspace))


def write_reports(workspace: Workspace, run_id: str | None = None) -> Path:
    """Write the page about the checks of a run as the journal has them, and return its path.

    Without a run it is the last one that ran checks. The checks themselves write the Data Docs.
    What the page says of feeds and holdings is of the published warehouse: after a run, this is
    called when it has published or given up.
    """
    from warehouse.report.facts import Facts, read_facts
    from warehouse.report.page import DataDocs, write_page

    home = workspace.settings.home
    facts = Facts()
    if home.published.exists():
        with open_published(home.published) as connection:
            facts = read_facts(connection)
    docs = data_docs(workspace)
    link = None
    if docs.exists():
        made_at = datetime.fromtimestamp(docs.stat().st_mtime, UTC).replace(tzinfo=None)
        link = DataDocs(docs.relative_to(home.reports).as_posix(), made_at)
    page = quality_page(workspace)
    write_page(page, _render(workspace, facts, run_id, link, command_of(workspace)))
    return page


def render_quality_page(workspace: Workspace, connection: duckdb.DuckDBPyConnection) -> str:
    """Return the page about the last run that ran checks, as a part of the site: without links to
    files of the home, or its path.
    """
    from warehouse.report.facts import read_facts

    return _render(workspace, read_facts(connection), None, None, NAME, is_of_site=True)


def refused_files(workspace: Workspace) -> "list[Row]":
    """Return the refused files of the landing by reason, with the name of the last as example."""
    from warehouse.report.facts import count_refused

    refused = workspace.landing.refused()
    return count_refused(refused.with_columns(pl.col("path").str.split("/").list.last()))


def _render(
    workspace: Workspace,
    facts: "Facts",
    run_id: str | None,
    link: "DataDocs | None",
    command: str,
    *,
    is_of_site: bool = False,
) -> str:
    from warehouse.report.facts import count_refused
    from warehouse.report.history import last_checked, read_series
    from warehouse.report.page import render_page

    records = workspace.journal.read("check_result")
    series = read_series(records, run_id or last_checked(records))
    refused = refused_files(workspace) if is_of_site else count_refused(workspace.landing.refused())
    return render_page(
        series,
        facts,
        refused,
        workspace.now(),
        link,
        command,
        fetchable(workspace),
        site="index.html" if is_of_site else None,
    )


def command_of(workspace: Workspace) -> str:
    """Return how a command for this home begins, as it runs in a shell."""
    return f"{program()} --home {shlex.quote(str(workspace.settings.home.folder))}"


def describe_findings(workspace: Workspace, run_id: str) -> "list[Finding]":
    """Return what is wrong by the checks of a run, as the page says it."""
    from warehouse.report.findings import find_wrong
    from warehouse.report.history import read_series

    series = read_series(workspace.journal.read("check_result"), run_id)
    return find_wrong(series, command_of(workspace), fetchable(workspace))


def fetchable(workspace: Workspace) -> frozenset[str]:
    """Return the feeds whose past can be looked at; none in the home of the demonstration, whose
    papers do not exist.
    """
    if (workspace.settings.home.folder / "captures" / "synthetic").is_dir():
        return frozenset()
    from flows.sources.registry import answers_for_past_days

    return frozenset(
        feed.feed_id
        for feed in workspace.feeds.values()
        if feed.calendar and feed.source and answers_for_past_days(feed.source)
    )


def report_on(workspace: Workspace, report: Report) -> Report:
    """Write the page about a run that has ended; return its report.

    What has been published stays so: a page that cannot be written is a warning.
    """
    try:
        write_reports(workspace, report.run_id)
    except Exception as error:
        raise_if_stopped()
        # whatever it is, the run has published, and its exit code must say so
        said = f"the quality report could not be written: {describe(error)}"
        return report + Outcome(warnings=[said])
    return report


def say_unwritten(results: list[CheckResult]) -> list[str]:
    """Say what of the reports the checks could not write, as on a full disk: it is left undone."""
    return [
        f"the Data Docs could not be written: {result.observed}"
        for result in results
        if result.check_id == DATA_DOCS and result.state != "passed"
    ]


def quality_page(workspace: Workspace) -> Path:
    """Return where the page about the checks lies."""
    return workspace.settings.home.reports / "quality.html"


def data_docs(workspace: Workspace) -> Path:
    """Return the first page of the Data Docs."""
    return workspace.settings.home.reports / "data_docs" / "index.html"


def blocking(results: list[CheckResult]) -> list[str]:
    """Return the critical checks that failed or broke."""
    return [result.check_id for result in results if result.is_blocking]


def _list_landed(connection: duckdb.DuckDBPyConnection, workspace: Workspace) -> pl.DataFrame:
    """Return the capture_id of all that landed, those included whose packs are damaged or gone."""
    landed = workspace.landing.captures().select("capture_id")
    if is_held(workspace.settings.home.lock):
        # a run is landing captures that it has not published yet
        landed = landed.join(list_loaded(connection), on="capture_id", how="semi")
    if any(problem.kind == "looks" for problem in workspace.landing.find_problems()):
        landed = pl.concat([landed, list_loaded(connection)]).unique()
    return landed


def _check_quality(
    connection: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    publication_id: str,
    *,
    is_again: bool = False,
) -> list[CheckResult]:
    from warehouse.checks.quality.run import check_again, check_and_document

    settings = workspace.settings
    limits = settings.quality.model_dump()
    check = check_again if is_again else check_and_document
    return check(connection, workspace.now(), limits, settings.home.reports, publication_id)


def _record_results(workspace: Workspace, run_id: str, results: list[CheckResult]) -> None:
    checked_at = workspace.now()
    stamped = [
        {"run_id": run_id, "checked_at": checked_at, **result.as_record()} for result in results
    ]
    workspace.journal.append("check_result", stamped)


def _record(
    workspace: Workspace,
    verb: str,
    run_id: str,
    started_at: datetime,
    results: list[CheckResult],
    watch: Stopwatch,
) -> None:
    states = Counter(result.state for result in results)
    record = {
        "run_id": run_id,
        "verb": verb,
        "orchestrated": False,
        "started_at": started_at,
        "finished_at": workspace.now(),
        "state": "unchanged",
        "reason": ", ".join(blocking(results)) or None,
        "parameters": json.dumps({}),
        "counts": json.dumps({"checks": dict(sorted(states.items()))}),
        "seconds": json.dumps(watch.total()),
    }
    workspace.journal.append("run", [record])
