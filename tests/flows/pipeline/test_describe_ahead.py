"""Texts that another process describes while captures are loaded are described as always."""

import sys
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from flows.pipeline import describe_ahead
from tests.flows.captures import DAY, TITLES, Bench, api_body, api_entry
from tests.runs import digests_of, query
from warehouse import derive


@pytest.fixture(autouse=True)
def _without_site(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAPERSTRATA_PUBLISH_SITE", "false")


LONG = "On quiet gradients. " * 4_000
"""An abstract that the other process is not asked about."""


def _with_two_processors(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(describe_ahead, "is_worth_it", lambda: True)
    patch.setattr(describe_ahead, "_WORTH_A_PROCESS", 0)
    patch.setattr(describe_ahead, "_ASKED_AT_ONCE", 400)


def _alone(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(describe_ahead, "is_worth_it", lambda: False)


def _with_one_that_ends(patch: pytest.MonkeyPatch) -> None:
    _with_two_processors(patch)
    patch.setattr(sys, "executable", "/bin/false")


def _load(folder: Path, patch: pytest.MonkeyPatch, as_by: Callable[..., None]) -> dict[str, object]:
    """Load captures in two runs, the second with other texts of the same papers and new ones."""
    folder.mkdir()
    with patch.context() as patched:
        as_by(patched)
        bench = Bench(folder, patched)
        first = [api_entry(number) for number in range(len(TITLES) * 3)]
        first.append(api_entry(1, paper={"id": "2506.09999", "summary": LONG}))
        bench.put(api_body(first))
        bench.put(api_body(first[:9]), f"there/{DAY}/20250621T020000Z.json")
        assert bench.run("ingest", bench.inbox).code == 0
        second = [api_entry(n, paper={"title": f"On Quiet Gradients {n}"}) for n in range(4, 30)]
        bench.put(api_body(second), f"here/{DAY}/20250621T030000Z.json")
        assert bench.run("ingest", bench.inbox).code == 0
    has_ended = "other process ended" in (bench.home / "runs.log").read_text(encoding="utf-8")
    assert has_ended == (as_by is _with_one_that_ends)
    digests: dict[str, object] = dict(digests_of(bench.home))
    for table in ("paper_topic", "paper_topic_evidence", "paper_term"):
        columns = "* exclude (run_id, loaded_at)"
        digests[table] = query(bench.home, f"select {columns} from core.{table} order by all")
        assert digests[table]
    return digests


@pytest.mark.slow
def test_a_load_with_another_process_is_that_of_one_process_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    described: list[int] = []
    match = derive.match_texts

    def matching(connection: object, text_ids: pl.Series) -> pl.DataFrame:
        described.append(len(text_ids))
        return match(connection, text_ids)  # type: ignore[arg-type]

    monkeypatch.setattr(derive, "match_texts", matching)
    alone = _load(tmp_path / "alone", monkeypatch, _alone)
    assert described == []
    assert _load(tmp_path / "both", monkeypatch, _with_two_processors) == alone
    assert sum(described) > len(TITLES) * 3
    assert len(described) > 4
    assert _load(tmp_path / "ends", monkeypatch, _with_one_that_ends) == alone


def test_with_one_thread_no_other_process_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _with_two_processors(monkeypatch)
    monkeypatch.setattr(sys, "executable", "/bin/false")
    monkeypatch.setattr(derive, "match_texts", None)
    bench = Bench(tmp_path, monkeypatch, duckdb_threads=1)
    bench.put(api_body([api_entry()]))
    assert bench.run("ingest", bench.inbox).code == 0
