"""What is derived of touched keys: identities, papers, ledger, topics and marts."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

import duckdb
import polars as pl

from flows.pipeline.ahead import work_ahead
from flows.pipeline.corrections import InForce, bring_in_force, list_corrections
from flows.pipeline.trends import Searches, list_searches, write_stretches, write_trends
from flows.workspace import Workspace
from transforms.calendar import DAY, list_days
from transforms.postings import Tokens, count_words, split_tokens
from transforms.resolve import resolve
from transforms.taxonomy import Taxonomy
from warehouse import derive as tables
from warehouse import load
from warehouse import search as index
from warehouse.corrections import replace_corrections
from warehouse.trends import Found

if TYPE_CHECKING:
    from transforms.topics.describe import Described

_MATCHED_AT_ONCE = 10_000_000
"""Bytes of texts, the bound on memory: five thousand usual papers have so many."""
_INDEXED_AT_ONCE = 20_000_000
"""Bytes of texts, of which a token takes 40: the rows of a word lie together within so many."""


def resolve_papers(work: duckdb.DuckDBPyConnection, workspace: Workspace) -> InForce:
    """Resolve which entries are one paper; return the corrections of identities in force."""
    tables.plan_by_size(work)
    load.finish_load(work)
    feeds_changed = load.replace_feeds(work, workspace.feed_rows())
    taxonomy_changed = _replace_taxonomy(work, workspace)
    corrected = replace_corrections(work, list_corrections(workspace.corrections))
    if feeds_changed or taxonomy_changed or corrected:
        tables.touch_everything(work)
    in_force = bring_in_force(work, workspace.corrections)
    identities = tables.read_neighbourhood(work)
    abstracts = tables.read_compared_abstracts(work)
    resolved = resolve(identities, in_force.same, in_force.apart, abstracts)
    tables.replace_neighbourhood(work, resolved.aliases, resolved.identifiers, resolved.edges)
    return in_force


def derive_tables(
    work: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    in_force: InForce,
    failed: pl.DataFrame,
    *,
    is_whole: bool = True,
) -> None:
    """Derive papers, their versions and the day ledger; ``failed`` are the failed fetches.

    Unless they are all of them (``is_whole``), those that the warehouse holds stay.
    """
    tables.derive_papers(work, in_force.expired)
    days = [
        list_days(calendar, clock["first_date"], clock["last_date"], clock["clock_at"])
        for clock in tables.read_feed_clocks(work).iter_rows(named=True)
        if (calendar := workspace.calendar(clock["feed_id"]))
    ]
    load.replace_failed_fetches(work, failed, is_whole=is_whole)
    tables.derive_ledger(work, pl.concat(days) if days else pl.DataFrame(schema=DAY))


def read_failed_fetches(workspace: Workspace, as_of: datetime | None = None) -> pl.DataFrame:
    """Return the distinct fetches that failed, with ``as_of`` (naive UTC) those until then."""
    failed = workspace.landing.failed().unique()
    return failed if as_of is None else failed.filter(pl.col("failed_at") <= as_of)


def assign_topics(
    work: duckdb.DuckDBPyConnection, taxonomy: Taxonomy, described: "Iterable[Described]" = ()
) -> None:
    """Assign topics to the touched papers, and list their other terms, by their current text.

    ``described`` are texts that were described before, by their content_id.
    """
    from transforms.topics.describe import describe

    tables.clear_topics(work)
    for done in load.commit_between(work, described):
        _append(work, done, tables.match_texts(work, done.text_ids), taxonomy)
    texts = tables.read_touched_texts(work, _MATCHED_AT_ONCE)
    parts = load.commit_between(work, (part.rename({"paper_id": "text_id"}) for part in texts))
    describing = partial(describe, taxonomy)
    for wait in work_ahead(parts, describing, partial(_is_large, _MATCHED_AT_ONCE)):
        found = wait()
        papers = pl.DataFrame({"text_id": found.text_ids, "paper_id": found.text_ids})
        _append(work, found, papers, taxonomy)
    tables.mark_primary_topics(work)


def _append(
    work: duckdb.DuckDBPyConnection, found: "Described", papers: pl.DataFrame, taxonomy: Taxonomy
) -> None:
    """Add what was found in texts to the papers (text_id, paper_id) that show them."""
    version = pl.lit(taxonomy.version).alias("taxonomy_version")
    topics, evidence, terms = (
        papers.join(rows, on="text_id").drop("text_id")
        for rows in (found.topics, found.evidence, found.terms)
    )
    tables.append_topics(work, topics.with_columns(version), evidence.with_columns(version))
    tables.append_terms(work, terms)


def index_papers(work: duckdb.DuckDBPyConnection) -> None:
    """Bring the index of the search up to date for the touched papers, and for those it lacks."""
    if not index.find_unindexed(work):
        return
    parts = load.commit_between(work, index.read_unindexed(work, _INDEXED_AT_ONCE))

    def split(texts: pl.DataFrame) -> tuple[Tokens, pl.Series]:
        return split_tokens(texts), texts["paper_id"]

    for wait in work_ahead(parts, split, partial(_is_large, _INDEXED_AT_ONCE)):
        tokens, paper_ids = wait()
        words = index.read_words(work, tokens.distinct)
        postings = count_words(tokens, words, paper_ids)
        index.append_to_index(work, postings.words, postings.papers)


def rebuild_marts(work: duckdb.DuckDBPyConnection) -> Searches:
    """Rebuild what people query but for trends; return what is to be searched for these."""
    tables.rebuild_mart(work, "10_feed_coverage")
    tables.rebuild_mart(work, "15_feed_mix")
    write_stretches(work)
    tables.rebuild_mart(work, "20_topic_period")
    return list_searches(work)


def rebuild_trends(
    work: duckdb.DuckDBPyConnection, searches: Searches, get_found: Callable[[], Sequence[Found]]
) -> None:
    """Bring in what was found, and say what rises."""
    write_trends(work, searches, get_found())
    tables.rebuild_mart(work, "30_is_rising")


def _is_large(usual_bytes: int, texts: pl.DataFrame) -> bool:
    """Tell whether a part holds a text that is longer than all of a usual one."""
    return texts.estimated_size() > 2 * usual_bytes


def _replace_taxonomy(work: duckdb.DuckDBPyConnection, workspace: Workspace) -> bool:
    """Bring the taxonomy in use into the warehouse; tell whether it is another one than before."""
    taxonomy = workspace.taxonomy
    is_same = load.replace_configuration(work, taxonomy.version, *workspace.configuration)
    if is_same:
        return False
    version = pl.lit(taxonomy.version).alias("taxonomy_version")
    tables.replace_taxonomy(
        work,
        taxonomy.topics.with_columns(version),
        taxonomy.aliases.with_columns(version),
    )
    return True
