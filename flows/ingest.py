"""The whole way on one screen: from captures to a published warehouse."""

import gc
import json
import os
from collections.abc import Callable, Collection, Sequence
from contextlib import ExitStack
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeVar

import duckdb
import polars as pl

from flows.clock import Stopwatch, new_run_id, now
from flows.derive import derive
from flows.house import House
from flows.land import Delivery, LandingState, Look, land, read_batches, reread
from flows.refine import refine, rules_digest
from flows.report import Report
from transforms.recognise import FORMATS
from warehouse import checks, landing, load, publish
from warehouse.connection import open_published, open_work
from warehouse.lock import writer_lock
from warehouse.migrate import migrate

T = TypeVar("T")


class Step(Protocol):
    """Runs a named stage: at once, or as a task of an orchestrator."""

    def __call__(self, name: str, work: Callable[[], T]) -> T:
        """Run ``work`` and return its result."""
        ...


def direct(name: str, work: Callable[[], T]) -> T:  # noqa: ARG001 - the signature of a step
    """Run a stage at once."""
    return work()


Progress = Callable[[int, int], None]
"""Is told how many more files and bytes were read."""


def quiet(files: int, size: int) -> None:
    """Show no progress."""


Judge = Callable[[duckdb.DuckDBPyConnection, "Run"], list[dict[str, Any]]]
"""Checks beyond the identities: they return their results, the critical failures among them."""


class Run:
    """One run of the writer: what it was asked, what it has done so far, the file it works on."""

    def __init__(
        self,
        house: House,
        verb: str,
        step: Step,
        parameters: dict[str, Any],
        base: Path | None = None,
        work_file: Path | None = None,
    ) -> None:
        """Begin a run on a copy of ``base``, or on an empty file; nothing is opened before it is
        needed.
        """
        self.house = house
        self.base = base
        self.work_file = work_file or house.settings.home.work
        self.verb = verb
        self.parameters = parameters
        self.run_id = new_run_id()
        self.started_at: datetime = now()
        self.watch = Stopwatch()
        self.report = Report(self.run_id)
        self._step = step
        self._open = ExitStack()
        self._work: duckdb.DuckDBPyConnection | None = None
        self.is_orchestrated = step is not direct
        self.as_of: datetime | None = None
        self.read_decisions()
        self.loaded = _read_loaded(base)

    def read_decisions(self) -> None:
        """Read the decision in force for each capture."""
        decisions = self.house.landing.decisions()
        self.decisions = {row["capture_id"]: row for row in decisions.iter_rows(named=True)}

    def step(self, name: str, work: Callable[[], T]) -> T:
        """Run a stage and add up its time."""
        with self.watch.measure(name):
            return self._step(name, work)

    @property
    def work(self) -> duckdb.DuckDBPyConnection:
        """The work file, copied and opened at the first need."""
        if self._work is None:
            with self.watch.measure("copy"):
                publish.prepare_work(self.base, self.work_file)
            self._work = self._open.enter_context(open_work(self.work_file, self.house.limits))
            migrate(self._work)
            load.begin_load(self._work, self.run_id, self.started_at)
        return self._work

    def at_end(self, clean_up: Callable[[], None]) -> None:
        """Call something when the run closes, however it ends."""
        self._open.callback(clean_up)

    @property
    def has_work(self) -> bool:
        """Whether anything was written."""
        return self._work is not None

    def close(self) -> None:
        """Close the work file; what is not published is lost with it, as it should be."""
        self._open.close()
        self._work = None

    def is_current(self, capture_id: str, parser_version: str, feed_id: str) -> bool:
        """Whether the published warehouse holds a look as today's parser and rules read it."""
        digest = rules_digest(self.house, feed_id, self.decisions.get(capture_id))
        return self.loaded.get(capture_id) == (parser_version, digest)


