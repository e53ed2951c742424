"""Packs are found damaged or gone, and left out; bodies are held against their hash."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.warehouse.landings import looks
from warehouse.damage import Damage, refuse_loss, set_aside_damage
from warehouse.errors import LossError
from warehouse.journal import Journal
from warehouse.landing import Landing
from warehouse.pack_proof import REMEMBERED, Manifest, Misplaced, PackProblem


class Home:
    """A landing with a manifest, opened anew for every question, as each command does."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "landing"
        self.journal = Journal(folder / "journal")

    def landing(self, *, is_deep: bool = False) -> Landing:
        return Landing(self.folder, Manifest(self.journal), is_deep=is_deep)

    def write(self, *names: str) -> Path:
        pack = self.landing().write("looks", looks(*names))
        assert pack
        return pack

    def set_aside(self, *, is_accepted: bool = False) -> Damage:
        return set_aside_damage(self.landing(), self.journal, is_accepted=is_accepted)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def flip(path: Path, at: int) -> None:
    body = bytearray(path.read_bytes())
    body[at] ^= 1
    path.chmod(0o644)
    path.write_bytes(body)


def positions(size: int) -> Iterator[int]:
    yield from range(0, size, max(1, size // 40))


@pytest.mark.parametrize("folder", ["decisions", "erasures", "failed"])
def test_a_pack_in_the_folder_of_another_kind_is_named_and_the_rest_is_read(
    home: Home, folder: str
) -> None:
    pack, other = home.write("a"), home.write("b")
    home.set_aside()
    place = home.folder / folder / pack.name
    place.parent.mkdir()
    pack.rename(place)
    found = [Misplaced(folder, pack.stem, "looks"), PackProblem("looks", pack.stem, "missing")]
    assert home.landing(is_deep=True).find_problems() == found
    assert home.landing().captures()["pack"].to_list() == [str(other)]
    assert home.landing().decisions().is_empty()
    damage = home.set_aside()
    assert "move it to landing/looks" in damage.warnings[0]
    refuse_loss(damage, is_anew=False)
    assert home.set_aside(is_accepted=True).problems == found[:1]
    place.rename(pack)
    assert home.landing().find_problems() == []
    assert home.landing().captures().height == 2


def test_every_changed_bit_of_a_pack_is_found_and_its_captures_are_left_out(home: Home) -> None:
    bad, good = home.write("a"), home.write("b")
    home.set_aside()
    original = bad.read_bytes()
    for at in positions(len(original)):
        flip(bad, at)
        assert home.landing().find_problems() == [PackProblem("looks", bad.stem, "damaged")]
        assert home.landing().captures()["capture_id"].to_list() == ["b"]
        bad.write_bytes(original)
    assert home.landing().find_problems() == []
    assert good.exists()


@pytest.mark.parametrize("size", [0, 4, 100])
def test_a_pack_that_was_cut_is_named_and_the_others_are_read(home: Home, size: int) -> None:
    bad = home.write("a")
    home.write("b")
    body = bad.read_bytes()
    bad.chmod(0o644)
    bad.write_bytes(body[:size])
    assert home.landing().find_problems() == [PackProblem("looks", bad.stem, "damaged")]
    assert home.landing().captures()["capture_id"].to_list() == ["b"]


def test_a_pack_that_vanished_is_missed(home: Home) -> None:
    gone = home.write("a")
    gone.unlink()
    (problem,) = home.landing().find_problems()
    assert str(problem) == f"landing/looks/{gone.name} is missing"


def test_a_pack_of_a_home_without_a_manifest_is_missed_once_a_run_has_seen_it(home: Home) -> None:
    pack = Landing(home.folder).write("looks", looks("a"))
    assert pack
    home.set_aside()
    pack.unlink()
    assert [problem.fault for problem in home.landing().find_problems()] == ["missing"]


def test_a_pack_that_another_took_the_place_of_is_found_though_size_and_time_are_the_same(
    home: Home,
) -> None:
    pack = home.write("a")
    home.set_aside()
    facts = pack.stat()
    flip(pack, 100)
    os.utime(pack, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    assert [one.fault for one in home.landing().find_problems()] == ["damaged"]


def test_a_pack_that_changed_without_a_trace_is_found_by_a_deep_look(home: Home) -> None:
    pack = home.write("a")
    home.set_aside()
    flip(pack, 100)
    facts, file = pack.stat(), home.folder / REMEMBERED
    seen = [facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns]
    file.write_text(json.dumps({f"looks/{pack.stem}": seen}))
    assert home.landing().find_problems() == []
    assert [one.fault for one in home.landing(is_deep=True).find_problems()] == ["damaged"]


def test_what_is_given_up_is_missed_no_more_and_set_aside(home: Home) -> None:
    bad, gone = home.write("a"), home.write("b")
    flip(bad, 100)
    gone.unlink()
    assert len(home.set_aside().problems) == 2
    assert home.set_aside(is_accepted=True).problems == []
    assert home.landing().find_problems() == []
    assert not bad.exists()
    assert bad.with_suffix(".damaged").exists()


def test_a_pack_that_was_given_up_and_landed_again_counts_again(home: Home) -> None:
    home.write("a").unlink()
    home.set_aside(is_accepted=True)
    home.write("a")
    home.set_aside()
    assert home.landing().captures()["capture_id"].to_list() == ["a"]


def test_a_run_goes_on_without_a_pack_of_captures_but_not_without_decisions() -> None:
    captures = Damage([PackProblem("looks", "1f", "missing")])
    refuse_loss(captures, is_anew=False)
    with pytest.raises(LossError, match=r"landing/looks/1f\.parquet is missing"):
        refuse_loss(captures, is_anew=True)
    with pytest.raises(LossError, match="--accept-loss"):
        refuse_loss(Damage([PackProblem("decisions", "1f", "damaged")]), is_anew=False)


def test_a_body_is_held_against_the_hash_that_its_capture_has(home: Home) -> None:
    landing = home.landing()
    blob = "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945"
    capture = {"capture_id": "a", "blob_id": blob, "body": b"[]"}
    assert landing.is_as_landed(capture)
    assert not landing.is_as_landed(capture | {"body": b"{}"})
