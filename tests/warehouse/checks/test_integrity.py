"""The checks of identities that damage of a home does not show, each with its violations."""

import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import EXAMPLES
from tests.histories import make_history
from tests.runs import ingest_files
from tests.written import write_captures
from warehouse.checks.integrity.hashed import EVIDENCE, KEYS, REFERENCES
from warehouse.checks.integrity.run import check_integrity
from warehouse.migrate import read_sql_file


@pytest.mark.parametrize(
    ("landed", "state"), [(["a", "b"], "passed"), (["a"], "failed"), (["a", "b", "c"], "failed")]
)
def test_every_landed_capture_is_in_the_warehouse_and_no_other(
    landed: list[str], state: str
) -> None:
    with duckdb.connect() as connection:
        connection.execute("create schema raw")
        connection.execute("create table raw.capture as select unnest(['a', 'b']) as capture_id")
        results = check_integrity(connection, pl.DataFrame({"capture_id": landed}))
    told = {result.check_id: result.state for result in results}
    assert told["captures_are_accounted_for"] == state
    assert told["keys_are_unique"] == "broken"


@pytest.fixture(scope="module")
def filled(
    tmp_path_factory: pytest.TempPathFactory, small_config: Path
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse of two days, to plant violations in."""
    folder = tmp_path_factory.mktemp("filled")
    history = make_history(3, days=2, papers=5)
    ingest_files(folder / "home", write_captures(folder / "captures", history))
    published = folder / "home" / "warehouse.duckdb"
    published.chmod(0o644)
    with duckdb.connect(str(published)) as connection:
        yield connection


def _names(check_id: str) -> list[str]:
    """Return what each part of a check calls what it finds."""
    sql = read_sql_file(f"checks/integrity/{check_id}")
    found = re.findall(r"^select (?:\w+, \w+, )?'([^']+)'", sql, re.MULTILINE)
    assert len(found) == sql.count("select ")
    return found


def test_hashes_are_taken_of_all_keys_and_references_that_are_checked() -> None:
    own = "core.paper.paper_id as an alias"
    assert list(KEYS) == _names("keys_are_unique")
    assert [*REFERENCES, own] == _names("references_are_whole")
    assert list(EVIDENCE) == _names("topics_have_evidence")


_PLANTED = {
    **{f"key {table}": f"insert into {table} from {table} limit {{n}}" for table in KEYS},
    **{
        f"reference {name}": f"delete from {there.table} where ({there.values}) in"
        f" (select ({here.values}) from {here.table} where {here.condition} limit {{n}})"
        for name, (here, there) in {**REFERENCES, **EVIDENCE}.items()
    },
    "alias of another": "update core.paper_alias set paper_id = (select max(paper_id) from"
    " core.paper) where alias_id in (select min(paper_id) from core.paper)",
    "other words": "update core.paper set title = 'a' where {n} > 0",
}
"""Statements that make keys stand twice, references lead nowhere, or neither."""
_HARMLESS = "other words"


@pytest.mark.slow
@settings(max_examples=EXAMPLES or 25, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.sampled_from(sorted(_PLANTED)), st.integers(1, 3)), max_size=3))
def test_hashes_find_the_planted_violations_that_the_queries_find(
    filled: duckdb.DuckDBPyConnection, planted: list[tuple[str, int]]
) -> None:
    _hold_against_queries(filled, planted)


@pytest.mark.slow
def test_every_kind_of_violation_is_found_by_hashes(filled: duckdb.DuckDBPyConnection) -> None:
    for kind in _PLANTED:
        failed = _hold_against_queries(filled, [(kind, 1)])
        assert bool(failed) == (kind != _HARMLESS), kind


def _hold_against_queries(
    connection: duckdb.DuckDBPyConnection, planted: list[tuple[str, int]]
) -> set[str]:
    """Plant violations in a warehouse; return the checks that fail, by hashes and by queries."""
    connection.execute("begin")
    try:
        for kind, count in planted:
            connection.execute(_PLANTED[kind].format(n=count))
        landed = connection.sql("select capture_id from raw.capture").pl()
        hashed = check_integrity(connection, landed, by_hash=True)
        asked = check_integrity(connection, landed)
    finally:
        connection.execute("rollback")
    told = [
        {result.check_id: (result.state, result.observed) for result in results}
        for results in (hashed, asked)
    ]
    assert told[0] == told[1]
    assert "broken" not in {result.state for result in asked}
    return {result.check_id for result in asked if result.state != "passed"}