def ingest(
    house: House,
    deliveries: Sequence[Delivery],
    step: Step = direct,
    verb: str = "ingest",
    judge: Judge | None = None,
    progress: Progress = quiet,
) -> Report:
    """Land the captures of the deliveries, load what the warehouse does not hold, publish.

    Raises:
        LockedError: another writer is at work.
    """
    parameters = {"paths": [str(path) for delivery in deliveries for path in delivery.paths]}
    with start_run(house, verb, step, parameters) as run:
        state = run.step("land", partial(LandingState.read, house))
        run.at_end(state.close)
        for delivery in deliveries:
            for files in read_batches(delivery.paths, house):
                landing_step = partial(land, files, delivery.stated, house, state, run.report)
                looks = run.step("land", landing_step)
                load_looks(run, looks, count_unchanged=True)
                progress(len(files), sum(file.size or 0 for file in files))
        run.step("land", state.settle)
        load_pending(run, state.seen_in_run)
        finish(run, judge)
        return run.report


class start_run:  # noqa: N801 - used as a function
    """Hold the writer's lock for the length of a run, and record how the run ended."""

    def __init__(
        self,
        house: House,
        verb: str,
        step: Step,
        parameters: dict[str, Any],
        *,
        is_anew: bool = False,
    ) -> None:
        """Remember what to run: on the published warehouse, or anew from an empty one."""
        base = None if is_anew else house.settings.home.published
        self._arguments = (house, verb, step, parameters, base)
        self._stack = ExitStack()

    def __enter__(self) -> Run:
        """Take the lock, sweep up what a killed run left, begin."""
        # parsed documents are trees; walking them for cycles costs a third of the parsing
        gc.disable()
        house, verb, *_ = self._arguments
        home = house.settings.home
        holder = {
            "verb": verb,
            "since": f"{now():%Y-%m-%d %H:%M:%S} UTC",
            "process": str(os.getpid()),
        }
        self._stack.enter_context(writer_lock(home.lock, holder))
        publish.remove_work(home.work)
        landing.remove_leftovers(home.landing)
        self.run = Run(*self._arguments)
        return self.run

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        """Close, record, let the next writer in."""
        run = self.run
        run.close()
        publish.remove_work(run.house.settings.home.work)
        run.report.seconds = run.watch.total()
        if error is not None:
            _record(run, "failed", f"{type(error).__name__}: {error}")
        elif not run.report.is_published:
            blocked = [
                c["check_id"] for c in run.report.failed_checks if c["severity"] == "critical"
            ]
            state = "blocked" if blocked else "unchanged"
            _record(run, state, ", ".join(blocked) or None)
        self._stack.close()
        gc.enable()


def load_looks(run: Run, looks: list[Look], *, count_unchanged: bool = False) -> None:
    """Load those looks of a batch that the warehouse does not hold as they would be read today."""
    fresh = [
        look
        for look in looks
        if not run.is_current(look.capture_id, look.format.parser_version, look.facts["feed_id"])
    ]
    if count_unchanged:
        run.report.captures["unchanged"] += len(looks) - len(fresh)
    if not fresh:
        return
    facts = run.step("refine", partial(refine, fresh, run.house, run.decisions, run.report))
    run.step("load", partial(_load, run, facts))


def load_pending(run: Run, seen_in_run: Collection[str] = ()) -> None:
    """Load landed looks that this run was not given and the warehouse does not hold: what a
    crash left behind, and what another parser, rule or decision reads differently.
    """
    waiting = find_pending(run, run.house.landing.looks())
    load_landed(run, waiting.filter(~pl.col("capture_id").is_in(list(seen_in_run))))


def find_pending(run: Run, looks: pl.DataFrame) -> pl.DataFrame:
    """Return the looks that the warehouse does not hold as they would be read today."""
    is_pending = [
        not run.is_current(capture_id, FORMATS[format_].parser_version, feed_id)
        for capture_id, format_, feed_id in looks.select(
            "capture_id", "format", "feed_id"
        ).iter_rows()
    ]
    return looks.filter(pl.Series(is_pending, dtype=pl.Boolean))


def load_landed(run: Run, looks: pl.DataFrame) -> None:
    """Load looks out of the landing, in batches bounded by their bytes."""
    for batch in _by_bytes(looks, run.house.settings.batch_bytes):
        run.report.captures["seen"] += batch.height
        load_looks(run, run.step("land", partial(reread, batch, run.house)))


