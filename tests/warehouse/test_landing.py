"""The landing: packs that never change, looks that count once, the last decision that holds."""

import os
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from tests.warehouse.landings import AT, decisions, looks
from warehouse.landing import Landing, remove_leftovers
from warehouse.landing_records import CAPTURE, DECISION, ORIGIN, REFUSED


@pytest.fixture
def landing(tmp_path: Path) -> Landing:
    return Landing(tmp_path / "landing")


def test_an_empty_landing_has_all_its_columns_and_makes_no_folder(landing: Landing) -> None:
    assert landing.captures().columns == [*(name for name in CAPTURE if name != "body"), "pack"]
    assert landing.origins().schema == ORIGIN
    assert landing.refused().schema == REFUSED
    assert landing.decisions().schema == DECISION
    assert landing.write("looks", looks()) is None
    assert not landing.folder.exists()


def test_a_pack_is_named_by_its_bytes_and_cannot_be_written(landing: Landing) -> None:
    pack = landing.write("looks", looks("a", "b"))
    assert pack is not None
    assert pack.stat().st_mode & 0o777 == 0o444
    assert [path.name for path in pack.parent.iterdir()] == [pack.name]
    written = pack.read_bytes()
    landing.write("looks", looks("c"))
    assert pack.read_bytes() == written
    assert sorted(landing.captures()["capture_id"]) == ["a", "b", "c"]


def test_the_same_records_are_the_same_pack(landing: Landing) -> None:
    assert landing.write("looks", looks("a")) == landing.write("looks", looks("a"))
    assert landing.captures().height == 1


def test_a_look_that_landed_twice_counts_once_and_always_with_the_same_facts(
    landing: Landing,
) -> None:
    landing.write("looks", looks("a", "b"))
    landing.write("looks", looks("b", "a", "c"))
    landed = landing.captures()
    assert sorted(landed["capture_id"]) == ["a", "b", "c"]
    assert_frame_equal(landed, Landing(landing.folder).captures())


def test_bodies_come_back_to_the_byte(landing: Landing) -> None:
    bodies = {"a": b"[]", "b": "Ünïcode\n".encode(), "c": bytes(range(256)), "d": b"1"}
    for name, body in bodies.items():
        landing.write("looks", looks(name, body=body))
    read = landing.read_bodies(landing.captures())
    assert dict(read.select("capture_id", "body").iter_rows()) == bodies
    only = landing.read_bodies(landing.captures().filter(pl.col("capture_id") == "c"))
    assert only["body"].to_list() == [bodies["c"]]


def test_an_unknown_time_stays_unknown(landing: Landing) -> None:
    landing.write("looks", looks("a").with_columns(captured_at=pl.lit(None, pl.Datetime("us"))))
    assert landing.captures()["captured_at"].to_list() == [None]


def test_half_a_pack_of_a_killed_run_never_counts_and_is_swept_up(landing: Landing) -> None:
    landing.write("looks", looks("a"))
    half = landing.folder / "looks" / f".{os.getpid() + 1}.tmp"
    half.write_bytes(b"PAR1 and no more")
    beside = landing.folder / f"..proved.json.{os.getpid() + 1}.tmp"
    beside.write_bytes(b"{")
    assert landing.captures()["capture_id"].to_list() == ["a"]
    remove_leftovers(landing.folder)
    assert not half.exists()
    assert not beside.exists()
    assert landing.captures()["capture_id"].to_list() == ["a"]


def test_the_last_decision_about_a_capture_holds(landing: Landing) -> None:
    later = AT + timedelta(hours=1)
    landing.write("decisions", decisions(("a", "retract", "no", later), ("b", "hold", "?", AT)))
    landing.write(
        "decisions", decisions(("a", "hold", "wait", AT), ("b", "release", "fine", later))
    )
    in_force = landing.decisions().select("capture_id", "decision", "reason").sort("capture_id")
    assert in_force.rows() == [("a", "retract", "no"), ("b", "release", "fine")]


def test_decisions_of_one_instant_have_one_winner_in_whatever_order(tmp_path: Path) -> None:
    rows = [("a", "hold", "x", AT), ("a", "retract", "y", AT)]
    found = []
    for number, order in enumerate((rows, rows[::-1])):
        landing = Landing(tmp_path / str(number))
        for row in order:
            landing.write("decisions", decisions(row))
        found.append(landing.decisions()["decision"].to_list())
    assert found[0] == found[1] == [["retract"]][0]
