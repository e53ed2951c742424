"""Everything derived, for the touched keys: identities, papers, versions, ledger, topics, marts."""

from collections.abc import Iterator, Sequence

import duckdb
import polars as pl

from warehouse.load import append, registered
from warehouse.migrate import read_sql, read_sql_file

_FILTERS_FROM_ENTRIES = 100_000
"""From so many entries on, filters that a join hands to its scans save more than they cost."""


def plan_by_size(connection: duckdb.DuckDBPyConnection) -> None:
    """Let DuckDB plan by how much there is, for all that is derived and checked from now on.

    To build the filters of a join (Bloom filters, ranges) takes half of the time of one over a few
    thousand rows, however few these are.
    """
    entries = connection.execute("select count(*) from raw.entry").fetchall()[0][0]
    without = "join_filter_pushdown" if entries < _FILTERS_FROM_ENTRIES else ""
    connection.execute(f"set disabled_optimizers = '{without}'")


def touch_everything(connection: duckdb.DuckDBPyConnection) -> None:
    """Let the next derivation be of everything, as after a change of the configuration."""
    connection.execute("insert into touched_key select distinct title_key from raw.entry")
    # of days that it has, the ledger counts papers anew only where a list shows a touched one
    connection.execute("delete from core.feed_day")


def read_neighbourhood(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Return the identities that share a title key with what was touched."""
    connection.execute(read_sql_file("derivations/01_neighbourhood"))
    identities: pl.DataFrame = connection.sql("select * from neighbour").pl()
    return identities


def read_compared_abstracts(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Return (content_key, abstract) where entries of one title have an id and have none, in the
    neighbourhood that was read before.
    """
    abstracts: pl.DataFrame = connection.sql(
        read_sql_file("derivations/01_compared_abstracts")
    ).pl()
    return abstracts


def replace_neighbourhood(
    connection: duckdb.DuckDBPyConnection,
    aliases: pl.DataFrame,
    identifiers: pl.DataFrame,
    edges: pl.DataFrame,
) -> None:
    """Put what was resolved in place of the neighbourhood, and note the papers that it touches:
    the owners before and after.
    """
    connection.execute(read_sql_file("derivations/02_touched_papers"))
    append(connection, "core.paper_alias", aliases)
    append(connection, "core.identifier", identifiers)
    append(connection, "core.match_edge", edges)
    connection.execute(read_sql_file("derivations/03_new_owners"))


def derive_papers(connection: duckdb.DuckDBPyConnection, expired: Sequence[str] = ()) -> None:
    """Derive the tables of paper grain for the touched papers, corrections laid over them.

    ``expired`` are the corrections whose guard, a title, does not hold.
    """
    _run(connection, "derivations", ("10_paper.sql",))
    if connection.execute("select 1 from core.correction limit 1").fetchall():
        guards = pl.DataFrame({"correction_id": expired}, schema={"correction_id": pl.String})
        with registered(connection, expired_guard=guards):
            _run(connection, "derivations", ("15_correction.sql",))
    _run(connection, "derivations", ("20_paper_version.sql",))


def derive_ledger(connection: duckdb.DuckDBPyConnection, calendar: pl.DataFrame) -> None:
    """Derive the ledger from captures, failed looks and the calendar's days."""
    with registered(connection, calendar_day=calendar):
        _run(connection, "derivations", ("25_day_look.sql", "30_feed_day.sql"))


def read_feed_clocks(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Return (feed_id, first_date, last_date, clock_at) per daily list: dates, newest look."""
    clocks: pl.DataFrame = connection.sql(read_sql_file("queries/feed_clocks")).pl()
    return clocks


def read_touched_texts(
    connection: duckdb.DuckDBPyConnection, part_bytes: int
) -> Iterator[pl.DataFrame]:
    """Yield (paper_id, title, abstract) of the touched papers, about so many bytes at a time."""
    connection.execute("set variable part_bytes = ?::bigint", [part_bytes])
    connection.execute(read_sql_file("derivations/35_touched_text"))
    parts = connection.execute("select distinct part from touched_text order by part").fetchall()
    for (part,) in parts:
        texts: pl.DataFrame = connection.sql(
            "select touched.paper_id, touched.title, content.abstract"
            " from touched_text as touched"
            " inner join raw.content as content on content.rowid = touched.row_id"
            " where touched.part = ?",
            params=[part],
        ).pl()
        yield texts


def clear_topics(connection: duckdb.DuckDBPyConnection) -> None:
    """Remove the assignments and terms of the touched papers."""
    for table in ("paper_topic", "paper_topic_evidence", "paper_term"):
        connection.execute(
            f"delete from core.{table} where paper_id in (select paper_id from touched_paper)"
        )


def match_texts(connection: duckdb.DuckDBPyConnection, text_ids: pl.Series) -> pl.DataFrame:
    """Return (text_id, paper_id) of the touched papers that show one of these contents, which are
    described from now on: their texts are read no more.
    """
    with registered(connection, described=text_ids.to_frame("content_id")):
        connection.execute("insert into described_text from described")
        shown: pl.DataFrame = connection.sql(
            "select paper.content_id as text_id, paper.paper_id from core.paper as paper"
            " semi join touched_paper using (paper_id) semi join described using (content_id)"
        ).pl()
    return shown


def append_topics(
    connection: duckdb.DuckDBPyConnection, topics: pl.DataFrame, evidence: pl.DataFrame
) -> None:
    """Add assignments of touched papers."""
    append(connection, "core.paper_topic", topics)
    append(connection, "core.paper_topic_evidence", evidence)


def append_terms(connection: duckdb.DuckDBPyConnection, terms: pl.DataFrame) -> None:
    """Add terms of touched papers that the taxonomy does not know."""
    append(connection, "core.paper_term", terms)


def mark_primary_topics(connection: duckdb.DuckDBPyConnection) -> None:
    """Tell the touched papers their primary topic."""
    connection.execute(
        "update core.paper set primary_topic_id = topic.topic_id from core.paper_topic as topic"
        " where topic.paper_id = paper.paper_id and topic.is_primary"
        " and paper.paper_id in (select paper_id from touched_paper)"
    )


def replace_taxonomy(
    connection: duckdb.DuckDBPyConnection, topics: pl.DataFrame, aliases: pl.DataFrame
) -> None:
    """Make core.topic and core.topic_alias say what the taxonomy says."""
    for table, rows in (("topic", topics), ("topic_alias", aliases)):
        connection.execute(f"delete from core.{table}")
        append(connection, f"core.{table}", rows)


def rebuild_mart(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Rebuild one mart whole, by the name of its file in ``marts/``."""
    connection.execute(read_sql_file(f"marts/{name}"))


def _run(
    connection: duckdb.DuckDBPyConnection, folder: str, names: tuple[str, ...] | None = None
) -> None:
    for name, sql in read_sql(folder):
        if names is None or name in names:
            connection.execute(sql)
