"""The checks of identities that damage of a home does not show, each with its violations."""

import duckdb
import polars as pl
import pytest

from warehouse.checks.integrity.run import check_integrity


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
