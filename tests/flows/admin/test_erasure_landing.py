"""Packs that take the places of others: when they count, and what a killed run leaves."""

from pathlib import Path

import polars as pl
import pytest

from flows.admin.erasure_landing import stage_captures
from tests.warehouse.landings import AT, looks
from warehouse.landing import Landing, remove_leftovers
from warehouse.landing_records import ERASURE


@pytest.fixture
def landing(tmp_path: Path) -> Landing:
    landing = Landing(tmp_path / "landing")
    landing.write("looks", looks("a", "b", body=b"by Zoe"))
    landing.write("looks", looks("c"))
    return landing


def stage(landing: Landing, body: bytes = b"by [erased]") -> tuple[str, pl.DataFrame]:
    """Stage an erasure of what is in ``a``; return the old pack and the record."""
    old = next(name for name, pack in landing.packs("looks") if pack.height == 2)
    new = stage_captures(landing, dict(landing.packs("looks"))[old], {"a": {"body": body}})
    row = dict.fromkeys(ERASURE.names()) | {
        "place": "looks", "capture_id": "a", "erased_at": AT, "pack": old, "replaced_by": new
    }  # fmt: skip
    return old, pl.DataFrame([row], schema=ERASURE)


def bodies(landing: Landing) -> dict[str, bytes]:
    read = landing.read_bodies(landing.captures())
    return dict(read.select("capture_id", "body").iter_rows())


BEFORE = {"a": b"by Zoe", "b": b"by Zoe", "c": b"[]"}
AFTER = {**BEFORE, "a": b"by [erased]"}


def test_a_staged_pack_counts_from_its_record_on(landing: Landing) -> None:
    old, record = stage(landing)
    assert bodies(landing) == BEFORE
    landing.replace(record)
    assert bodies(landing) == AFTER
    assert not (landing.folder / "looks" / f"{old}.parquet").exists()
    assert landing.erasures()["capture_id"].to_list() == ["a"]


def test_a_staged_pack_without_a_record_is_swept_up(landing: Landing) -> None:
    stage(landing)
    remove_leftovers(landing.folder)
    assert bodies(landing) == BEFORE
    assert not list(landing.folder.glob("*/*.staged"))


def test_what_is_on_record_is_ended_by_the_next_run(landing: Landing) -> None:
    old, record = stage(landing)
    landing.write("erasures", record)
    assert bodies(landing) == BEFORE
    remove_leftovers(landing.folder)
    assert bodies(landing) == AFTER
    assert not (landing.folder / "looks" / f"{old}.parquet").exists()


def test_a_replaced_pack_that_comes_back_from_a_backup_is_never_read(landing: Landing) -> None:
    old, record = stage(landing)
    path = landing.folder / "looks" / f"{old}.parquet"
    kept = path.read_bytes()
    landing.replace(record)
    again, later = stage(landing, b"[erased]")
    landing.replace(later)
    path.write_bytes(kept)
    assert bodies(landing) == {**AFTER, "a": b"[erased]"}
    assert not {old, again} & dict(landing.packs("looks")).keys()
    remove_leftovers(landing.folder)
    assert not path.exists()


def test_a_pack_that_would_replace_itself_stays(landing: Landing) -> None:
    old, record = stage(landing, b"by Zoe")
    assert record["replaced_by"].to_list() == [old]
    landing.replace(record)
    assert bodies(landing) == BEFORE


def test_the_old_pack_counts_while_the_new_one_is_missing(landing: Landing) -> None:
    """As in a backup that was taken while names were erased: no look may be lost."""
    old, record = stage(landing)
    landing.write("erasures", record)
    for staged in landing.folder.glob("*/*.staged"):
        staged.unlink()
    remove_leftovers(landing.folder)
    assert bodies(landing) == BEFORE
    assert (landing.folder / "looks" / f"{old}.parquet").exists()
