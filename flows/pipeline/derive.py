"""The second half of the way: identities, papers, ledger, topics and marts of what was touched."""

from functools import partial
from typing import TYPE_CHECKING

import polars as pl

from flows.pipeline.corrections import InForce, bring_in_force, list_corrections
from transforms.calendar import DAY, list_days
from transforms.resolve import resolve
from warehouse import derive as tables
from warehouse import load
from warehouse.corrections import replace_corrections

if TYPE_CHECKING:
    from flows.run import Run, Step


_TEXTS_AT_ONCE = 20_000
"""Papers matched at once: the bound on memory."""


def derive(run: "Run", step: "Step") -> None:
    """Derive everything for the touched keys; all keys, where the configuration changed."""
    in_force = step("resolve", partial(_resolve, run))
    step("derive", partial(_derive, run, in_force))
    step("topics", partial(_assign_topics, run))
    step("marts", partial(tables.rebuild_marts, run.work))


def _resolve(run: "Run") -> InForce:
    load.finish_load(run.work)
    feeds_changed = load.replace_feeds(run.work, run.workspace.feed_rows())
    taxonomy_changed = _replace_taxonomy(run)
    corrected = replace_corrections(run.work, list_corrections(run.workspace.corrections))
    if feeds_changed or taxonomy_changed or corrected:
        tables.touch_everything(run.work)
    in_force = bring_in_force(run)
    resolved = resolve(tables.read_neighbourhood(run.work), in_force.same, in_force.apart)
    tables.replace_neighbourhood(run.work, resolved.aliases, resolved.identifiers, resolved.edges)
    return in_force


def _derive(run: "Run", in_force: InForce) -> None:
    tables.derive_papers(run.work, in_force.expired)
    days = [
        list_days(calendar, clock["first_date"], clock["last_date"], clock["clock_at"])
        for clock in tables.read_feed_clocks(run.work).iter_rows(named=True)
        if (calendar := run.workspace.calendar(clock["feed_id"]))
    ]
    load.replace_failed_fetches(run.work, read_failed_fetches(run))
    tables.derive_ledger(run.work, pl.concat(days) if days else pl.DataFrame(schema=DAY))


def read_failed_fetches(run: "Run") -> pl.DataFrame:
    """Return the distinct looks that failed, as far as the run's warehouse knows them."""
    failed = run.workspace.landing.failed().unique()
    if run.as_of is not None:
        failed = failed.filter(pl.col("failed_at") <= run.as_of)
    return failed


def _assign_topics(run: "Run") -> None:
    from transforms.topics import assign_topics

    taxonomy = run.workspace.taxonomy
    version = pl.lit(taxonomy.version).alias("taxonomy_version")
    tables.clear_topics(run.work)
    for texts in tables.read_touched_texts(run.work, _TEXTS_AT_ONCE):
        assigned = assign_topics(texts, taxonomy)
        tables.append_topics(
            run.work, assigned.topics.with_columns(version), assigned.evidence.with_columns(version)
        )
    tables.mark_primary_topics(run.work)


def _replace_taxonomy(run: "Run") -> bool:
    """Bring the taxonomy in use into the warehouse; tell whether it is another one than before."""
    taxonomy = run.workspace.taxonomy
    version = pl.lit(taxonomy.version).alias("taxonomy_version")
    before = run.work.execute("select taxonomy_digest from mart.about").fetchall()
    run.work.execute(
        "update mart.about set taxonomy_version = ?, taxonomy_digest = ?, config_digest = ?",
        [taxonomy.version, run.workspace.topics_digest, run.workspace.config_digest],
    )
    if before == [(run.workspace.topics_digest,)]:
        return False
    tables.replace_taxonomy(
        run.work,
        taxonomy.topics.with_columns(version),
        taxonomy.aliases.with_columns(version),
    )
    return True
