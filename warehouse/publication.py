"""What a published warehouse holds, as a run needs to know it: read once, then a frozen value."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

import duckdb
import polars as pl

from warehouse.connection import has_table
from warehouse.corrections import find_captures, read_corrections
from warehouse.errors import DamagedError
from warehouse.load import count_failed_fetches, read_newest_failure
from warehouse.migrate import is_up_to_date, read_query

Drop = tuple[str, str | None, str | None, str]
"""A declared drop: paper_id, feed_id, title, reason."""


class ReadAs(NamedTuple):
    """How a capture was read: by which parser, under which rules."""

    parser_version: str
    rules_digest: str


@dataclass(frozen=True)
class Publication:
    """The published warehouse of a home; the default is that there is none."""

    is_there: bool = False
    is_up_to_date: bool = True
    """Whether it has the tables, views and marts of this version."""
    loaded: Mapping[str, ReadAs] = field(default_factory=dict)
    """By capture_id: how each capture, loaded or held, was read; the rules of one that took longer
    than another limit than that of today are empty."""
    decided: frozenset[str] = frozenset()
    """The captures that a person decided about."""
    changed_by_drops: frozenset[str] = frozenset()
    """The captures that drops concern which were declared or withdrawn since."""
    configuration: tuple[str, str] | None = None
    """The digests of the configuration and of the taxonomy that it was derived under."""
    failed_fetches: int = 0
    newest_failure: datetime | None = None
    """When the newest of these was made, naive UTC."""
    papers: int = 0
    oldest_load: datetime | None = None
    """When the oldest of its captures was loaded, naive UTC; null where there is none."""


def read_publication(
    connection: duckdb.DuckDBPyConnection, declared_drops: Collection[Drop], too_slow: str
) -> Publication:
    """Read what a published warehouse holds; ``declared_drops`` are those of today, ``too_slow`` is
    the reason of a capture that takes longer to read than the limit of today. One for which there
    was not enough memory counts as read by other rules, so that it is read again.

    Raises:
        DamagedError: it does not say under which configuration it was derived.
    """
    loaded = connection.execute(
        "select capture_id, parser_version, case when reason like 'no_memory:%'"
        " or reason like 'too_slow:%' and reason <> ? then '' else rules_digest end, decision"
        " from raw.capture",
        [too_slow],
    ).fetchall()
    oldest, papers = connection.execute(
        "select (select min(loaded_at) from raw.capture), (select count(*) from core.paper)"
    ).fetchall()[0]
    failures: tuple[int, datetime | None] = (0, None)
    if has_table(connection, "raw.failed_look"):
        failures = count_failed_fetches(connection), read_newest_failure(connection)
    digests = connection.execute("select config_digest, taxonomy_digest from mart.about").fetchall()
    if not digests:
        raise DamagedError(
            "mart.about of the published file has no row: make it anew with `paperstrata rebuild`"
        )
    return Publication(
        is_there=True,
        is_up_to_date=is_up_to_date(connection),
        loaded={capture_id: ReadAs(parser, rules) for capture_id, parser, rules, _ in loaded},
        decided=frozenset(capture_id for capture_id, *_, decision in loaded if decision),
        changed_by_drops=_changed_by_drops(connection, declared_drops),
        configuration=digests[0],
        failed_fetches=failures[0],
        newest_failure=failures[1],
        papers=papers,
        oldest_load=oldest,
    )


def _changed_by_drops(
    connection: duckdb.DuckDBPyConnection, declared: Collection[Drop]
) -> frozenset[str]:
    before: set[Drop] = set()
    if has_table(connection, "core.correction"):
        known = read_corrections(connection)
        drops = known.filter(known["kind"] == "drop")
        before = set(drops.select("paper_id", "feed_id", "title", "reason").iter_rows())
    changed = {paper_id for paper_id, *_ in before ^ set(declared)}
    return frozenset(find_captures(connection, sorted(changed)) if changed else ())


class Holdings(NamedTuple):
    """What a warehouse file holds: how much, and how new."""

    captures: int
    papers: int
    newest_captured_at: datetime | None


def read_holdings(connection: duckdb.DuckDBPyConnection) -> Holdings:
    """Read what a warehouse file holds."""
    rows = connection.execute(
        "select (select count(*) from raw.capture), (select count(*) from core.paper),"
        " (select max(captured_at) from raw.capture where state = 'loaded')"
    ).fetchall()
    return Holdings(*rows[0])


def read_publication_id(connection: duckdb.DuckDBPyConnection) -> str:
    """Return the id of the newest publication that a file knows, its own; empty if none."""
    rows = connection.execute(
        "select publication_id from ops.publication order by published_at desc limit 1"
    ).fetchall()
    return str(rows[0][0]) if rows else ""


def read_rising(connection: duckdb.DuckDBPyConnection) -> list[dict[str, object]]:
    """Return what a warehouse calls rising: rows of ops.trend_said without their run."""
    said: pl.DataFrame = connection.sql(read_query("said_rising")).pl()
    return list(said.iter_rows(named=True))


def note_new_ids(
    connection: duckdb.DuckDBPyConnection, run_id: str, *, is_whole: bool = True
) -> list[dict[str, str]]:
    """Note the ids that no publication before this run held; return them as records.

    Unless ``is_whole``, the ids of before are noted, and only those that this run wrote are looked
    at.
    """
    new = connection.execute(
        "insert into ops.first_publication"
        " select alias_id, $run_id from core.paper_alias"
        " anti join ops.first_publication using (alias_id)"
        " where run_id = $run_id or $is_whole order by alias_id returning alias_id",
        {"run_id": run_id, "is_whole": is_whole},
    ).fetchall()
    return [{"alias_id": alias_id, "run_id": run_id} for (alias_id,) in new]
