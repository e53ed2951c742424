"""Many small packs become one, and nothing that the landing says changes."""

from pathlib import Path

import polars as pl
import pytest

from tests.warehouse.landings import AT, decisions, looks
from warehouse.compaction import compact_landing
from warehouse.journal import Journal
from warehouse.landing import Landing, remove_leftovers
from warehouse.pack_proof import Manifest

NAMES = "abcdefgh"


@pytest.fixture
def landing(tmp_path: Path) -> Landing:
    landing = Landing(tmp_path / "landing", Manifest(Journal(tmp_path / "journal")))
    for number, name in enumerate(NAMES):
        landing.write("looks", looks(name, body=f"body of {name}".encode()))
        landing.write("decisions", decisions(("a", "hold", f"reason {number}", AT)))
    return landing


def said(landing: Landing) -> tuple[dict[str, bytes], pl.DataFrame]:
    bodies = landing.read_bodies(landing.captures()).select("capture_id", "body")
    return dict(bodies.iter_rows()), landing.decisions()


def packs(landing: Landing, kind: str) -> list[str]:
    return sorted(path.name for path in (landing.folder / kind).iterdir())


def test_many_small_packs_become_one_that_says_the_same(landing: Landing) -> None:
    bodies, decided = said(landing)
    assert compact_landing(landing, AT, most=4) == 2 * len(NAMES)
    assert [len(packs(landing, kind)) for kind in ("looks", "decisions")] == [1, 1]
    assert said(landing)[0] == bodies
    assert said(landing)[1].equals(decided)
    assert landing.find_problems() == []
    assert compact_landing(landing, AT, most=4) == 0


def test_few_packs_and_large_ones_stay(landing: Landing) -> None:
    before = packs(landing, "looks")
    assert compact_landing(landing, AT, most=len(NAMES)) == 0
    assert compact_landing(landing, AT, most=4, large=1) == 0
    assert packs(landing, "looks") == before


def test_a_new_pack_is_not_made_much_larger_than_the_bound(landing: Landing) -> None:
    compact_landing(landing, AT, most=4, large=100)
    assert len(packs(landing, "looks")) > 1
    assert set(landing.captures()["capture_id"]) == set(NAMES)


def test_bodies_that_take_little_in_a_file_are_bounded_by_what_they_take_in_memory(
    tmp_path: Path,
) -> None:
    landing = Landing(tmp_path / "landing")
    for name in NAMES:
        landing.write("looks", looks(name, body=name.encode() + b" " * 10_000))
    assert compact_landing(landing, AT, most=4, large=25_000) == len(NAMES)
    assert len(packs(landing, "looks")) == 3


@pytest.mark.parametrize("step", ["stage", "write", "flush"])
def test_a_kill_at_any_step_loses_nothing_and_the_next_run_ends_it(
    landing: Landing, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bodies, _ = said(landing)
    with monkeypatch.context() as patch:
        real = getattr(Landing, step)

        def killed(self: Landing, *arguments: object) -> None:
            if step != "flush":
                real(self, *arguments)
            raise KeyboardInterrupt

        patch.setattr(Landing, step, killed)
        with pytest.raises(KeyboardInterrupt):
            compact_landing(landing, AT, most=4)
    assert said(Landing(landing.folder))[0] == bodies
    remove_leftovers(landing.folder)
    assert said(Landing(landing.folder))[0] == bodies
    compact_landing(landing, AT, most=4)
    assert len(packs(landing, "looks")) == 1
    assert said(Landing(landing.folder))[0] == bodies


def test_a_compacted_pack_that_comes_back_from_a_backup_is_not_read_twice(
    landing: Landing,
) -> None:
    old = landing.find_packs("looks")[0]
    kept = old.read_bytes()
    compact_landing(landing, AT, most=4)
    old.write_bytes(kept)
    assert landing.captures().height == len(NAMES)
    remove_leftovers(landing.folder)
    assert not old.exists()


def test_a_lost_compacted_pack_is_named_once(landing: Landing) -> None:
    compact_landing(landing, AT, most=4)
    (pack,) = landing.find_packs("looks")
    pack.unlink()
    assert [(one.pack, one.fault) for one in landing.find_problems()] == [(pack.stem, "missing")]