def finish(run: Run, judge: Judge | None = None) -> None:
    """Derive, check and publish what was loaded; where nothing was, leave all as it is."""
    if not run.has_work and not _is_configuration_new(run):
        run.report.papers["total"] = _count_papers(run.house)
        return
    derive(run, run.step)
    run.step("check", partial(_check, run, judge))
    if not run.report.is_blocked:
        run.step("publish", partial(_publish, run))


def _load(run: Run, facts: load.Facts) -> None:
    load.load_facts(run.work, facts)


def _check(run: Run, judge: Judge | None) -> None:
    looks = run.house.landing.looks().select("capture_id")
    results = checks.check_identities(run.work, looks)
    if judge:
        results += judge(run.work, run)
    record_checks(run, results)


def record_checks(run: Run, results: list[dict[str, Any]]) -> None:
    """Write the results of checks to the journal, and the bad ones to the report."""
    stamped = [{"run_id": run.run_id, "checked_at": now(), **result} for result in results]
    run.house.journal.append("check_result", stamped)
    run.report.failed_checks += [row for row in results if row["state"] != "passed"]


def _publish(run: Run) -> None:
    house, work = run.house, run.work
    home = house.settings.home
    run.report.papers = {
        "total": _one(work, "select count(*) from core.paper"),
        "new": _one(work, "select count(*) from core.paper") - _count_papers(house),
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
    house.journal.append("trend_said", _trends_said(work, run.run_id))
    house.journal.append("publication", [publication])
    run.report.seconds = run.watch.total()
    _record(run, "published", None)
    house.journal.copy_into(work)
    with load.registered(work, origins=house.landing.origins()):
        work.execute("delete from ops.capture_origin")
        work.execute("insert into ops.capture_origin by name select * from origins")
    work.execute("commit")
    publish.finish_work(work)
    run.close()
    publish.compact(home.work)
    publish.publish(home.work, home.published)
    run.report.is_published = True


def _trends_said(work: duckdb.DuckDBPyConnection, run_id: str) -> list[dict[str, Any]]:
    from warehouse.migrate import read_query

    rising = work.sql(read_query("rising"), params={"grain": "week", "feed": None}).pl()
    said = rising.filter(pl.col("is_rising")).select(
        "feed_id", "topic_id", "grain", "period_start", "papers", "observed", "growth", "growth_low"
    )
    return [{"run_id": run_id, **row} for row in said.iter_rows(named=True)]


def _record(run: Run, state: str, reason: str | None) -> None:
    run.house.journal.append(
        "run",
        [
            {
                "run_id": run.run_id,
                "verb": run.verb,
                "orchestrated": run.is_orchestrated,
                "started_at": run.started_at,
                "finished_at": now(),
                "state": state,
                "reason": reason,
                "parameters": json.dumps(run.parameters),
                "counts": json.dumps(run.report.counts()),
                "seconds": json.dumps(run.report.seconds),
            }
        ],
    )


def _read_loaded(base: Path | None) -> dict[str, tuple[str, str]]:
    if base is None or not base.exists():
        return {}
    with open_published(base) as connection:
        rows = connection.execute(
            "select capture_id, parser_version, rules_digest from raw.capture"
        ).fetchall()
    return {capture_id: (parser, rules) for capture_id, parser, rules in rows}


def _is_configuration_new(run: Run) -> bool:
    if not run.house.settings.home.published.exists():
        return False
    with open_published(run.house.settings.home.published) as connection:
        digests = connection.execute(
            "select config_digest, taxonomy_digest from mart.about"
        ).fetchall()
    return digests != [(run.house.config_digest, run.house.taxonomy.digest)]


def _count_papers(house: House) -> int:
    if not house.settings.home.published.exists():
        return 0
    with open_published(house.settings.home.published) as connection:
        return int(_one(connection, "select count(*) from core.paper"))


def _by_bytes(looks: pl.DataFrame, limit: int) -> list[pl.DataFrame]:
    if looks.is_empty():
        return []
    batch = looks.select((pl.col("bytes").cum_sum() - pl.col("bytes")) // limit).to_series()
    return looks.with_columns(batch=batch).partition_by(
        "batch", maintain_order=True, include_key=False
    )


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> Any:
    rows = connection.execute(query).fetchall()
    return rows[0][0] if rows else None
