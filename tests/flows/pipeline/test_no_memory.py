"""A capture for which there was not enough memory is read again by the next run."""

from pathlib import Path
from types import ModuleType
from typing import NoReturn

import polars as pl
import pytest

from flows.pipeline import capture, ingest
from tests.flows.captures import DAY, Bench, api_page, write
from transforms.conform import Conformed, conform

NO_FETCHES = '[[feed]]\nfeed_id = "hf-daily"\ndaily = false\n'


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.setenv("PAPERSTRATA_PUBLISH_SITE", "false")
    bench = Bench(tmp_path, monkeypatch)
    write(bench.overlay / "feeds.toml", NO_FETCHES)
    return bench


def _lack(*given: object, **named: object) -> NoReturn:
    raise MemoryError


def test_a_file_of_the_inbox_is_refused_until_there_is_enough(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = bench.home / "inbox" / "hf-daily" / "here" / DAY
    write(folder / "20250621T010000Z.json", api_page())
    with monkeypatch.context() as patch:
        patch.setattr(capture, "recognise", _lack)
        assert "no_memory: there was not enough memory" in bench.run("daily").err
    assert bench.run("daily", "--json").report["captures"]["loaded"] == 1


def _lack_for_any(accepted: pl.DataFrame) -> Conformed:
    if accepted.height:
        raise MemoryError
    return conform(accepted)


@pytest.mark.parametrize(
    ("room", "step", "lack"), [(capture, "recognise", _lack), (ingest, "conform", _lack_for_any)]
)
def test_a_landed_capture_is_held_until_there_is_enough(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, room: ModuleType, step: str, lack: object
) -> None:
    bench.put(api_page())
    assert bench.ingest().code == 0
    with monkeypatch.context() as patch:
        patch.setattr(room, step, lack)
        assert bench.run("rebuild").code == 1
    [(state, reason)] = bench.rows("select state, reason from raw.capture")
    assert (state, reason.split(":")[0]) == ("held", "no_memory")
    ending = bench.run("ingest", bench.put(api_page(4), f"here/{DAY}/20250621T020000Z.json"))
    assert ending.code == 0
    assert bench.rows("select state from raw.capture") == [("loaded",), ("loaded",)]
