"""Publishing a checked work file: its records, then one rename that everybody sees."""

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb

from flows.report import Outcome, Papers
from flows.run import Run
from flows.stopped import undisturbed
from warehouse import publish as files
from warehouse.damage import refuse_fewer_captures
from warehouse.journal import pack_ids
from warehouse.kept import keep
from warehouse.load import replace_origins
from warehouse.publication import note_new_ids, read_holdings, read_rising

Records = Mapping[str, Sequence[Mapping[str, Any]]]
"""Records for the journal, by kind."""


def publish(run: Run, work: duckdb.DuckDBPyConnection) -> Outcome:
    """Publish the work file of a run, and put the publication on record.

    Any error up to the rename leaves the file published before. After it the run has published: a
    record that cannot be written is a warning, and the next run writes it.

    Raises:
        LossError: it would hold fewer captures than the last publication.
        UnprovenError: the work file does not hold what was checked.
    """
    workspace, home = run.workspace, run.workspace.settings.home
    held = read_holdings(work)
    if not run.damage.is_accepted:
        refuse_fewer_captures(workspace.journal, held.captures)
    run.papers = Papers(held.papers, max(0, held.papers - run.publication.papers))
    records = _collect_records(run, work)
    workspace.journal.copy_into(work, records)
    is_whole = workspace.journal.copy_first_publications(work)
    new_ids = note_new_ids(work, run.run_id, is_whole=is_whole)
    replace_origins(work, workspace.landing.origins())
    content = files.finish_work(work)
    is_sparse = files.is_sparse(work)
    run.close()
    if is_sparse:
        files.compact(home.work, content)
    if run.has_base and run.engine:
        keep(home.published, home.kept)
    # a signal between the rename and the records would leave a publication of which no line is
    with undisturbed():
        files.publish(home.work, home.published, content, run.engine)
        run.is_published = True
        try:
            files.make_durable(home.published)
            # only now is it true; a run killed before this line is put on record by the next one
            workspace.journal.append("first_publication", pack_ids(new_ids))
            for kind, rows in records.items():
                workspace.journal.append(kind, rows)
        except OSError as error:
            return Outcome(warnings=[f"published, but not yet on record: {error}"])
    return Outcome()


def _collect_records(run: Run, work: duckdb.DuckDBPyConnection) -> Records:
    held = read_holdings(work)
    publication = {
        "publication_id": run.run_id,
        "run_id": run.run_id,
        "published_at": run.workspace.now(),
        "newest_captured_at": held.newest_captured_at,
        "papers": held.papers,
        "captures": held.captures,
    }
    return {
        "trend_said": [{"run_id": run.run_id, **row} for row in read_rising(work)],
        "run": [run.describe("published", None)],
        "publication": [publication],
    }
