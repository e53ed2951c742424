"""The whole way of the data, by name and in order: from captures to a published warehouse.

land       files and answers are stored, byte for byte          batches, land, fetch
parse      bytes to entries, by a format known by content       capture
validate   every entry is accepted or rejected                  transform
quarantine captures that cannot be trusted are held             transform
conform    texts, ids, dates and keys                           transforms.conform
correct    entries that a person dropped are left out           transform
load       facts into the raw layer                             warehouse.load
resolve    which entries are one paper                          derive
derive     papers, versions and the day ledger                  derive
topics     what each paper is about                             derive
marts      what people query                                    derive
index      the words of each paper                              derive
marts      what rises                                           derive, trends
check      integrity and quality                                checks
publish    one rename that everybody sees                       publish
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from functools import partial

import polars as pl

from flows.pipeline.ahead import work_ahead
from flows.pipeline.batches import fetch_batches, land_batches, read_landed
from flows.pipeline.capture import FULL, Capture
from flows.pipeline.checks import check_run
from flows.pipeline.derive import (
    assign_topics,
    derive_tables,
    index_papers,
    read_failed_fetches,
    rebuild_marts,
    rebuild_trends,
    resolve_papers,
)
from flows.pipeline.describe_ahead import describe_ahead, take_described
from flows.pipeline.inbox_memory import InboxMemory
from flows.pipeline.inputs import DueFetch, Inputs
from flows.pipeline.kept_out import count_newly, kept_out_before
from flows.pipeline.land import LandingState
from flows.pipeline.pending import (
    ReadingRules,
    count_read_anew,
    find_pending,
    is_loaded_as_read_today,
)
from flows.pipeline.publish import publish
from flows.pipeline.transform import (
    collect_facts,
    correct_entries,
    hold_what_fails,
    quarantine_captures,
    validate_entries,
)
from flows.pipeline.trends import search_all
from flows.report import Outcome, Papers, Report
from flows.run import Progress, QualityChecks, Run, Step, direct, quiet, start_run
from flows.workspace import Workspace
from transforms.conform import conform
from warehouse.counted import say_count
from warehouse.errors import DamagedError
from warehouse.home_marker import say_gone
from warehouse.load import Facts, checkpoint_long_load, commit_batch, load_facts


def ingest(
    workspace: Workspace,
    inputs: Sequence[Inputs],
    due: Sequence[DueFetch] = (),
    step: Step = direct,
    verb: str = "ingest",
    quality_checks: QualityChecks | None = None,
    progress: Progress = quiet,
) -> Report:
    """Land the captures of the inputs and the fetches that are due, load what the warehouse does
    not hold, publish.

    Files of inboxes that have landed are not read again while they are as they were.

    Raises:
        LockedError: another writer is at work.
    """
    parameters = {
        "paths": [str(path) for given in inputs for path in given.paths],
        "due": [f"{fetch.feed_id} {fetch.feed_date or ''}".strip() for fetch in due],
    }
    with start_run(workspace, verb, step, parameters) as run:
        rules = ReadingRules.of(workspace)
        state = run.step("land", partial(LandingState.read, workspace))
        run.at_end(state.close)
        anew = say_read_anew(run, rules)
        run.note(anew)
        before = kept_out_before(workspace) if anew.notes else None
        memory = read_inbox_memory(run, rules, state)
        landed = land_batches(run, inputs, state, memory, progress)
        load_batches(run, rules, landed, count_unchanged=True)
        load_batches(run, rules, fetch_batches(run, due, state, progress))
        run.step("land", state.flush)
        memory.keep()
        run.note(count_unread(memory))
        load_pending(run, rules, state.seen_in_run)
        newly = None if before is None else count_newly(run, before)
        finish(run, quality_checks)
    report = run.report()
    if newly is None:
        return report
    # what is read anew and kept out as before is nothing new
    return replace(report, newly=newly + Counter(refused=report.newly["refused"]))


def say_read_anew(run: Run, rules: ReadingRules) -> Outcome:
    """Say how many captures this run reads anew, because the rules changed and no byte did."""
    count = count_read_anew(run.workspace.landing.captures(), run.publication, rules)
    if not count:
        return Outcome()
    waiting = say_count(count, "capture")
    return Outcome(notes=[f"read anew, by today's parser and rules: {waiting}"])


def read_inbox_memory(run: Run, rules: ReadingRules, state: LandingState) -> InboxMemory:
    """Return which files of the inboxes need not be read: their captures landed, and are published
    as today's rules read them, or their refusal is on record.
    """
    landed = run.workspace.landing.captures()
    pending = find_pending(landed, run.publication, rules)["capture_id"]
    settled = set(landed["capture_id"]) - set(pending)
    return InboxMemory.read(run.workspace, settled, state.refused)


def count_unread(memory: InboxMemory) -> Outcome:
    """Return what the files of the inboxes count that were not read again."""
    landed, refused = memory.skipped, len(memory.refused)
    counts = Outcome.of_captures(seen=landed + refused, unchanged=landed, refused=refused)
    return replace(counts, refused=memory.refused)


def load_batches(
    run: Run,
    rules: ReadingRules,
    batches: Iterable[Sequence[Capture]],
    *,
    count_unchanged: bool = False,
) -> None:
    """Transform and load those captures of each batch that are not published as read today.

    While one batch is transformed the next is read, and the one before is loaded.
    """
    transforming = partial(transform, workspace=run.workspace, rules=rules)
    holding = partial(hold_what_fails, transform=transforming)
    is_large = partial(_is_large, limit=FULL * run.workspace.settings.batch_bytes)
    chosen = (choose_fresh(run, rules, batch, count_unchanged) for batch in batches)
    for wait in work_ahead(filter(None, chosen), holding, is_large):
        work = run.open_work()
        for facts, outcome in run.step("transform", wait):
            run.note(outcome)
            new_texts = run.step("load", partial(load_facts, work, facts))
            describe_ahead(run, new_texts)
            run.step("load", partial(commit_batch, work))


def choose_fresh(
    run: Run, rules: ReadingRules, captures: Sequence[Capture], count_unchanged: bool
) -> list[Capture]:
    """Return the captures that are not published as read today; count the others, if asked to."""
    fresh = [
        one
        for one in captures
        if not is_loaded_as_read_today(
            run.publication, rules, one.capture_id, one.format.name, one.facts["feed_id"]
        )
    ]
    if count_unchanged:
        run.note(Outcome.of_captures(unchanged=len(captures) - len(fresh)))
    return fresh


def transform(
    captures: Sequence[Capture], workspace: Workspace, rules: ReadingRules
) -> tuple[Facts, Outcome]:
    """Return what a batch of parsed captures says, and what that counted."""
    validated = validate_entries(captures, workspace, rules)
    quarantined = quarantine_captures(captures, validated, workspace, rules)
    conformed = conform(quarantined.kept.accepted)
    corrected = correct_entries(captures, quarantined.states, conformed, workspace)
    return collect_facts(captures, quarantined.kept, corrected, workspace, rules)


def load_pending(run: Run, rules: ReadingRules, seen_in_run: Collection[str] = ()) -> None:
    """Load landed captures that this run was not given and that are not published as read today:
    what a crash left behind, and what another parser, rule or decision reads differently.
    """
    landed = run.workspace.landing.captures()
    load_landed(run, rules, find_pending(landed, run.publication, rules, seen_in_run))


def load_landed(run: Run, rules: ReadingRules, captures: pl.DataFrame) -> None:
    """Load captures out of the landing, in batches bounded by their bytes."""
    load_batches(run, rules, read_landed(run, captures))


def finish(run: Run, quality_checks: QualityChecks | None = None) -> None:
    """Derive, check and publish what was loaded; where nothing is new, leave all as it is."""
    if not run.has_work and not is_anything_new(run):
        run.papers = Papers(run.publication.papers)
        return
    derive(run)
    work = run.open_work()
    # the work file is still private; outside a transaction, a check that fails to run harms nothing
    work.execute("commit")
    checked = run.step("check", partial(check_run, run, work, quality_checks))
    refuse_gone_home(run)
    run.note(checked)
    if not run.outcome.is_blocked:
        run.note(run.step("publish", partial(publish, run, work)))


def refuse_gone_home(run: Run) -> None:
    """Stop where the home is gone: checks of what is not there would say anything.

    Raises:
        DamagedError: it is.
    """
    if gone := say_gone(run.workspace.settings.home.folder):
        raise DamagedError(gone)


def derive(run: Run) -> None:
    """Derive everything for the touched keys; for all keys, where the configuration changed."""
    work = run.open_work()
    checkpoint_long_load(work, run.work_file)
    in_force = run.step("resolve", partial(resolve_papers, work, run.workspace))
    failed = read_failed_fetches(run.workspace, run.as_of)
    is_whole = not run.damage.has_lost_failures
    run.step(
        "derive", partial(derive_tables, work, run.workspace, in_force, failed, is_whole=is_whole)
    )
    run.step("topics", partial(assign_topics, work, run.workspace.taxonomy, take_described(run)))
    searches = run.step("marts", partial(rebuild_marts, work))
    # the search is arithmetic with values: the database is at work meanwhile
    with ThreadPoolExecutor(1) as thread:
        found = (
            run.other.ask(search_all, searches)
            if run.other.is_begun
            else thread.submit(search_all, searches)
        )
        run.step("index", partial(index_papers, work))
        run.step("marts", partial(rebuild_trends, work, searches, found.result))


def is_anything_new(run: Run) -> bool:
    """Tell whether something but captures is new: this version, its configuration, failed looks."""
    publication = run.publication
    if not publication.is_there:
        return False
    if not publication.is_up_to_date or publication.configuration != run.workspace.configuration:
        return True
    if not publication.loaded:
        return False
    failed = read_failed_fetches(run.workspace, run.as_of)
    if not run.damage.has_lost_failures:
        return publication.failed_fetches != failed.height
    # those that are published stay
    newest, known = failed["failed_at"].max(), publication.newest_failure
    return isinstance(newest, datetime) and (known is None or newest > known)


def _is_large(captures: Sequence[Capture], limit: float) -> bool:
    return sum(one.weight for one in captures) > limit
