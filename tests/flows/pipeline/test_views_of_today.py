"""A home made by an earlier version, in a run that finds nothing new."""

from pathlib import Path

import duckdb
import pytest

from tests.flows.captures import Bench, api_page


@pytest.mark.slow
def test_a_run_with_nothing_new_lays_the_views_of_this_version_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Bench(tmp_path, monkeypatch)
    bench.put(api_page())
    assert bench.ingest(bench.inbox).code == 0
    with duckdb.connect(bench.home / "warehouse.duckdb") as earlier:
        earlier.execute("drop view mart.topic_mix")
        earlier.execute("update ops.migration set name = 'views old' where name like 'views %'")
    assert bench.ingest(bench.inbox).code == 0
    published = "select count(*) from ops.publication"
    assert bench.rows("select count(*) from mart.topic_mix") == [(0,)]
    assert bench.rows(published) == [(2,)]
    assert bench.ingest(bench.inbox).code == 0
    assert bench.rows(published) == [(2,)]
