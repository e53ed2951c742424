"""Checking a candidate and publishing it: what fails a critical check is seen by nobody."""

from functools import partial
from typing import Any

import duckdb
import polars as pl

from flows.clock import now
from flows.pipeline.derive import derive, read_failed_fetches
from flows.run import QualityChecks, Run, describe_run
from flows.workspace import Workspace
from warehouse import load, publish
from warehouse.checks.integrity import check_identities
from warehouse.connection import open_published
from warehouse.journal import pack_ids
from warehouse.migrate import read_query


def finish(run: Run, judge: QualityChecks | None = None) -> None:
    """Derive, check and publish what was loaded; where nothing was, leave all as it is."""
    if not run.has_work and not is_configuration_new(run) and not _has_failed_since(run):
        run.report.papers["total"] = _count_papers(run.workspace)
        return
    derive(run, run.step)
    # the work file is still private; outside a transaction, a check that fails to run harms nothing
    run.work.execute("commit")
    run.step("check", partial(_check, run, judge))
    if not run.report.is_blocked:
        run.step("publish", partial(_publish, run))


def _check(run: Run, judge: QualityChecks | None) -> None:
    captures = run.workspace.landing.captures().select("capture_id")
    results = check_identities(run.work, captures)
    if judge:
        results += judge(run.work, run)
    record_checks(run, results)


def record_checks(run: Run, results: list[dict[str, Any]]) -> None:
    """Write the results of checks to the journal, and the bad ones to the report."""
    stamped = [{"run_id": run.run_id, "checked_at": now(), **result} for result in results]
    run.workspace.journal.append("check_result", stamped)
    run.report.failed_checks += [row for row in results if row["state"] != "passed"]


def _publish(run: Run) -> None:
    workspace, work = run.workspace, run.work
    home = workspace.settings.home
    run.report.papers = {
        "total": _one(work, "select count(*) from core.paper"),
        "new": max(0, _one(work, "select count(*) from core.paper") - _count_papers(workspace)),
    }
    newest = _one(work, "select max(captured_at) from raw.capture")
    publication = {
        "publication_id": run.run_id,
        "run_id": run.run_id,
        "published_at": now(),
        "newest_captured_at": newest,
        "papers": run.report.papers["total"],
        "captures": _one(work, "select count(*) from raw.capture"),
    }
    run.report.seconds = run.watch.total()
    said = {
        "trend_said": _trends_said(work, run.run_id),
        "run": [describe_run(run, "published", None)],
        "publication": [publication],
    }
    workspace.journal.copy_into(work, said)
    new_ids = _note_new_ids(run)
    with load.registered(work, origins=workspace.landing.origins()):
        work.execute("delete from ops.capture_origin")
        work.execute("insert into ops.capture_origin by name select * from origins")
    publish.finish_work(work)
    run.close()
    publish.compact(home.work)
    publish.publish(home.work, home.published)
    run.report.is_published = True
    # only now is it true; a run killed before this line is put on record by the next one
    workspace.journal.append("first_publication", pack_ids(new_ids))
    for kind, records in said.items():
        workspace.journal.append(kind, records)


def _note_new_ids(run: Run) -> list[dict[str, str]]:
    """Put on record the ids that no publication before this one held; return them."""
    run.workspace.journal.copy_first_publications(run.work)
    new = run.work.execute(
        "insert into ops.first_publication"
        " select alias_id, ? from core.paper_alias anti join ops.first_publication using (alias_id)"
        " order by alias_id returning alias_id",
        [run.run_id],
    ).fetchall()
    return [{"alias_id": alias_id, "run_id": run.run_id} for (alias_id,) in new]


def _trends_said(work: duckdb.DuckDBPyConnection, run_id: str) -> list[dict[str, Any]]:
    rising = work.sql(read_query("rising"), params={"grain": "week", "feed": None}).pl()
    said = rising.filter(pl.col("is_rising")).select(
        "feed_id", "topic_id", "grain", "period_start", "papers", "observed", "growth", "growth_low"
    )
    return [{"run_id": run_id, **row} for row in said.iter_rows(named=True)]


def is_configuration_new(run: Run) -> bool:
    """Tell whether feeds, topics or corrections are others than those of what is published."""
    if not run.workspace.settings.home.published.exists():
        return False
    with open_published(run.workspace.settings.home.published) as connection:
        digests = connection.execute(
            "select config_digest, taxonomy_digest from mart.about"
        ).fetchall()
    return digests != [(run.workspace.config_digest, run.workspace.topics_digest)]


def _has_failed_since(run: Run) -> bool:
    """Tell whether looks failed that the ledger does not know; a killed run may have left them."""
    published = run.workspace.settings.home.published
    if not run.loaded or not published.exists():
        return False
    with open_published(published) as connection:
        return load.count_failed_fetches(connection) != read_failed_fetches(run).height


def _count_papers(workspace: Workspace) -> int:
    if not workspace.settings.home.published.exists():
        return 0
    with open_published(workspace.settings.home.published) as connection:
        return int(_one(connection, "select count(*) from core.paper"))


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> Any:
    rows = connection.execute(query).fetchall()
    return rows[0][0] if rows else None
